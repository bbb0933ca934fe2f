-- PostgreSQL writes a row whose state is in an index to each of its indexes anew. Of those, an
-- outcome changes the key's alone: what waits has indexes of its own, and all else is found by its
-- decision, which has the same id.
CREATE INDEX IF NOT EXISTS {#}outbox_queue ON {outbox} (dealer_id, order_id, recipient, seq) WHERE phase IN ('WAITING', 'HELD');
CREATE INDEX IF NOT EXISTS {#}decision_by_order_id ON {decision} (dealer_id, order_id);
DROP INDEX IF EXISTS {outbox_by_key};
DROP INDEX IF EXISTS {outbox_by_recipient};
