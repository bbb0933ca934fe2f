CREATE TABLE IF NOT EXISTS laoke_schema_version (
  version INT NOT NULL,
  step INT NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  applied_ms BIGINT NOT NULL,
  holder VARCHAR(64),
  lease_until_ms BIGINT,
  PRIMARY KEY (version, step)
);

CREATE TABLE IF NOT EXISTS laoke_dealer (
  id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  zone VARCHAR(64) NOT NULL,
  settings MEDIUMTEXT NOT NULL,
  hash_key VARCHAR(1000) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 1, 'ce1bb71f86068cfb01fb97f4ec6f7dee4a63018369d706aa07557ad06745c838', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_node (
  node_no INT NOT NULL,
  holder VARCHAR(64),
  lease_until_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  PRIMARY KEY (node_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 2, '53df1d8637a4d105ca81e80603eac8fe3e61074977f1494818f96dd433a0793c', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_work_due (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  due_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  KEY laoke_work_due_by_time (due_ms, dealer_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 3, '10e8a1eb22044def6a69fccc3115486d3a50e460ae30b8a3f860706512a1c182', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_category (
  dealer_id INT NOT NULL,
  path VARCHAR(200) NOT NULL,
  name VARCHAR(100) NOT NULL,
  serviceable BOOLEAN,
  PRIMARY KEY (dealer_id, path)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 1, '3e0398554d6cb14bd5e89da29a860ce639f435f50447da39e1bd44ef7a918361', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_category_code (
  dealer_id INT NOT NULL,
  code VARCHAR(200) NOT NULL,
  path VARCHAR(200) NOT NULL,
  PRIMARY KEY (dealer_id, code),
  KEY laoke_category_code_by_path (dealer_id, path)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 2, 'f68e32d2b37edf3d4485afc0c67c6782b934bb09d786d142d8a3a33469248c51', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_store (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(100) NOT NULL,
  region VARCHAR(200),
  account VARCHAR(64),
  PRIMARY KEY (dealer_id, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 3, '5d4776e891942fb6e2eb5d99b192d3a546cb07cbd7da9e5cad4a5679c2835a97', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_staff (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  role VARCHAR(32),
  phone VARCHAR(1000),
  store VARCHAR(64),
  active BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 4, '525e3af3bf527a033a8397eb7cfac0f0a6701497de2e31c9371620c5d34e073f', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_staff_openid (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  openid VARCHAR(1000) NOT NULL,
  staff VARCHAR(64) NOT NULL,
  PRIMARY KEY (dealer_id, account, openid_hash),
  KEY laoke_staff_openid_by_staff (dealer_id, staff)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 5, 'dbeef9b6b6667cfd47fb5e5b499b5018f59047018b4cdf39a8563a13f9bfa3c0', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_own_phone (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(43) NOT NULL,
  origin VARCHAR(16) NOT NULL,
  code VARCHAR(64) NOT NULL,
  phone VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash, origin, code),
  KEY laoke_own_phone_by_origin (dealer_id, origin, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 6, '6c8051eed265fec295662530311732591d2efe67bae878764bc7b2e7af8e7173', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 6);
CREATE TABLE IF NOT EXISTS laoke_account (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account),
  UNIQUE (account)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 1, 'a51254caaf3d68507bfe77c4072d8a24df0fbf53a1371765f0069dc1583dec9a', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_pause (
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
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 2, '0c9305df29d5d9e1552e72fca32b20753ef1e09bf629001127fde3fd0cfebc54', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_template_misfit (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  template_id VARCHAR(128) NOT NULL,
  order_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, template_id, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 3, '4df4955f8a927875a7ad3f3994e2ffef095eb47d94f48277351d3edbd5298d30', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_outbox (
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
  KEY laoke_outbox_by_turn (dealer_id, state, account, purpose, due_ms, id),
  KEY laoke_outbox_by_key (dealer_id, order_id, recipient, seq),
  KEY laoke_outbox_by_provider (dealer_id, provider_id),
  KEY laoke_outbox_by_recipient (dealer_id, recipient)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 4, '5a0710d681e3de361ce122fb26fe648ea68a17777e449b80ca21852a8105ad04', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_decision (
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
  KEY laoke_decision_by_order (dealer_id, order_no, seq, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 5, '4bb2185d0a3d375057130b45f6e58a660822690c57ed5c7e652442716bcb25c9', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_delivery_report (
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
  KEY laoke_delivery_report_open (dealer_id, open_until_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 6, 'bc62cfd59da6adbfa2b6c90861dd0c3103d8c1d6bd7c3b9c4b287b4d9115cfcb', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 6);
CREATE TABLE IF NOT EXISTS laoke_callback_inbox (
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
  KEY laoke_callback_inbox_by_state (dealer_id, state, retry_ms, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 7, '3e92ebe02749b6704828e487754827383ab825e48e50f9f6c097984ac98a91c0', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 7);
CREATE TABLE IF NOT EXISTS laoke_member (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  source VARCHAR(32) NOT NULL,
  numbered BOOLEAN NOT NULL,
  name VARCHAR(1000),
  gender VARCHAR(8),
  birthday DATE,
  region VARCHAR(200),
  random31 INT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 1, 'a8a11603bab645958695877cc69298613c5bf2f46058e2f9ae2521e4e1cd61c5', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_identity (
  dealer_id INT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  account VARCHAR(64) NOT NULL,
  value_hash VARCHAR(43) NOT NULL,
  value_sealed VARCHAR(1000),
  member_id BIGINT,
  status VARCHAR(16) NOT NULL,
  proven BOOLEAN NOT NULL,
  names VARCHAR(100),
  follows BOOLEAN,
  follow_at_ms BIGINT,
  first_seen_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, kind, account, value_hash),
  KEY laoke_identity_by_member (dealer_id, member_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 2, '2af82be14777d2409a433d4de945e3d80635fa584c814d098a417104bf48e4fa', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_member_duplicate (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  one_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  why VARCHAR(32) NOT NULL,
  noted_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, one_id, other_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 3, 'd7784ef6b8553eb6dc5c96cc8672a3d57d1c536135c9970b0fd8c5dab63dd1f1', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_place (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  place_hash VARCHAR(43) NOT NULL,
  household_hash VARCHAR(43),
  region VARCHAR(200),
  street VARCHAR(1000),
  contact VARCHAR(1000),
  phone VARCHAR(1000),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, place_hash),
  KEY laoke_place_by_household (dealer_id, household_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 1, '2c12a45e6fbfcb31f7685e2f7044924ed9025ec54cf922ff8d95b52fbbabb116', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_customer_order (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_no VARCHAR(64) NOT NULL,
  ordered_ms BIGINT,
  member_id BIGINT,
  assigned BOOLEAN NOT NULL,
  buyer_customer_no VARCHAR(1000),
  buyer_name VARCHAR(1000),
  buyer_phone VARCHAR(1000),
  place_id BIGINT,
  store_code VARCHAR(64),
  salesperson VARCHAR(64),
  sales_channel VARCHAR(64),
  stage VARCHAR(10) NOT NULL,
  stage_text VARCHAR(200),
  stage_at_ms BIGINT,
  stage_seq INT NOT NULL,
  message_seq BIGINT NOT NULL,
  with_numbers BOOLEAN NOT NULL,
  with_units BOOLEAN NOT NULL,
  with_returns BOOLEAN NOT NULL,
  content_hash VARCHAR(43),
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_no),
  KEY laoke_customer_order_by_time (dealer_id, ordered_ms, id),
  KEY laoke_customer_order_by_member (dealer_id, member_id, ordered_ms, id),
  KEY laoke_customer_order_by_store (dealer_id, store_code, ordered_ms, id),
  KEY laoke_customer_order_by_stage (dealer_id, stage, ordered_ms, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 2, '44153aa650a6fa10279acc69dbdcabdf436a7ca580cf587b853d69ace6cd6112', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_order_number (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  system_name VARCHAR(32) NOT NULL,
  external_no VARCHAR(64) NOT NULL,
  PRIMARY KEY (dealer_id, order_id, system_name),
  KEY laoke_order_number_by_number (dealer_id, system_name, external_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 3, '68a8037cca240170e9cbdf69cb64a95611e900118ff93fc046dc4f660e92da7a', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_order_line (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  line_index INT NOT NULL,
  kind VARCHAR(8) NOT NULL,
  category_code VARCHAR(200) NOT NULL,
  category VARCHAR(200) NOT NULL,
  name VARCHAR(200),
  model VARCHAR(100),
  brand VARCHAR(100),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  counted_quantity DECIMAL(20, 3) NOT NULL,
  counted_fen BIGINT NOT NULL,
  member_id BIGINT,
  ordered_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, line_no),
  KEY laoke_order_line_by_member (dealer_id, member_id, category, ordered_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 4, '2a91dc01a726269b1981e3f234a7bb1ff9379cbd75e5dd9873bde5eaf42f83e4', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_order_unit (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  unit_no INT NOT NULL,
  sold_serial VARCHAR(64),
  serial VARCHAR(64),
  stage VARCHAR(10) NOT NULL,
  present BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, line_no, unit_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 5, '63d1d417ec0e88e837e593aa6b917886ad71d1822f15788dae99e06af6b71560', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_order_stage (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  document VARCHAR(64) NOT NULL,
  scope_hash VARCHAR(43) NOT NULL,
  scope MEDIUMTEXT NOT NULL,
  at_ms BIGINT,
  stage_text VARCHAR(200),
  details MEDIUMTEXT NOT NULL,
  revision INT NOT NULL,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, stage, document, scope_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 6, '16d630e1bf51e8dda6ea3e5b4ba19636173402e8f3158f73619f5d61aee0e79d', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 6);
CREATE TABLE IF NOT EXISTS laoke_order_assignment (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  member_id BIGINT,
  how VARCHAR(8) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 7, '2f68f07184faf0bac6e6947b992b8415702226772450407f047b576676345207', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 7);
CREATE TABLE IF NOT EXISTS laoke_return_note (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  note_no VARCHAR(64) NOT NULL,
  returned_ms BIGINT NOT NULL,
  order_id BIGINT,
  member_id BIGINT,
  customer_no VARCHAR(1000),
  content_hash VARCHAR(43) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, note_no),
  KEY laoke_return_note_by_order (dealer_id, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 8, '3a5a9e30c6572695435a4df3526de98179665dbd86fa96211202f057badbc8ed', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 8);
CREATE TABLE IF NOT EXISTS laoke_return_line (
  dealer_id INT NOT NULL,
  note_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  line_index INT NOT NULL,
  order_id BIGINT,
  order_line_no VARCHAR(32),
  category_code VARCHAR(200) NOT NULL,
  category VARCHAR(200) NOT NULL,
  model VARCHAR(100),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  returned_ms BIGINT NOT NULL,
  note_member_id BIGINT,
  netted_line VARCHAR(32),
  member_id BIGINT,
  PRIMARY KEY (dealer_id, note_id, line_no),
  KEY laoke_return_line_by_order (dealer_id, order_id),
  KEY laoke_return_line_by_member (dealer_id, member_id, category, returned_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 9, 'b2b869c146766d4a4a49dccd57565602458610a4669de6d394fe82e7479b7e25', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 9);
CREATE TABLE IF NOT EXISTS laoke_member_category (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  path VARCHAR(200) NOT NULL,
  month_no INT NOT NULL,
  orders BIGINT NOT NULL,
  quantity DECIMAL(20, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  first_ms BIGINT,
  last_ms BIGINT,
  PRIMARY KEY (dealer_id, member_id, path, month_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 10, 'b9ee234fb3fa2dfc5ba5aa483dd18f438a4d841d949bd794b86055b6d158ebc7', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 10);
CREATE TABLE IF NOT EXISTS laoke_ticket (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  live_order_id BIGINT,
  account VARCHAR(64) NOT NULL,
  scene VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  issued_ms BIGINT NOT NULL,
  issued_by VARCHAR(64),
  expires_ms BIGINT NOT NULL,
  claimed_ms BIGINT,
  ended_ms BIGINT,
  ended_by VARCHAR(64),
  ended_reason VARCHAR(200),
  code_content VARCHAR(512),
  code_until_ms BIGINT,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, live_order_id),
  UNIQUE (dealer_id, scene),
  KEY laoke_ticket_by_order (dealer_id, order_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 1, '95cc14fdeaa45188f3ee6183faf14652a464073ea0fb38162a636ab4e2233379', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_recipient (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  account VARCHAR(64) NOT NULL,
  openid_hash VARCHAR(64) NOT NULL,
  id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  source VARCHAR(16) NOT NULL,
  joined_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  introduced INT NOT NULL,
  given_member_id BIGINT,
  joined_member_id BIGINT,
  told_id BIGINT,
  told_revision INT,
  PRIMARY KEY (dealer_id, order_id, account, openid_hash),
  UNIQUE (dealer_id, id),
  KEY laoke_recipient_by_openid (dealer_id, account, openid_hash, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 2, '09c918f730f33c54d3c14e087794b9867de4f757f5b58112a35f1abec8a48384', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_binding_audit (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  action VARCHAR(16) NOT NULL,
  ticket_id BIGINT,
  recipient_id BIGINT,
  actor VARCHAR(64),
  reason VARCHAR(200),
  PRIMARY KEY (dealer_id, order_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 3, '36079e4eb3849962f0e138528bdb59093fb72f9425327513ced1d3da06a4a873', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_template (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  stage VARCHAR(16) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, stage)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 7, 1, 'a126ebee6a82f19dbf71edfbe28177cffe247754be7467c2d3284c5db990bf82', TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 7 AND step = 1);
