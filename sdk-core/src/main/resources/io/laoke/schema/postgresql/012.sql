-- Delivery engine. Each index holds only the rows that are looked for by it, so that a message that
-- is claimed and sent costs few of them a change. What the platform reports names its recipient, by
-- whom the message is found.
CREATE INDEX IF NOT EXISTS {#}outbox_turn ON {outbox} (dealer_id, state, account, purpose, due_ms, id) WHERE state IN ('WAITING', 'CLAIMED', 'HELD');
DROP INDEX IF EXISTS {outbox_by_turn};
DROP INDEX IF EXISTS {outbox_by_provider};
CREATE INDEX IF NOT EXISTS {#}outbox_by_end ON {outbox} (dealer_id, state, valid_until_ms) WHERE state IN ('WAITING', 'HELD');
CREATE INDEX IF NOT EXISTS {#}outbox_by_retry ON {outbox} (dealer_id, retry_ms) WHERE state = 'WAITING' AND retry_ms > 0;
CREATE INDEX IF NOT EXISTS {#}outbox_by_state ON {outbox} (dealer_id, state, id) WHERE state NOT IN ('CLAIMED', 'SENT');
-- A decision is written again when its message has an outcome: into the same page, where there is room.
ALTER TABLE {decision} SET (fillfactor = 50);
