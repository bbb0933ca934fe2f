-- What staff do about tasks. party: whom it concerns, as in reminder, until it ends. listed: 1 what
-- there is to do, 0 what has ended. assignee: on whose list it is; lease_ms is machine time, until
-- when nobody else takes it, NULL for good. booked_from_ms and booked_to_ms: the slot; tell_ms is
-- machine time, when the host is told of it. contact: the last one.
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS party VARCHAR(64);
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS listed SMALLINT DEFAULT 1 NOT NULL;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS assignee VARCHAR(64);
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS lease_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS snoozed DATE;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS booked_from_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS booked_to_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS work_order_no VARCHAR(64);
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS tell_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS contact_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS contact_channel VARCHAR(12);
ALTER TABLE {reminder_task} ADD COLUMN IF NOT EXISTS contact_result VARCHAR(12);
UPDATE {reminder_task} SET party = open_party WHERE open_party IS NOT NULL;
UPDATE {reminder_task} SET listed = 0 WHERE state IN ('DONE', 'CLOSED');
CREATE INDEX IF NOT EXISTS {#}reminder_task_listed ON {reminder_task} (dealer_id, listed, due, id);
CREATE INDEX IF NOT EXISTS {#}reminder_task_of ON {reminder_task} (dealer_id, assignee, listed, due, id) WHERE assignee IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS {#}reminder_task_work ON {reminder_task} (dealer_id, work_order_no) WHERE work_order_no IS NOT NULL;
CREATE INDEX IF NOT EXISTS {#}reminder_task_tell ON {reminder_task} (dealer_id, tell_ms) WHERE tell_ms IS NOT NULL;
-- from_day, basis and assumed: how the date was counted, as in reminder. done_ms: the time of the
-- service by which its task was done. served and income_fen: the first service that came of it, and
-- what was paid for all that did. state also DROPPED, with a task that was refused or in vain.
ALTER TABLE {reminder_item} ADD COLUMN IF NOT EXISTS from_day DATE;
ALTER TABLE {reminder_item} ADD COLUMN IF NOT EXISTS basis VARCHAR(12);
ALTER TABLE {reminder_item} ADD COLUMN IF NOT EXISTS assumed BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE {reminder_item} ADD COLUMN IF NOT EXISTS done_ms BIGINT;
ALTER TABLE {reminder_item} ADD COLUMN IF NOT EXISTS served DATE;
ALTER TABLE {reminder_item} ADD COLUMN IF NOT EXISTS income_fen BIGINT;
CREATE INDEX IF NOT EXISTS {#}reminder_item_served ON {reminder_item} (dealer_id, served) WHERE served IS NOT NULL;
-- When the unit was replaced by another.
ALTER TABLE {reminder} ADD COLUMN IF NOT EXISTS replaced DATE;
-- From which state to which; what else there is to say, in codes; and in words, sealed.
ALTER TABLE {reminder_audit} ADD COLUMN IF NOT EXISTS from_state VARCHAR(12);
ALTER TABLE {reminder_audit} ADD COLUMN IF NOT EXISTS to_state VARCHAR(12);
ALTER TABLE {reminder_audit} ADD COLUMN IF NOT EXISTS detail VARCHAR(200);
ALTER TABLE {reminder_audit} ADD COLUMN IF NOT EXISTS note VARCHAR(1000);
