-- What became of a batch after WeChat took it. Plans: AWAITING_WECHAT_ADMIN; batches: AWAITING_ADMIN.
ALTER TABLE {plan} ALTER COLUMN state TYPE VARCHAR(32) COLLATE "C";
ALTER TABLE {plan_batch} ALTER COLUMN state TYPE VARCHAR(16) COLLATE "C";
-- provider_id: WeChat's id of the job, NULL where it was not told. taken_ms: business time at which WeChat took it.
-- job_end: SUCCEEDED or FAILED, by whichever told it first, a report or an answer; NULL until then, and then for
-- good: the ledger is given back with it. ask_ms: machine time from which WeChat is asked how it stands, NULL for
-- never; asked_ms: when it was asked last; asks: how often; taken_machine_ms: what these count from.
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS provider_id VARCHAR(64) COLLATE "C";
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS taken_ms BIGINT;
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS taken_machine_ms BIGINT;
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS job_end VARCHAR(16) COLLATE "C";
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS ask_ms BIGINT;
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS asked_ms BIGINT;
ALTER TABLE {plan_batch} ADD COLUMN IF NOT EXISTS asks INT;
CREATE INDEX IF NOT EXISTS {#}plan_batch_provider ON {plan_batch} (dealer_id, account, provider_id);
-- Looked for every second.
CREATE INDEX IF NOT EXISTS {#}plan_batch_ask ON {plan_batch} (ask_ms, dealer_id);
-- Job reports of mass messages, of WeChat's console too: each end that was told of a job, once. words: WeChat's
-- own, cut. batch_id: whose it is, NULL for nobody's so far; decided: 1 for the one that told the batch's end.
-- at_ms: WeChat's time; received_ms: machine time. open_until_ms: machine time until which its batch is looked
-- for by every round; what comes later looks for it by itself.
CREATE TABLE IF NOT EXISTS {plan_report} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(64) COLLATE "C" NOT NULL,
  provider_id VARCHAR(64) COLLATE "C" NOT NULL,
  words VARCHAR(100) COLLATE "C" NOT NULL,
  succeeded INT NOT NULL,
  total INT NOT NULL,
  filtered INT NOT NULL,
  sent INT NOT NULL,
  failed INT NOT NULL,
  batch_id BIGINT,
  decided INT NOT NULL,
  at_ms BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  open_until_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS {#}plan_report_job ON {plan_report} (dealer_id, account, provider_id, words);
CREATE INDEX IF NOT EXISTS {#}plan_report_batch ON {plan_report} (dealer_id, batch_id);
-- Looked for every second.
CREATE INDEX IF NOT EXISTS {#}plan_report_open ON {plan_report} (open_until_ms, dealer_id);
