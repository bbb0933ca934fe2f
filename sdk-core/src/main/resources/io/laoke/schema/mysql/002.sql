-- What the dealer sells and who sells it.
CREATE TABLE IF NOT EXISTS {category} (
  dealer_id INT NOT NULL,
  path VARCHAR(200) NOT NULL,
  name VARCHAR(100) NOT NULL,
  serviceable BOOLEAN,
  PRIMARY KEY (dealer_id, path)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Every path is a code of itself, so that one key decides whatever is put twice.
CREATE TABLE IF NOT EXISTS {category_code} (
  dealer_id INT NOT NULL,
  code VARCHAR(200) NOT NULL,
  path VARCHAR(200) NOT NULL,
  PRIMARY KEY (dealer_id, code),
  KEY {#}category_code_by_path (dealer_id, path)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {store} (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(100) NOT NULL,
  region VARCHAR(200),
  account VARCHAR(64),
  PRIMARY KEY (dealer_id, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Names, phones and openids of staff are sealed like those of members.
CREATE TABLE IF NOT EXISTS {staff} (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  name VARCHAR(1000) NOT NULL,
  role VARCHAR(32),
  phone VARCHAR(1000),
  store VARCHAR(64),
  active BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {staff_openid} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  openid VARCHAR(1000) NOT NULL,
  staff VARCHAR(64) NOT NULL,
  PRIMARY KEY (dealer_id, account, openid_hash),
  KEY {#}staff_openid_by_staff (dealer_id, staff)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Phones that are the shop's own: origin STORE, STAFF (code says whose) or DECLARED (code is empty).
CREATE TABLE IF NOT EXISTS {own_phone} (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(43) NOT NULL,
  origin VARCHAR(16) NOT NULL,
  code VARCHAR(64) NOT NULL,
  phone VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash, origin, code),
  KEY {#}own_phone_by_origin (dealer_id, origin, code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
