-- A batch of a single follower is sent by a tag. tag_id: WeChat's id of it; tag_until_ms: machine time until which
-- it is kept at least, NULL once it is deleted.
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS tag_id BIGINT;
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS tag_until_ms BIGINT;
-- Looked for every second.
CREATE INDEX IF NOT EXISTS {#}plan_batch_tag ON {plan_batch} (tag_until_ms, dealer_id);
