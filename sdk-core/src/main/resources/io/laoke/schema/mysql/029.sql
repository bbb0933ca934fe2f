-- What customers answered to what they were told, once for each contact. kind ASKED until they have said
-- more. source: by which way. from_ms and to_ms: a slot; on_day: until when, or since when.
CREATE TABLE IF NOT EXISTS {reminder_answer} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  contact_id BIGINT NOT NULL,
  task_id BIGINT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  source VARCHAR(12) NOT NULL,
  from_ms BIGINT,
  to_ms BIGINT,
  on_day DATE,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, contact_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_answer_by_task ON {reminder_answer} (dealer_id, task_id, id);
-- One-time subscriptions that somebody has agreed to, each good for one message. asked: a keyed hash of
-- the question, so that the same answer told twice is one. used_ms is business time; used_by: the contact.
CREATE TABLE IF NOT EXISTS {subscription_grant} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(64) NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  template_id VARCHAR(128) NOT NULL,
  scene INT NOT NULL,
  asked VARCHAR(64) NOT NULL,
  granted_ms BIGINT NOT NULL,
  used_ms BIGINT,
  used_by BIGINT,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, asked)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}subscription_grant_of ON {subscription_grant} (dealer_id, recipient, id);
-- The code by which somebody proves that a phone is theirs: recipient asked for it last. member_id: whose
-- the phone is; NULL if nobody's, and nothing was sent. code_hash is keyed; times are machine time.
CREATE TABLE IF NOT EXISTS {phone_code} (
  dealer_id INT NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(64) NOT NULL,
  code_hash VARCHAR(64) NOT NULL,
  member_id BIGINT,
  tries INT NOT NULL,
  sent_ms BIGINT NOT NULL,
  until_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, recipient)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}phone_code_old ON {phone_code} (dealer_id, until_ms);
