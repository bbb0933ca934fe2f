-- pins: the versions of the contents that a plan sends, once it is submitted.
ALTER TABLE {plan} ADD COLUMN IF NOT EXISTS pins TEXT;
-- Plans that are sent. batch_id: the batch that a member is in, for good; openid_hash: by which openid.
ALTER TABLE {plan_member} ADD COLUMN IF NOT EXISTS batch_id BIGINT;
ALTER TABLE {plan_member} ADD COLUMN IF NOT EXISTS openid_hash VARCHAR(43) COLLATE "C";
CREATE INDEX IF NOT EXISTS {#}plan_member_batch ON {plan_member} (dealer_id, plan_id, batch_id);
-- A batch is one message of the outbox (cause PLAN_BATCH and its id) and of WeChat. Committed with its
-- members, its payload and what it takes of the ledger before the first call; never changed but for its state:
-- OPEN, SENT, FAILED (nobody got it, the ledger has it back), UNKNOWN. prepared: by which its draft was
-- made. last_member: up to whom its rule is through; recipients is 0 where nobody was left.
CREATE TABLE IF NOT EXISTS {plan_batch} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  plan_id BIGINT NOT NULL,
  rule_no INT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  month_no INT NOT NULL,
  prepared VARCHAR(64) COLLATE "C" NOT NULL,
  payload TEXT NOT NULL,
  recipients INT NOT NULL,
  last_member BIGINT NOT NULL,
  state VARCHAR(12) COLLATE "C" NOT NULL,
  reason VARCHAR(64) COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}plan_batch_plan ON {plan_batch} (dealer_id, plan_id, rule_no, last_member);
-- Looked for every second.
CREATE INDEX IF NOT EXISTS {#}plan_batch_state ON {plan_batch} (state, dealer_id);
CREATE INDEX IF NOT EXISTS {#}plan_state ON {plan} (state, dealer_id);
