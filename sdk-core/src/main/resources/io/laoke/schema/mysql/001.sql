-- What every floor shares: dealers, node numbers for ids, notes that a dealer has work due.
CREATE TABLE IF NOT EXISTS {dealer} (
  id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  zone VARCHAR(64) NOT NULL,
  settings MEDIUMTEXT NOT NULL,
  hash_key VARCHAR(1000) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (code)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {node} (
  node_no INT NOT NULL,
  holder VARCHAR(64),
  lease_until_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  PRIMARY KEY (node_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- A note that a dealer has something to do at a time. Whoever makes work adds a note in the same
-- transaction; a tick takes the notes it has seen away. Notes are never updated, so transactions of
-- one dealer do not wait for each other.
CREATE TABLE IF NOT EXISTS {work_due} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  due_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  KEY {#}work_due_by_time (due_ms, dealer_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
