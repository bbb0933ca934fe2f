-- Text messages. Approved templates by the dealer's own keys; content is JSON.
CREATE TABLE IF NOT EXISTS {sms_template} (
  dealer_id INT NOT NULL,
  template_key VARCHAR(64) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, template_key)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Numbers whose owners refuse promotions, with the latest proof of it; words are sealed.
CREATE TABLE IF NOT EXISTS {sms_opt_out} (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  source VARCHAR(16) NOT NULL,
  account VARCHAR(64) NOT NULL,
  signature VARCHAR(64) NOT NULL,
  words TEXT,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Laoke's own id of the message, where the platform gives it back.
ALTER TABLE {delivery_report} ADD COLUMN message_id VARCHAR(64);
