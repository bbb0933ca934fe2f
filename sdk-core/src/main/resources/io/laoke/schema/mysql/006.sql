-- Order binding: the codes that were issued, who receives an order's notices, and who changed that.
-- live_order_id is the order while the ticket lives, else null: one live ticket per order.
CREATE TABLE IF NOT EXISTS {ticket} (
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
  UNIQUE (dealer_id, scene),
  KEY {#}ticket_by_order (dealer_id, order_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- told_id and told_revision name the stage record that an immediate reply has told last.
-- given_member_id is the member that this recipient's scan gave the order to, if it did;
-- joined_member_id is the order's member that the scan joined the openid to. Unbinding undoes both.
CREATE TABLE IF NOT EXISTS {recipient} (
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
  UNIQUE (dealer_id, id),
  KEY {#}recipient_by_openid (dealer_id, account, openid_hash, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {binding_audit} (
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
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
