-- Members and the identities by which they are known. Names and values are sealed, hashes are keyed.
-- numbered: has a customer number; decides which of two new numbers takes a member known by phone.
-- random31: chosen once; buckets of experiments are computed from it.
CREATE TABLE IF NOT EXISTS {member} (
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
-- kind OPENID, UNIONID, PHONE, CUSTOMER_NO; account is empty but for openids; value is NULL once it
-- had to be taken away; status ACTIVE, SHARED (a phone), WALK_IN (a customer number); names holds
-- hashes of the names that a phone was seen with, until it is SHARED; follows is NULL while unknown.
CREATE TABLE IF NOT EXISTS {identity} (
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
  KEY {#}identity_by_member (dealer_id, member_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {member_duplicate} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  one_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL,
  why VARCHAR(32) NOT NULL,
  noted_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, one_id, other_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
