-- Plans: who gets which content.
-- body: the newest version, whose hash is approved. turn_token: who decides its members just now, until
-- turn_until_ms of machine time. allocated_ms: as of when it was decided; only then its members count.
CREATE TABLE IF NOT EXISTS {plan} (
  dealer_id INT NOT NULL,
  plan_key VARCHAR(128) NOT NULL,
  id BIGINT NOT NULL,
  version INT NOT NULL,
  body CLOB NOT NULL,
  hash VARCHAR(43) NOT NULL,
  state VARCHAR(16) NOT NULL,
  changed_ms BIGINT NOT NULL,
  changed_by VARCHAR(128) NOT NULL,
  submitted_by VARCHAR(128),
  allocated_ms BIGINT,
  turn_token VARCHAR(36),
  turn_until_ms BIGINT,
  PRIMARY KEY (dealer_id, plan_key)
);
-- What was done with a plan; never changed.
CREATE TABLE IF NOT EXISTS {plan_event} (
  dealer_id INT NOT NULL,
  plan_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  version INT NOT NULL,
  hash VARCHAR(43) NOT NULL,
  action VARCHAR(16) NOT NULL,
  actor VARCHAR(128) NOT NULL,
  note VARCHAR(400) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, plan_id, id)
);
-- What a plan decided about a member. rule_no: the place of the first rule it is in, matched: a bit for
-- each. result CHOSEN, HELD_OUT, STOPPED; reason: the code why nothing is sent, or empty.
CREATE TABLE IF NOT EXISTS {plan_member} (
  dealer_id INT NOT NULL,
  plan_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  rule_no INT NOT NULL,
  matched INT NOT NULL,
  result VARCHAR(12) NOT NULL,
  reason VARCHAR(32) NOT NULL,
  PRIMARY KEY (dealer_id, plan_id, member_id)
);
-- How many mass messages of a month (202611) a follower has got, or may have got.
CREATE TABLE IF NOT EXISTS {push_quota} (
  dealer_id INT NOT NULL,
  account VARCHAR(128) NOT NULL,
  month_no INT NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  used INT NOT NULL,
  PRIMARY KEY (dealer_id, account, month_no, openid_hash)
);
-- Sends to all from WeChat's own console, as staff note them.
CREATE TABLE IF NOT EXISTS {push_console} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(128) NOT NULL,
  month_no INT NOT NULL,
  sent_day DATE NOT NULL,
  noted_by VARCHAR(128) NOT NULL,
  note VARCHAR(400) NOT NULL,
  noted_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}push_console_month ON {push_console} (dealer_id, account, month_no);
