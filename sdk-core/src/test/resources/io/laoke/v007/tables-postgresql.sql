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
  code VARCHAR(64) COLLATE "C" NOT NULL,
  zone VARCHAR(64) NOT NULL,
  settings TEXT NOT NULL,
  hash_key VARCHAR(1000) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 1, '63ec65b304eaa902db69b8ffe05b349df5249fbe375d1a7154fd497dd68a2ed5', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_node (
  node_no INT NOT NULL,
  holder VARCHAR(64),
  lease_until_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  PRIMARY KEY (node_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 2, '57b98e5e9770a4d698453261e107ac2e9a851c18c9ccc5381725038dc1acea78', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_work_due (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  due_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 3, '0fe4b34a7bb1ec595118c913a10862164b0813ada9046f9047530a39054f80df', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 3);
CREATE INDEX IF NOT EXISTS laoke_work_due_by_time ON laoke_work_due (due_ms, dealer_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 4, '53298eb3d43804614f6390158cd5133d4782c0f18896e6e8c26cf8cabe5a709a', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_category (
  dealer_id INT NOT NULL,
  path VARCHAR(200) COLLATE "C" NOT NULL,
  name VARCHAR(100) NOT NULL,
  serviceable BOOLEAN,
  PRIMARY KEY (dealer_id, path)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 1, 'fd0be0f3c49f732c4e021eda320cb622ad5eed06aa5b79d813da5770ef8cdc13', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_category_code (
  dealer_id INT NOT NULL,
  code VARCHAR(200) COLLATE "C" NOT NULL,
  path VARCHAR(200) COLLATE "C" NOT NULL,
  PRIMARY KEY (dealer_id, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 2, '958a96f292009500adfdeaf4f02cc6438b033f0aff4ad5b4dbac5e6109a0ba5c', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 2);
CREATE INDEX IF NOT EXISTS laoke_category_code_by_path ON laoke_category_code (dealer_id, path);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 3, '303c9eb01b8d633bdccd3d3ff287017c14c1047c73949d40392416a2bcbe70b2', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_store (
  dealer_id INT NOT NULL,
  code VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(100) NOT NULL,
  region VARCHAR(200) COLLATE "C",
  account VARCHAR(64) COLLATE "C",
  PRIMARY KEY (dealer_id, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 4, '2a112e6cbdc4332e0a279d266bae510db197ae7cfe71a2a6eb9e3f9c4b2ca201', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_staff (
  dealer_id INT NOT NULL,
  code VARCHAR(64) COLLATE "C" NOT NULL,
  name VARCHAR(1000) NOT NULL,
  role VARCHAR(32),
  phone VARCHAR(1000),
  store VARCHAR(64) COLLATE "C",
  active BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 5, 'bebdc091d8f2043af6566346c7545530523bd2da1efec78bd742344c8333c8c9', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_staff_openid (
  dealer_id INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  openid_hash VARCHAR(43) COLLATE "C" NOT NULL,
  openid VARCHAR(1000) NOT NULL,
  staff VARCHAR(64) COLLATE "C" NOT NULL,
  PRIMARY KEY (dealer_id, account, openid_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 6, 'a2ac1cdecc053d68ff8fd84493bdd0438d1049511efc11ab86da7eb4ce0b8cc9', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 6);
CREATE INDEX IF NOT EXISTS laoke_staff_openid_by_staff ON laoke_staff_openid (dealer_id, staff);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 7, '5efd42d611475c25168e6f8517a998ebd71adf7ab59dd26bf76181767f60942e', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 7);
CREATE TABLE IF NOT EXISTS laoke_own_phone (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(43) COLLATE "C" NOT NULL,
  origin VARCHAR(16) COLLATE "C" NOT NULL,
  code VARCHAR(64) COLLATE "C" NOT NULL,
  phone VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash, origin, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 8, '692022d289ee04a1d91c5fe8bd6099ee84b8a39831b7e1e9588215c6c5bf554f', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 8);
CREATE INDEX IF NOT EXISTS laoke_own_phone_by_origin ON laoke_own_phone (dealer_id, origin, code);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 9, 'ebf59f2d2a548062d1102e2b5911c868d56d17cf966565315177fe71d4c2e805', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 9);
CREATE TABLE IF NOT EXISTS laoke_account (
  dealer_id INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account),
  UNIQUE (account)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 1, 'aea0b5fec8337e7e304bfa21b32275792a7abe4762058807e5869d2a73dfedba', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_pause (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  scope VARCHAR(16) COLLATE "C" NOT NULL,
  reference VARCHAR(128) COLLATE "C" NOT NULL,
  since_ms BIGINT NOT NULL,
  until_ms BIGINT,
  reason_code VARCHAR(64) NOT NULL,
  reason_text VARCHAR(1000) NOT NULL,
  advice VARCHAR(1000) NOT NULL,
  advice_zh VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, account, scope, reference)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 2, '26e4e4526db6d88a93a129e4584e8289688acb3bf387552325ca03da3ae08eb0', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_template_misfit (
  dealer_id INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  template_id VARCHAR(128) COLLATE "C" NOT NULL,
  order_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, template_id, order_id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 3, '12036f946024cfb8c940db997d5c3b13b5f805943acbbb204d13f77e11b6e988', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_outbox (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  state VARCHAR(10) COLLATE "C" NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  purpose SMALLINT NOT NULL,
  due_ms BIGINT NOT NULL,
  valid_until_ms BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  recipient VARCHAR(64) COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  cause_kind VARCHAR(32) COLLATE "C" NOT NULL,
  cause_id BIGINT NOT NULL,
  channel VARCHAR(32) COLLATE "C" NOT NULL,
  template_id VARCHAR(128) COLLATE "C" NOT NULL,
  dedupe_id VARCHAR(32) COLLATE "C" NOT NULL,
  body TEXT NOT NULL,
  retry_ms BIGINT NOT NULL,
  claim_token VARCHAR(40) COLLATE "C",
  lease_until_ms BIGINT,
  claims INT NOT NULL,
  attempts INT NOT NULL,
  first_attempt_ms BIGINT,
  uncertain SMALLINT NOT NULL,
  wanted SMALLINT NOT NULL,
  pause_id BIGINT,
  provider_id VARCHAR(64) COLLATE "C",
  created_ms BIGINT NOT NULL,
  ended_ms BIGINT,
  PRIMARY KEY (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 4, '8f6545028463fa05464e29524ac94da69f2e5a43f94b88fbe2dbb13aca8f9594', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 4);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_turn ON laoke_outbox (dealer_id, state, account, purpose, due_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 5, '5c63109babeec7701f583895f5ed86b659286279b32dee9d5b6eee68835f1527', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 5);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_key ON laoke_outbox (dealer_id, order_id, recipient, seq);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 6, '811a85b4334c7c884380b1d1774e5cedd38c6131369e2e2644e3a0d855bf1722', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 6);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_provider ON laoke_outbox (dealer_id, provider_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 7, 'd0af7075fd1ca4d2391f8b28a227018b00610df6d0269fc24d8a354071b8edbf', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 7);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_recipient ON laoke_outbox (dealer_id, recipient);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 8, 'eec7eafa37e2be2885c400ae5353de1d18d54079d5a3eb64ccd89e38ff611d50', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 8);
CREATE TABLE IF NOT EXISTS laoke_decision (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  cause_kind VARCHAR(32) COLLATE "C" NOT NULL,
  cause_id BIGINT NOT NULL,
  recipient VARCHAR(64) COLLATE "C" NOT NULL,
  channel VARCHAR(32) COLLATE "C" NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  purpose SMALLINT NOT NULL,
  order_id BIGINT NOT NULL,
  order_no VARCHAR(128) COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  has_message SMALLINT NOT NULL,
  result VARCHAR(10) COLLATE "C" NOT NULL,
  reason_code VARCHAR(64),
  reason_text VARCHAR(1000),
  advice VARCHAR(1000),
  advice_zh VARCHAR(1000),
  fitted TEXT,
  delivery VARCHAR(10) COLLATE "C",
  at_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, cause_kind, cause_id, recipient, channel)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 9, '57b5713e8bd84c06d8325ff867514abe1704d0dbb99bd9294a12465da8a47078', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 9);
CREATE INDEX IF NOT EXISTS laoke_decision_by_order ON laoke_decision (dealer_id, order_no, seq, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 10, '902a49ef7117f3584eccf772b81281834331495e86d4369a562b3c256467323b', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 10);
CREATE TABLE IF NOT EXISTS laoke_delivery_report (
  dealer_id INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  provider_id VARCHAR(64) COLLATE "C" NOT NULL,
  recipient VARCHAR(64) COLLATE "C" NOT NULL,
  delivery VARCHAR(10) COLLATE "C" NOT NULL,
  detail VARCHAR(400) NOT NULL,
  outbox_id BIGINT,
  open_until_ms BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, provider_id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 11, '8dbb01a745d6900e74bd9247659b306564ca9b4a3b72d0447998514c8a1fe172', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 11);
CREATE INDEX IF NOT EXISTS laoke_delivery_report_open ON laoke_delivery_report (dealer_id, open_until_ms);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 12, '96ba1864e4a77bad09b7cdf5aa5c2c2b66362ff982b431e28c3e271fc3f7a003', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 12);
CREATE TABLE IF NOT EXISTS laoke_callback_inbox (
  dealer_id INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  key_hash VARCHAR(64) COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  kind VARCHAR(16) COLLATE "C" NOT NULL,
  recipient VARCHAR(64) COLLATE "C" NOT NULL,
  fact TEXT NOT NULL,
  state VARCHAR(10) COLLATE "C" NOT NULL,
  reply TEXT,
  tries INT NOT NULL,
  retry_ms BIGINT NOT NULL,
  error VARCHAR(400) NOT NULL,
  received_ms BIGINT NOT NULL,
  done_ms BIGINT,
  PRIMARY KEY (dealer_id, account, key_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 13, '0da9286b6e2c67e510794575a03edd323a7b3fe574a2cc971d79b53a1679952b', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 13);
CREATE INDEX IF NOT EXISTS laoke_callback_inbox_by_state ON laoke_callback_inbox (dealer_id, state, retry_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 14, 'a2fa11de3d26611cdd07a1d12052c50c3d15b103a6ce8602eadfafd0b078388b', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 14);
CREATE TABLE IF NOT EXISTS laoke_member (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  source VARCHAR(32) COLLATE "C" NOT NULL,
  numbered BOOLEAN NOT NULL,
  name VARCHAR(1000),
  gender VARCHAR(8) COLLATE "C",
  birthday DATE,
  region VARCHAR(200) COLLATE "C",
  random31 INT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 1, '899e13e438d14f3828edd2293a644ea17f401511a4afb2534dc36b0a689a60fc', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_identity (
  dealer_id INT NOT NULL,
  kind VARCHAR(16) COLLATE "C" NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  value_hash VARCHAR(43) COLLATE "C" NOT NULL,
  value_sealed VARCHAR(1000),
  member_id BIGINT,
  status VARCHAR(16) COLLATE "C" NOT NULL,
  proven BOOLEAN NOT NULL,
  names VARCHAR(100) COLLATE "C",
  follows BOOLEAN,
  follow_at_ms BIGINT,
  first_seen_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, kind, account, value_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 2, '217dabb29ddc06660bd54163d9e0ea23c968b493b17e533d86f749c936ff6fd9', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 2);
CREATE INDEX IF NOT EXISTS laoke_identity_by_member ON laoke_identity (dealer_id, member_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 3, '68d0df06c17e5bb18b90f140eecddc0d6b483d4485fa1360e0f020d9e3007702', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_member_duplicate (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  one_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  why VARCHAR(32) COLLATE "C" NOT NULL,
  noted_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, one_id, other_id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 4, '9f9f48acf14636cde8681f2b8b26dcf11581e7ddc5a0e294527c1d077ad6f432', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_place (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  place_hash VARCHAR(43) NOT NULL,
  household_hash VARCHAR(43),
  region VARCHAR(200) COLLATE "C",
  street VARCHAR(1000),
  contact VARCHAR(1000),
  phone VARCHAR(1000),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, place_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 1, '0c323a45d6f44c1492b2bb6fde3c47e4d169f76664e2f7459e849a3c215517f2', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 1);
CREATE INDEX IF NOT EXISTS laoke_place_by_household ON laoke_place (dealer_id, household_hash);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 2, '7745de3ccc6e8ddeb34684b2b0a6be639727a9fed894b64d9ce64dd655b01ff7', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_customer_order (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_no VARCHAR(64) COLLATE "C" NOT NULL,
  ordered_ms BIGINT,
  member_id BIGINT,
  assigned BOOLEAN NOT NULL,
  buyer_customer_no VARCHAR(1000),
  buyer_name VARCHAR(1000),
  buyer_phone VARCHAR(1000),
  place_id BIGINT,
  store_code VARCHAR(64) COLLATE "C",
  salesperson VARCHAR(64) COLLATE "C",
  sales_channel VARCHAR(64) COLLATE "C",
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
  UNIQUE (dealer_id, order_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 3, '6bbb91e803a17cffb6001122f1fb644e7ecc5f3108afe2fbfeb1ab01cf64b331', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 3);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_time ON laoke_customer_order (dealer_id, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 4, '5bc04ef26314922bc335f3ffdbd0969a692cdfa6a484238b0d07e4d9345231b5', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 4);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_member ON laoke_customer_order (dealer_id, member_id, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 5, 'ed229ba8acc499429d2cc12ed14fff5c6d8499404061175f7ecf9fb5a4e1664a', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 5);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_store ON laoke_customer_order (dealer_id, store_code, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 6, 'b7f0d6a18c4dfba603095adf68ebdca3d38dfbb6ff5644afeba3be0b059c6b8a', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 6);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_stage ON laoke_customer_order (dealer_id, stage, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 7, 'a18a97660635982f24264088fdef0c19c0bc6b78ccfc63db89e5b8a67ca6c25f', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 7);
CREATE TABLE IF NOT EXISTS laoke_order_number (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  system_name VARCHAR(32) COLLATE "C" NOT NULL,
  external_no VARCHAR(64) COLLATE "C" NOT NULL,
  PRIMARY KEY (dealer_id, order_id, system_name)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 8, '3e3b89e8a51c9e8161c91417d245c1dccda4e4062f5e19843404955b31ef1a2b', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 8);
CREATE INDEX IF NOT EXISTS laoke_order_number_by_number ON laoke_order_number (dealer_id, system_name, external_no);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 9, '4fe2ee52ad954a3daf90230758f04443065830061f7e3a5116e9fb82963d0663', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 9);
CREATE TABLE IF NOT EXISTS laoke_order_line (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) COLLATE "C" NOT NULL,
  line_index INT NOT NULL,
  kind VARCHAR(8) NOT NULL,
  category_code VARCHAR(200) COLLATE "C" NOT NULL,
  category VARCHAR(200) COLLATE "C" NOT NULL,
  name VARCHAR(200) COLLATE "C",
  model VARCHAR(100) COLLATE "C",
  brand VARCHAR(100) COLLATE "C",
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  counted_quantity DECIMAL(20, 3) NOT NULL,
  counted_fen BIGINT NOT NULL,
  member_id BIGINT,
  ordered_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, line_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 10, '68aa438645a88172cae83271c3e7bcc48880754e18fb5ecba4c1086252c38959', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 10);
CREATE INDEX IF NOT EXISTS laoke_order_line_by_member ON laoke_order_line (dealer_id, member_id, category, ordered_ms);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 11, '6e6e4edd991390cf54d2dcbb4870deafc03093a903bcad31fc2af003df3cb10d', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 11);
CREATE TABLE IF NOT EXISTS laoke_order_unit (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) COLLATE "C" NOT NULL,
  unit_no INT NOT NULL,
  sold_serial VARCHAR(64),
  serial VARCHAR(64) COLLATE "C",
  stage VARCHAR(10) NOT NULL,
  present BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, line_no, unit_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 12, 'cdfcab21eb8f468251bc310f37add6f107cf08c6d55b7dc1afb61427841d9a56', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 12);
CREATE TABLE IF NOT EXISTS laoke_order_stage (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  document VARCHAR(64) COLLATE "C" NOT NULL,
  scope_hash VARCHAR(43) NOT NULL,
  scope TEXT NOT NULL,
  at_ms BIGINT,
  stage_text VARCHAR(200),
  details TEXT NOT NULL,
  revision INT NOT NULL,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, stage, document, scope_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 13, '49f8aecfc518d5230d00d736be328d455b915203531602d1ea1755dab81c68aa', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 13);
CREATE TABLE IF NOT EXISTS laoke_order_assignment (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  member_id BIGINT,
  how VARCHAR(8) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, seq)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 14, 'ac41ef20608f61c53f592fbea84575d0ac4bcb3e47504564c2f19a762fba3ae9', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 14);
CREATE TABLE IF NOT EXISTS laoke_return_note (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  note_no VARCHAR(64) COLLATE "C" NOT NULL,
  returned_ms BIGINT NOT NULL,
  order_id BIGINT,
  member_id BIGINT,
  customer_no VARCHAR(1000),
  content_hash VARCHAR(43) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, note_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 15, '969a1bdd7ce1c14effbf4139327241a8b8cdf9bafc8dd470d185a14f94f28a87', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 15);
CREATE INDEX IF NOT EXISTS laoke_return_note_by_order ON laoke_return_note (dealer_id, order_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 16, 'eae5e6f7c2ecf5e539d5136500c65559c8e235721e39c92667b29cf53ba1e5de', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 16);
CREATE TABLE IF NOT EXISTS laoke_return_line (
  dealer_id INT NOT NULL,
  note_id BIGINT NOT NULL,
  line_no VARCHAR(32) COLLATE "C" NOT NULL,
  line_index INT NOT NULL,
  order_id BIGINT,
  order_line_no VARCHAR(32) COLLATE "C",
  category_code VARCHAR(200) COLLATE "C" NOT NULL,
  category VARCHAR(200) COLLATE "C" NOT NULL,
  model VARCHAR(100) COLLATE "C",
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  returned_ms BIGINT NOT NULL,
  note_member_id BIGINT,
  netted_line VARCHAR(32) COLLATE "C",
  member_id BIGINT,
  PRIMARY KEY (dealer_id, note_id, line_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 17, '909875a6874f4805f9d861705f4153181055faf42a2b2b8b5a3d9cd3d3ca566c', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 17);
CREATE INDEX IF NOT EXISTS laoke_return_line_by_order ON laoke_return_line (dealer_id, order_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 18, 'e6c0048a843c7e6583982bb31bf7d5ecb2f5c99f1cacfd470c713d1c4b3b390a', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 18);
CREATE INDEX IF NOT EXISTS laoke_return_line_by_member ON laoke_return_line (dealer_id, member_id, category, returned_ms);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 19, '55a8bd7a4300f0f75037525418f299d99f3e80fa0c918f490d31c5c9e04bc25e', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 19);
CREATE TABLE IF NOT EXISTS laoke_member_category (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  path VARCHAR(200) COLLATE "C" NOT NULL,
  month_no INT NOT NULL,
  orders BIGINT NOT NULL,
  quantity DECIMAL(20, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  first_ms BIGINT,
  last_ms BIGINT,
  PRIMARY KEY (dealer_id, member_id, path, month_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 20, '65504cdf797e9882bfac39790ddc6db646e4f28297dc4fb50e10e79f44f6e54e', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 20);
CREATE TABLE IF NOT EXISTS laoke_ticket (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  live_order_id BIGINT,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  scene VARCHAR(64) COLLATE "C" NOT NULL,
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
  UNIQUE (dealer_id, scene)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 1, 'fbe43475ee32c47cceedd7e10741351c2da25a94202a0cc0faadacc5ad7bfdc1', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 1);
CREATE INDEX IF NOT EXISTS laoke_ticket_by_order ON laoke_ticket (dealer_id, order_id, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 2, '746ad5bfc68064b68d855cf593a7e496a5e93800c095a9c33b3478befabb7def', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_recipient (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  openid_hash VARCHAR(64) COLLATE "C" NOT NULL,
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
  UNIQUE (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 3, '0918dff670ce7b6a5d61eea8230b21a32466aff0a55f98189f6c67c03262b1d7', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 3);
CREATE INDEX IF NOT EXISTS laoke_recipient_by_openid ON laoke_recipient (dealer_id, account, openid_hash, order_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 4, 'c7eb2f2915cebfe07030028f696104833a91d31cb5701c4f5ce32e3e4bf572e6', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 4);
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
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 5, '8af493788b5f3891979b437582fecc611cec2c42fd5bcaa24a88806eb8ad333a', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_template (
  dealer_id INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  stage VARCHAR(16) COLLATE "C" NOT NULL,
  content TEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, stage)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 7, 1, '746b4634184ed1d5c0dcc4d78dd2f24b69df6661006b644bba896e801d00db81', CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 7 AND step = 1);
