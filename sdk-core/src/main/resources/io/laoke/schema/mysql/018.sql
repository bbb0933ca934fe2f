-- Saved segments and frozen audiences, and what makes questions fast.
-- A segment as it is now; segment_version has all versions, with no body where it was removed.
CREATE TABLE IF NOT EXISTS {segment} (
  dealer_id INT NOT NULL,
  segment_key VARCHAR(64) NOT NULL,
  version INT NOT NULL,
  name VARCHAR(100) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  hash VARCHAR(43) NOT NULL,
  saved_by VARCHAR(64) NOT NULL,
  saved_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, segment_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {segment_version} (
  dealer_id INT NOT NULL,
  segment_key VARCHAR(64) NOT NULL,
  version INT NOT NULL,
  name VARCHAR(100) NOT NULL,
  body MEDIUMTEXT,
  hash VARCHAR(43) NOT NULL,
  saved_by VARCHAR(64) NOT NULL,
  saved_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, segment_key, version)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {audience} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  hash VARCHAR(43) NOT NULL,
  as_of_ms BIGINT NOT NULL,
  members BIGINT NOT NULL,
  frozen_by VARCHAR(64) NOT NULL,
  frozen_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {audience_member} (
  dealer_id INT NOT NULL,
  audience_id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, audience_id, member_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
