-- Delivery engine: what ends, what waits for a repeat, and the pages of what was not sent.
CREATE INDEX IF NOT EXISTS {#}outbox_by_end ON {outbox} (dealer_id, state, valid_until_ms);
CREATE INDEX IF NOT EXISTS {#}outbox_by_retry ON {outbox} (dealer_id, state, retry_ms);
CREATE INDEX IF NOT EXISTS {#}outbox_by_state ON {outbox} (dealer_id, state, id);
