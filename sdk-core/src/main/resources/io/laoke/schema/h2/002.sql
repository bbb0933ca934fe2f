-- What the dealer sells and who sells it.
CREATE TABLE IF NOT EXISTS {category} (
  dealer_id INT NOT NULL,
  path VARCHAR(400) NOT NULL,
  name VARCHAR(200) NOT NULL,
  serviceable BOOLEAN,
  PRIMARY KEY (dealer_id, path)
);
-- Every path is a code of itself, so that one key decides whatever is put twice.
CREATE TABLE IF NOT EXISTS {category_code} (
  dealer_id INT NOT NULL,
  code VARCHAR(400) NOT NULL,
  path VARCHAR(400) NOT NULL,
  PRIMARY KEY (dealer_id, code)
);
CREATE INDEX IF NOT EXISTS {#}category_code_by_path ON {category_code} (dealer_id, path);
CREATE TABLE IF NOT EXISTS {store} (
  dealer_id INT NOT NULL,
  code VARCHAR(128) NOT NULL,
  name VARCHAR(200) NOT NULL,
  region VARCHAR(400),
  account VARCHAR(128),
  PRIMARY KEY (dealer_id, code)
);
-- Names, phones and openids of staff are sealed like those of members.
CREATE TABLE IF NOT EXISTS {staff} (
  dealer_id INT NOT NULL,
  code VARCHAR(128) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  role VARCHAR(64),
  phone VARCHAR(1000),
  store VARCHAR(128),
  active BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, code)
);
CREATE TABLE IF NOT EXISTS {staff_openid} (
  dealer_id INT NOT NULL,
  account VARCHAR(128) NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  openid VARCHAR(1000) NOT NULL,
  staff VARCHAR(128) NOT NULL,
  PRIMARY KEY (dealer_id, account, openid_hash)
);
CREATE INDEX IF NOT EXISTS {#}staff_openid_by_staff ON {staff_openid} (dealer_id, staff);
-- Phones that are the shop's own: origin STORE, STAFF (code says whose) or DECLARED (code is empty).
CREATE TABLE IF NOT EXISTS {own_phone} (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(43) NOT NULL,
  origin VARCHAR(16) NOT NULL,
  code VARCHAR(128) NOT NULL,
  phone VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash, origin, code)
);
CREATE INDEX IF NOT EXISTS {#}own_phone_by_origin ON {own_phone} (dealer_id, origin, code);
