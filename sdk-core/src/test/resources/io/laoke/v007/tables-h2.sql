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
  settings TEXT NOT NULL,
  hash_key VARCHAR(1000) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 1, 'c83fe603e288a45220414027078f8d82aff7fd5f354176b4f2923956e2eaa5ac', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_node (
  node_no INT NOT NULL,
  holder VARCHAR(64),
  lease_until_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  PRIMARY KEY (node_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 2, '57b98e5e9770a4d698453261e107ac2e9a851c18c9ccc5381725038dc1acea78', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_work_due (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  due_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 3, '0fe4b34a7bb1ec595118c913a10862164b0813ada9046f9047530a39054f80df', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 3);
CREATE INDEX IF NOT EXISTS laoke_work_due_by_time ON laoke_work_due (due_ms, dealer_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 1, 4, '53298eb3d43804614f6390158cd5133d4782c0f18896e6e8c26cf8cabe5a709a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 1 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_category (
  dealer_id INT NOT NULL,
  path VARCHAR(400) NOT NULL,
  name VARCHAR(200) NOT NULL,
  serviceable BOOLEAN,
  PRIMARY KEY (dealer_id, path)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 1, '906bdc6fc2ef8a11ea05adc44098508fe0b059c1b88b3d4ad71fe5a14ac96011', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_category_code (
  dealer_id INT NOT NULL,
  code VARCHAR(400) NOT NULL,
  path VARCHAR(400) NOT NULL,
  PRIMARY KEY (dealer_id, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 2, '04ff3f1d835bc5b1eb24d970ce8c4651924df1a15f95594a16ae01580b5f2df4', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 2);
CREATE INDEX IF NOT EXISTS laoke_category_code_by_path ON laoke_category_code (dealer_id, path);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 3, '303c9eb01b8d633bdccd3d3ff287017c14c1047c73949d40392416a2bcbe70b2', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_store (
  dealer_id INT NOT NULL,
  code VARCHAR(128) NOT NULL,
  name VARCHAR(200) NOT NULL,
  region VARCHAR(400),
  account VARCHAR(128),
  PRIMARY KEY (dealer_id, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 4, 'a2934fc17672679dc5038dfb9754027e242039c7a0a14e7e3a44f3b8ec5f5d85', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_staff (
  dealer_id INT NOT NULL,
  code VARCHAR(128) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  role VARCHAR(64),
  phone VARCHAR(1000),
  store VARCHAR(128),
  active BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 5, '7e67e87d82e0bef2ce3e35ffc4d31086ffd5fd35124a4cf9c9511d8ac942f40a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_staff_openid (
  dealer_id INT NOT NULL,
  account VARCHAR(128) NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  openid VARCHAR(1000) NOT NULL,
  staff VARCHAR(128) NOT NULL,
  PRIMARY KEY (dealer_id, account, openid_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 6, '374c9d56ef3f45905bd59a5f9167a97426e8bb9c8eb1e3743c745bd131c6e80e', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 6);
CREATE INDEX IF NOT EXISTS laoke_staff_openid_by_staff ON laoke_staff_openid (dealer_id, staff);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 7, '5efd42d611475c25168e6f8517a998ebd71adf7ab59dd26bf76181767f60942e', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 7);
CREATE TABLE IF NOT EXISTS laoke_own_phone (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(43) NOT NULL,
  origin VARCHAR(16) NOT NULL,
  code VARCHAR(128) NOT NULL,
  phone VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash, origin, code)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 8, '4f69cbd5fc08ccbc2ca0fda3fd689e923d06d5388adf3bff8f57b1ce0e17047f', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 8);
CREATE INDEX IF NOT EXISTS laoke_own_phone_by_origin ON laoke_own_phone (dealer_id, origin, code);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 2, 9, 'ebf59f2d2a548062d1102e2b5911c868d56d17cf966565315177fe71d4c2e805', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 2 AND step = 9);
CREATE TABLE IF NOT EXISTS laoke_account (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account),
  UNIQUE (account)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 1, '7b2da6e166c7e74f5dfb8b0bcf30bc5adb76ecbab9b2e1b7678c144a60bea4fd', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
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
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 2, '6756a9ed7354e858a7ef203c9ffc03025ac62c5897895872b2795a14e3a3a843', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_template_misfit (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  template_id VARCHAR(128) NOT NULL,
  order_id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, template_id, order_id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 3, '4d2d140547499460f2453a2a709a555d7d14c1a6cd1856ce3e1bb5d4d127986e', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
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
  body TEXT NOT NULL,
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
  PRIMARY KEY (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 4, '490ee9d08a1d79aaae5d7569ddf18ef28508ca98f5d058f838f8fae58154b9de', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 4);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_turn ON laoke_outbox (dealer_id, state, account, purpose, due_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 5, '5c63109babeec7701f583895f5ed86b659286279b32dee9d5b6eee68835f1527', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 5);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_key ON laoke_outbox (dealer_id, order_id, recipient, seq);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 6, '811a85b4334c7c884380b1d1774e5cedd38c6131369e2e2644e3a0d855bf1722', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 6);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_provider ON laoke_outbox (dealer_id, provider_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 7, 'd0af7075fd1ca4d2391f8b28a227018b00610df6d0269fc24d8a354071b8edbf', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 7);
CREATE INDEX IF NOT EXISTS laoke_outbox_by_recipient ON laoke_outbox (dealer_id, recipient);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 8, 'eec7eafa37e2be2885c400ae5353de1d18d54079d5a3eb64ccd89e38ff611d50', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 8);
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
  fitted TEXT,
  delivery VARCHAR(10),
  at_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, cause_kind, cause_id, recipient, channel)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 9, 'd32da186b42a803782d50aec7e355efc763b2600c126dce6b54f38fcff5e50c7', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 9);
CREATE INDEX IF NOT EXISTS laoke_decision_by_order ON laoke_decision (dealer_id, order_no, seq, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 10, '902a49ef7117f3584eccf772b81281834331495e86d4369a562b3c256467323b', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 10);
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
  PRIMARY KEY (dealer_id, account, provider_id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 11, '23dd47f5a58a7ad5580d9ce5facbee15cae7cdcea694be096859d7100eaf52c2', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 11);
CREATE INDEX IF NOT EXISTS laoke_delivery_report_open ON laoke_delivery_report (dealer_id, open_until_ms);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 12, '96ba1864e4a77bad09b7cdf5aa5c2c2b66362ff982b431e28c3e271fc3f7a003', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 12);
CREATE TABLE IF NOT EXISTS laoke_callback_inbox (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  key_hash VARCHAR(64) NOT NULL,
  id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  recipient VARCHAR(64) NOT NULL,
  fact TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  reply TEXT,
  tries INT NOT NULL,
  retry_ms BIGINT NOT NULL,
  error VARCHAR(400) NOT NULL,
  received_ms BIGINT NOT NULL,
  done_ms BIGINT,
  PRIMARY KEY (dealer_id, account, key_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 13, '466d795362194e27ab3e3c759504c597b06b490ee9dc17a668972e8050e19d57', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 13);
CREATE INDEX IF NOT EXISTS laoke_callback_inbox_by_state ON laoke_callback_inbox (dealer_id, state, retry_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 3, 14, 'a2fa11de3d26611cdd07a1d12052c50c3d15b103a6ce8602eadfafd0b078388b', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 3 AND step = 14);
CREATE TABLE IF NOT EXISTS laoke_member (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  source VARCHAR(64) NOT NULL,
  numbered BOOLEAN NOT NULL,
  name VARCHAR(1000),
  gender VARCHAR(8),
  birthday DATE,
  region VARCHAR(400),
  random31 INT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 1, 'de0c3c21473dac60b56262166c738548e427d42187938b9487712fdc41ad42d0', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 1);
CREATE TABLE IF NOT EXISTS laoke_identity (
  dealer_id INT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  account VARCHAR(128) NOT NULL,
  value_hash VARCHAR(43) NOT NULL,
  value_sealed VARCHAR(1000),
  member_id BIGINT,
  status VARCHAR(16) NOT NULL,
  proven BOOLEAN NOT NULL,
  names VARCHAR(100),
  follows BOOLEAN,
  follow_at_ms BIGINT,
  first_seen_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, kind, account, value_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 2, '6d3d984411fc15f51e6740b5ea7c25911b1e5a6e87aa5ab2cd5b4ac312cc2c4c', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 2);
CREATE INDEX IF NOT EXISTS laoke_identity_by_member ON laoke_identity (dealer_id, member_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 3, '68d0df06c17e5bb18b90f140eecddc0d6b483d4485fa1360e0f020d9e3007702', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 3);
CREATE TABLE IF NOT EXISTS laoke_member_duplicate (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  one_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  why VARCHAR(64) NOT NULL,
  noted_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, one_id, other_id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 4, 4, 'eeb3f7a739c150e394ccad5784dc03c5a333689855ca1d117a9bc6f7a1cfe479', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 4 AND step = 4);
CREATE TABLE IF NOT EXISTS laoke_place (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  place_hash VARCHAR(43) NOT NULL,
  household_hash VARCHAR(43),
  region VARCHAR(400),
  street VARCHAR(1000),
  contact VARCHAR(1000),
  phone VARCHAR(1000),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, place_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 1, 'a8706de6d0f70a20a134793f886a131d4c4e6edf2a07c795cb6a6825eb6ae18a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 1);
CREATE INDEX IF NOT EXISTS laoke_place_by_household ON laoke_place (dealer_id, household_hash);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 2, '7745de3ccc6e8ddeb34684b2b0a6be639727a9fed894b64d9ce64dd655b01ff7', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 2);
CREATE TABLE IF NOT EXISTS laoke_customer_order (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_no VARCHAR(128) NOT NULL,
  ordered_ms BIGINT,
  member_id BIGINT,
  assigned BOOLEAN NOT NULL,
  buyer_customer_no VARCHAR(1000),
  buyer_name VARCHAR(1000),
  buyer_phone VARCHAR(1000),
  place_id BIGINT,
  store_code VARCHAR(128),
  salesperson VARCHAR(128),
  sales_channel VARCHAR(128),
  stage VARCHAR(10) NOT NULL,
  stage_text VARCHAR(400),
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
SELECT 5, 3, '4b77c0f5fbebb116098e8f1a0d5d4b1e187e4bebe2459f43946512057e81fcfd', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 3);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_time ON laoke_customer_order (dealer_id, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 4, '5bc04ef26314922bc335f3ffdbd0969a692cdfa6a484238b0d07e4d9345231b5', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 4);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_member ON laoke_customer_order (dealer_id, member_id, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 5, 'ed229ba8acc499429d2cc12ed14fff5c6d8499404061175f7ecf9fb5a4e1664a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 5);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_store ON laoke_customer_order (dealer_id, store_code, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 6, 'b7f0d6a18c4dfba603095adf68ebdca3d38dfbb6ff5644afeba3be0b059c6b8a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 6);
CREATE INDEX IF NOT EXISTS laoke_customer_order_by_stage ON laoke_customer_order (dealer_id, stage, ordered_ms, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 7, 'a18a97660635982f24264088fdef0c19c0bc6b78ccfc63db89e5b8a67ca6c25f', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 7);
CREATE TABLE IF NOT EXISTS laoke_order_number (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  system_name VARCHAR(64) NOT NULL,
  external_no VARCHAR(128) NOT NULL,
  PRIMARY KEY (dealer_id, order_id, system_name)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 8, '53724dd7d557ef0fe616439355fd6c8c3f20b3f56c070195a5042a1ff0cad23a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 8);
CREATE INDEX IF NOT EXISTS laoke_order_number_by_number ON laoke_order_number (dealer_id, system_name, external_no);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 9, '4fe2ee52ad954a3daf90230758f04443065830061f7e3a5116e9fb82963d0663', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 9);
CREATE TABLE IF NOT EXISTS laoke_order_line (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(64) NOT NULL,
  line_index INT NOT NULL,
  kind VARCHAR(8) NOT NULL,
  category_code VARCHAR(400) NOT NULL,
  category VARCHAR(400) NOT NULL,
  name VARCHAR(400),
  model VARCHAR(200),
  brand VARCHAR(200),
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
SELECT 5, 10, 'd1ce20323981653de592568620da05f97b594b4fc2299e36e6c98e75454cebbe', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 10);
CREATE INDEX IF NOT EXISTS laoke_order_line_by_member ON laoke_order_line (dealer_id, member_id, category, ordered_ms);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 11, '6e6e4edd991390cf54d2dcbb4870deafc03093a903bcad31fc2af003df3cb10d', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 11);
CREATE TABLE IF NOT EXISTS laoke_order_unit (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(64) NOT NULL,
  unit_no INT NOT NULL,
  sold_serial VARCHAR(128),
  serial VARCHAR(128),
  stage VARCHAR(10) NOT NULL,
  present BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, line_no, unit_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 12, '93aafb9542ad5cb624fceba4c94f4711c268a1a20cf2901729f7ab8fe59e95c4', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 12);
CREATE TABLE IF NOT EXISTS laoke_order_stage (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  document VARCHAR(128) NOT NULL,
  scope_hash VARCHAR(43) NOT NULL,
  scope TEXT NOT NULL,
  at_ms BIGINT,
  stage_text VARCHAR(400),
  details TEXT NOT NULL,
  revision INT NOT NULL,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, stage, document, scope_hash)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 13, '261cf4c78b5b975c618225f9fed6949db5329f6b31cfae531c972ee5732a94ba', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
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
SELECT 5, 14, 'ac41ef20608f61c53f592fbea84575d0ac4bcb3e47504564c2f19a762fba3ae9', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 14);
CREATE TABLE IF NOT EXISTS laoke_return_note (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  note_no VARCHAR(128) NOT NULL,
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
SELECT 5, 15, 'add17276e963a607fdb5a043c06cf3f0aa70156e799b4f515e9a40eceba1bc9f', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 15);
CREATE INDEX IF NOT EXISTS laoke_return_note_by_order ON laoke_return_note (dealer_id, order_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 16, 'eae5e6f7c2ecf5e539d5136500c65559c8e235721e39c92667b29cf53ba1e5de', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 16);
CREATE TABLE IF NOT EXISTS laoke_return_line (
  dealer_id INT NOT NULL,
  note_id BIGINT NOT NULL,
  line_no VARCHAR(64) NOT NULL,
  line_index INT NOT NULL,
  order_id BIGINT,
  order_line_no VARCHAR(64),
  category_code VARCHAR(400) NOT NULL,
  category VARCHAR(400) NOT NULL,
  model VARCHAR(200),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  returned_ms BIGINT NOT NULL,
  note_member_id BIGINT,
  netted_line VARCHAR(64),
  member_id BIGINT,
  PRIMARY KEY (dealer_id, note_id, line_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 17, 'a86f6ca898159bec6298948f9cb8692fa2edca0d4b6c4bd1a69011f763744dea', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 17);
CREATE INDEX IF NOT EXISTS laoke_return_line_by_order ON laoke_return_line (dealer_id, order_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 18, 'e6c0048a843c7e6583982bb31bf7d5ecb2f5c99f1cacfd470c713d1c4b3b390a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 18);
CREATE INDEX IF NOT EXISTS laoke_return_line_by_member ON laoke_return_line (dealer_id, member_id, category, returned_ms);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 19, '55a8bd7a4300f0f75037525418f299d99f3e80fa0c918f490d31c5c9e04bc25e', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 19);
CREATE TABLE IF NOT EXISTS laoke_member_category (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  path VARCHAR(400) NOT NULL,
  month_no INT NOT NULL,
  orders BIGINT NOT NULL,
  quantity DECIMAL(20, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  first_ms BIGINT,
  last_ms BIGINT,
  PRIMARY KEY (dealer_id, member_id, path, month_no)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 5, 20, '62bb5ed9d126d4cd27bbb8dce0d12346f40e8e89ae80fe48cc6a4eb2c8604f48', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 5 AND step = 20);
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
  UNIQUE (dealer_id, scene)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 1, 'ae02247e30ea0f3f2d807f4f1c76062058cacd395d9179459a7adef7b5459ab2', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 1);
CREATE INDEX IF NOT EXISTS laoke_ticket_by_order ON laoke_ticket (dealer_id, order_id, id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 2, '746ad5bfc68064b68d855cf593a7e496a5e93800c095a9c33b3478befabb7def', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 2);
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
  UNIQUE (dealer_id, id)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 3, '6689ad50cf938f0d06a14afd28dbe6dfbb46dfdbd534235d1970c2ffd181485e', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 3);
CREATE INDEX IF NOT EXISTS laoke_recipient_by_openid ON laoke_recipient (dealer_id, account, openid_hash, order_id);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 6, 4, 'c7eb2f2915cebfe07030028f696104833a91d31cb5701c4f5ce32e3e4bf572e6', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
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
SELECT 6, 5, '8af493788b5f3891979b437582fecc611cec2c42fd5bcaa24a88806eb8ad333a', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 6 AND step = 5);
CREATE TABLE IF NOT EXISTS laoke_template (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  stage VARCHAR(16) NOT NULL,
  content TEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, stage)
);
INSERT INTO laoke_schema_version (version, step, checksum, applied_ms)
SELECT 7, 1, 'fe1a0957d3cb70575fe261ad4ed8ce2b1f6b6232c1aee6b51a6af06789e4fa15', DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP AT TIME ZONE 'UTC')
WHERE NOT EXISTS (SELECT 1 FROM laoke_schema_version WHERE version = 7 AND step = 1);
