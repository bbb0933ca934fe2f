-- Imports of history: how far each run is, and what it has counted. holder is whoever started it
-- last, and the only one who goes on with it; digest is over the facts behind it.
CREATE TABLE IF NOT EXISTS {import_run} (
  dealer_id INT NOT NULL,
  name VARCHAR(64) COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  state VARCHAR(10) COLLATE "C" NOT NULL,
  holder VARCHAR(40) COLLATE "C" NOT NULL,
  facts BIGINT NOT NULL,
  digest BIGINT NOT NULL,
  refusals BIGINT NOT NULL,
  starts INT NOT NULL,
  counts TEXT NOT NULL,
  started_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, name)
);
-- What they have refused. Keys may be customer numbers: they are sealed, and found by
-- their hash when a person is erased; values are masked.
CREATE TABLE IF NOT EXISTS {import_refusal} (
  dealer_id INT NOT NULL,
  run_id BIGINT NOT NULL,
  refusal_no BIGINT NOT NULL,
  fact_no BIGINT NOT NULL,
  kind VARCHAR(16) COLLATE "C" NOT NULL,
  fact_key VARCHAR(1000) NOT NULL,
  fact_hash VARCHAR(43) COLLATE "C" NOT NULL,
  origin VARCHAR(200),
  field VARCHAR(200) NOT NULL,
  fact_value VARCHAR(200),
  reason VARCHAR(1000) NOT NULL,
  PRIMARY KEY (dealer_id, run_id, refusal_no)
);
CREATE INDEX IF NOT EXISTS {#}import_refusal_by_fact ON {import_refusal} (dealer_id, fact_hash);
