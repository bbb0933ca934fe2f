-- Binding: links for paper and labels, tries of claims, the permanent codes of stores and who came by
-- them, and sign-ins of web pages that were used.
-- A link outlives the tickets of its order. live_order_id is the order while the link lives, else
-- null: one live link per order. state LIVE, EXPIRED, REVOKED.
CREATE TABLE IF NOT EXISTS {paper_link} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  live_order_id BIGINT,
  account VARCHAR(64) NOT NULL,
  token VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  issued_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL,
  ended_ms BIGINT,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, live_order_id),
  UNIQUE (dealer_id, token)
);
-- Wrong claims of an openid (kind OPENID) or of an order number (ORDER), by keyed hash; since_ms is
-- machine time at the first of them.
CREATE TABLE IF NOT EXISTS {claim_try} (
  dealer_id INT NOT NULL,
  kind VARCHAR(8) NOT NULL,
  key_hash VARCHAR(43) NOT NULL,
  tries INT NOT NULL,
  since_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, kind, key_hash)
);
CREATE INDEX IF NOT EXISTS {#}claim_try_by_key ON {claim_try} (dealer_id, key_hash);
CREATE INDEX IF NOT EXISTS {#}claim_try_by_time ON {claim_try} (dealer_id, since_ms);
CREATE TABLE IF NOT EXISTS {shop_code} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  store_code VARCHAR(128) NOT NULL,
  scene VARCHAR(64) NOT NULL,
  content VARCHAR(512),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, store_code),
  UNIQUE (dealer_id, scene)
);
-- The store whose permanent code an openid scanned last; at_ms is the platform's time of the scan.
CREATE TABLE IF NOT EXISTS {store_follower} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  store_code VARCHAR(128) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, openid_hash)
);
CREATE INDEX IF NOT EXISTS {#}store_follower_by_hash ON {store_follower} (dealer_id, openid_hash);
-- States of sign-ins that have come back, so that none comes back twice; used_ms is machine time.
CREATE TABLE IF NOT EXISTS {web_sign_in} (
  dealer_id INT NOT NULL,
  state_hash VARCHAR(43) NOT NULL,
  used_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, state_hash)
);
CREATE INDEX IF NOT EXISTS {#}web_sign_in_by_time ON {web_sign_in} (dealer_id, used_ms);
