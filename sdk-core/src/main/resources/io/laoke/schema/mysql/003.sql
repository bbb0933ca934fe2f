-- Accounts and who owns them, what is to be sent and what was decided, what came in.
CREATE TABLE IF NOT EXISTS {account} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account),
  UNIQUE (account)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Pauses in force; a pause that ended is taken away. Times are machine time.
CREATE TABLE IF NOT EXISTS {pause} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(64) NOT NULL,
  scope VARCHAR(16) NOT NULL,
  reference VARCHAR(128) NOT NULL,
  since_ms BIGINT NOT NULL,
  until_ms BIGINT,
  reason_code VARCHAR(64) NOT NULL,
  reason_text VARCHAR(1000) NOT NULL,
  advice VARCHAR(1000) NOT NULL,
  advice_zh VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, account, scope, reference)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Orders whose message did not satisfy its template; three within a day pause the template.
CREATE TABLE IF NOT EXISTS {template_misfit} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  template_id VARCHAR(128) NOT NULL,
  order_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, template_id, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- The recipient is a keyed hash; due_ms and valid_until_ms are business time, all others machine
-- time. The key of the queue is (order_id, recipient): the hash differs between accounts. wanted is 1
-- once a person has asked for the message.
CREATE TABLE IF NOT EXISTS {outbox} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  account VARCHAR(64) NOT NULL,
  purpose SMALLINT NOT NULL,
  due_ms BIGINT NOT NULL,
  valid_until_ms BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  seq BIGINT NOT NULL,
  cause_kind VARCHAR(32) NOT NULL,
  cause_id BIGINT NOT NULL,
  channel VARCHAR(32) NOT NULL,
  template_id VARCHAR(128) NOT NULL,
  dedupe_id VARCHAR(32) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  retry_ms BIGINT NOT NULL,
  claim_token VARCHAR(40),
  lease_until_ms BIGINT,
  claims INT NOT NULL,
  attempts INT NOT NULL,
  first_attempt_ms BIGINT,
  uncertain SMALLINT NOT NULL,
  wanted SMALLINT NOT NULL,
  pause_id BIGINT,
  provider_id VARCHAR(64),
  created_ms BIGINT NOT NULL,
  ended_ms BIGINT,
  PRIMARY KEY (dealer_id, id),
  KEY {#}outbox_by_turn (dealer_id, state, account, purpose, due_ms, id),
  KEY {#}outbox_by_key (dealer_id, order_id, recipient, seq),
  KEY {#}outbox_by_provider (dealer_id, provider_id),
  KEY {#}outbox_by_recipient (dealer_id, recipient)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {decision} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  cause_kind VARCHAR(32) NOT NULL,
  cause_id BIGINT NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  channel VARCHAR(32) NOT NULL,
  account VARCHAR(64) NOT NULL,
  purpose SMALLINT NOT NULL,
  order_id BIGINT NOT NULL,
  order_no VARCHAR(128) NOT NULL,
  seq BIGINT NOT NULL,
  has_message SMALLINT NOT NULL,
  result VARCHAR(10) NOT NULL,
  reason_code VARCHAR(64),
  reason_text VARCHAR(1000),
  advice VARCHAR(1000),
  advice_zh VARCHAR(1000),
  fitted MEDIUMTEXT,
  delivery VARCHAR(10),
  at_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, cause_kind, cause_id, recipient, channel),
  KEY {#}decision_by_order (dealer_id, order_no, seq, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- What the platform reported about accepted messages; open until joined or given up.
CREATE TABLE IF NOT EXISTS {delivery_report} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  provider_id VARCHAR(64) NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  delivery VARCHAR(10) NOT NULL,
  detail VARCHAR(400) NOT NULL,
  outbox_id BIGINT,
  open_until_ms BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, provider_id),
  KEY {#}delivery_report_open (dealer_id, open_until_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Facts from outside by the keyed hash of their key; fact and reply are sealed.
CREATE TABLE IF NOT EXISTS {callback_inbox} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  key_hash VARCHAR(64) NOT NULL,
  id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  fact MEDIUMTEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  reply MEDIUMTEXT,
  tries INT NOT NULL,
  retry_ms BIGINT NOT NULL,
  error VARCHAR(400) NOT NULL,
  received_ms BIGINT NOT NULL,
  done_ms BIGINT,
  PRIMARY KEY (dealer_id, account, key_hash),
  KEY {#}callback_inbox_by_state (dealer_id, state, retry_ms, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
