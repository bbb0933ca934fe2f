-- Claims. phase is the state without the difference between what waits and what is claimed: no index
-- has a state any more, so that a claim changes no index. What a claim holds is written once for all
-- of it; the row goes with its last outcome, or after the lease whoever comes next sees by it what
-- lost its worker.
ALTER TABLE {outbox} ADD COLUMN IF NOT EXISTS phase VARCHAR(10) GENERATED ALWAYS AS (CASE WHEN state = 'CLAIMED' THEN 'WAITING' ELSE state END);
CREATE INDEX IF NOT EXISTS {#}outbox_next ON {outbox} (dealer_id, phase, account, purpose, due_ms, id);
CREATE INDEX IF NOT EXISTS {#}outbox_ending ON {outbox} (dealer_id, phase, valid_until_ms);
CREATE INDEX IF NOT EXISTS {#}outbox_again ON {outbox} (dealer_id, phase, retry_ms);
CREATE INDEX IF NOT EXISTS {#}outbox_unsent ON {outbox} (dealer_id, phase, id);
CREATE INDEX IF NOT EXISTS {#}outbox_by_claim ON {outbox} (dealer_id, claim_token);
DROP INDEX IF EXISTS {outbox_by_turn};
DROP INDEX IF EXISTS {outbox_by_end};
DROP INDEX IF EXISTS {outbox_by_retry};
DROP INDEX IF EXISTS {outbox_by_state};
CREATE TABLE IF NOT EXISTS {outbox_claim} (
  dealer_id INT NOT NULL,
  token VARCHAR(40) NOT NULL,
  lease_until_ms BIGINT NOT NULL,
  messages TEXT NOT NULL,
  PRIMARY KEY (dealer_id, token)
);
CREATE INDEX IF NOT EXISTS {#}outbox_claim_by_lease ON {outbox_claim} (dealer_id, lease_until_ms);
