-- Which template tells which stage; account '' is for all accounts of the dealer.
CREATE TABLE IF NOT EXISTS {template} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  stage VARCHAR(16) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account, stage)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
