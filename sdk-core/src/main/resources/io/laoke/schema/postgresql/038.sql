-- For caps of how often a follower is written to. purpose: of the batch's plan; made_ms: business time at which it
-- was made; both NULL in those from before, which count for no cap.
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS purpose VARCHAR(16) COLLATE "C";
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS made_ms BIGINT;
CREATE INDEX IF NOT EXISTS {#}plan_member_openid ON {plan_member} (dealer_id, openid_hash) WHERE openid_hash IS NOT NULL;
