-- Delivery engine. Each index holds only the rows that are looked for by it, so that a message that
-- is claimed and sent costs none of them a change.
CREATE INDEX IF NOT EXISTS {#}outbox_accepted ON {outbox} (dealer_id, provider_id) WHERE provider_id IS NOT NULL;
DROP INDEX IF EXISTS {outbox_by_provider};
CREATE INDEX IF NOT EXISTS {#}outbox_by_end ON {outbox} (dealer_id, state, valid_until_ms) WHERE state IN ('WAITING', 'HELD');
CREATE INDEX IF NOT EXISTS {#}outbox_by_retry ON {outbox} (dealer_id, retry_ms) WHERE state = 'WAITING' AND retry_ms > 0;
CREATE INDEX IF NOT EXISTS {#}outbox_by_state ON {outbox} (dealer_id, state, id) WHERE state NOT IN ('CLAIMED', 'SENT');
-- A decision is written again when its message has an outcome: into the same page, where there is room.
ALTER TABLE {decision} SET (fillfactor = 70);
