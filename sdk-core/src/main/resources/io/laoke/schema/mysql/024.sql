-- Service reminders. Days are of the dealer's zone.
-- A rule as it is now; reminder_rule_version has all versions, with no body where it was retired.
CREATE TABLE IF NOT EXISTS {reminder_rule} (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  version INT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {reminder_rule_version} (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  version INT NOT NULL,
  body MEDIUMTEXT,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, code, version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- What follows a changed rule. Steps, from first_step on: 0 looks through the orders of the category
-- for units without a reminder, 1 through the reminders; after_id is how far it is. next_ms is machine
-- time: when it goes on, or until when whoever works at it has it; NULL once it is over.
CREATE TABLE IF NOT EXISTS {reminder_change} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  code VARCHAR(64) NOT NULL,
  version INT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  category VARCHAR(200) NOT NULL,
  first_step INT NOT NULL,
  step INT NOT NULL,
  after_id BIGINT NOT NULL,
  passes INT NOT NULL,
  next_ms BIGINT,
  moved BIGINT NOT NULL,
  vanished BIGINT NOT NULL,
  appeared BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  done_ms BIGINT,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_change_due ON {reminder_change} (dealer_id, next_ms);
-- Orders that have changed since their units were planned, each change by itself, so that nobody who
-- writes an order waits for who plans.
CREATE TABLE IF NOT EXISTS {reminder_todo} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_todo_by_order ON {reminder_todo} (dealer_id, order_id);
-- The next service of a kind of a living unit under a rule: what is known of the unit, and what
-- comes of it. done: of this kind. closed and skipped: see UnitDays. party: whom it concerns, as
-- M:member, else H:hash of the household, P:place, O:order. state PLANNED, or why there is no date.
-- not_before: when whoever plans has put what was overdue from the start. contact_day is set where
-- it is PLANNED alone, so that the index begins with what is due.
CREATE TABLE IF NOT EXISTS {reminder} (
  dealer_id INT NOT NULL,
  unit_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  order_id BIGINT NOT NULL,
  category VARCHAR(200) NOT NULL,
  model VARCHAR(100),
  brand VARCHAR(100),
  party VARCHAR(64) NOT NULL,
  member_id BIGINT,
  place_id BIGINT,
  store_code VARCHAR(64),
  delivered DATE,
  installed DATE,
  completed DATE,
  serviced DATE,
  done DATE,
  closed INT NOT NULL,
  skipped DATE,
  rule_code VARCHAR(64) NOT NULL,
  rule_version INT NOT NULL,
  state VARCHAR(12) NOT NULL,
  due DATE,
  basis VARCHAR(12),
  from_day DATE,
  assumed BOOLEAN NOT NULL,
  not_before DATE,
  contact_day DATE,
  PRIMARY KEY (dealer_id, unit_id, kind)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_planned ON {reminder} (dealer_id, contact_day, unit_id);
-- What is done about services that came due together for a party. open_party is the party as long
-- as more may join: nobody has taken it up.
CREATE TABLE IF NOT EXISTS {reminder_task} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  open_party VARCHAR(64),
  member_id BIGINT,
  place_id BIGINT,
  store_code VARCHAR(64),
  state VARCHAR(12) NOT NULL,
  due DATE NOT NULL,
  opened DATE NOT NULL,
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, open_party)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- The dates that came due, each once: whatever else goes wrong, nobody is reminded of one twice.
-- opened: the day on which it did. over_day: the next date is after it. since_day: the last service
-- of the kind that was known then. state OPEN, DONE by a later service, or GONE with its unit.
CREATE TABLE IF NOT EXISTS {reminder_item} (
  dealer_id INT NOT NULL,
  unit_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  due DATE NOT NULL,
  task_id BIGINT NOT NULL,
  opened DATE NOT NULL,
  over_day DATE NOT NULL,
  since_day DATE,
  rule_code VARCHAR(64) NOT NULL,
  rule_version INT NOT NULL,
  state VARCHAR(12) NOT NULL,
  PRIMARY KEY (dealer_id, unit_id, kind, due)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_item_by_task ON {reminder_item} (dealer_id, task_id);
-- What happened to tasks after they were opened; never changed.
CREATE TABLE IF NOT EXISTS {reminder_audit} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  task_id BIGINT NOT NULL,
  action VARCHAR(24) NOT NULL,
  actor VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_audit_by_task ON {reminder_audit} (dealer_id, task_id, id);
-- How far a store's days are filled with what was overdue from the start.
CREATE TABLE IF NOT EXISTS {reminder_filled} (
  dealer_id INT NOT NULL,
  store_code VARCHAR(64) NOT NULL,
  fill_day DATE NOT NULL,
  taken INT NOT NULL,
  PRIMARY KEY (dealer_id, store_code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
