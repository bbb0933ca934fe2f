-- Text messages. Approved templates by the dealer's own keys; content is JSON.
CREATE TABLE IF NOT EXISTS {sms_template} (
  dealer_id INT NOT NULL,
  template_key VARCHAR(64) COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, template_key)
);
-- Numbers whose owners refuse promotions, with the latest proof of it; words are sealed.
CREATE TABLE IF NOT EXISTS {sms_opt_out} (
  dealer_id INT NOT NULL,
  phone_hash VARCHAR(64) COLLATE "C" NOT NULL,
  at_ms BIGINT NOT NULL,
  source VARCHAR(16) COLLATE "C" NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  signature VARCHAR(64) COLLATE "C" NOT NULL,
  words TEXT,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, phone_hash)
);
-- Laoke's own id of the message, where the platform gives it back.
ALTER TABLE {delivery_report} ADD COLUMN IF NOT EXISTS message_id VARCHAR(64) COLLATE "C";
