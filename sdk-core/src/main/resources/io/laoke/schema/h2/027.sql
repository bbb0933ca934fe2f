-- call_ms: since when staff are to call whom a task is about, in business time.
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS call_ms BIGINT;
UPDATE {reminder_task} SET call_ms = created_ms WHERE state NOT IN ('DONE', 'CLOSED');
-- What is done to reach who has services due, each step by itself. plan: the steps there are, and the
-- days of silence. next_ms is business time: when the step is taken, or looked at again; NULL once it
-- is over. why: why it was left. taken_ms: when its message left, as far as is known; items: how many
-- services it tells of.
CREATE TABLE IF NOT EXISTS {reminder_contact} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  task_id BIGINT NOT NULL,
  step VARCHAR(12) NOT NULL,
  state VARCHAR(12) NOT NULL,
  plan VARCHAR(100) NOT NULL,
  why VARCHAR(64),
  account VARCHAR(64),
  taken_ms BIGINT NOT NULL,
  items INT DEFAULT 0 NOT NULL,
  next_ms BIGINT,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}reminder_contact_due ON {reminder_contact} (dealer_id, next_ms);
CREATE INDEX IF NOT EXISTS {#}reminder_contact_by_task ON {reminder_contact} (dealer_id, task_id, id);
