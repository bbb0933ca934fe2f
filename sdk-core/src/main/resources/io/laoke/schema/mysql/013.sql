-- Claims. phase is the state without the difference between what waits and what is claimed: no index
-- has a state any more, so that a claim changes no index. What a claim holds is written once for all
-- of it; the row goes with its last outcome, or after the lease whoever comes next sees by it what
-- lost its worker.
ALTER TABLE {outbox} ADD COLUMN phase VARCHAR(10) GENERATED ALWAYS AS (CASE WHEN state = 'CLAIMED' THEN 'WAITING' ELSE state END) STORED;
CREATE INDEX {#}outbox_next ON {outbox} (dealer_id, phase, account, purpose, due_ms, id);
CREATE INDEX {#}outbox_ending ON {outbox} (dealer_id, phase, valid_until_ms);
CREATE INDEX {#}outbox_again ON {outbox} (dealer_id, phase, retry_ms);
CREATE INDEX {#}outbox_unsent ON {outbox} (dealer_id, phase, id);
DROP INDEX {#}outbox_by_turn ON {outbox};
DROP INDEX {#}outbox_by_end ON {outbox};
DROP INDEX {#}outbox_by_retry ON {outbox};
DROP INDEX {#}outbox_by_state ON {outbox};
CREATE TABLE IF NOT EXISTS {outbox_claim} (
  dealer_id INT NOT NULL,
  token VARCHAR(40) NOT NULL,
  lease_until_ms BIGINT NOT NULL,
  messages TEXT NOT NULL,
  PRIMARY KEY (dealer_id, token),
  KEY {#}outbox_claim_by_lease (dealer_id, lease_until_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
