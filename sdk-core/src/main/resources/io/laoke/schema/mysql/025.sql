-- What staff do about tasks. party: whom it concerns, as in reminder, until it ends. listed: 1 what
-- there is to do, 0 what has ended. assignee: on whose list it is; lease_ms is machine time, until
-- when nobody else takes it, NULL for good. booked_from_ms and booked_to_ms: the slot; tell_ms is
-- machine time, when the host is told of it. contact: the last one.
ALTER TABLE {reminder_task} ADD COLUMN party VARCHAR(64);
ALTER TABLE {reminder_task} ADD COLUMN listed SMALLINT DEFAULT 1 NOT NULL;
ALTER TABLE {reminder_task} ADD COLUMN assignee VARCHAR(64);
ALTER TABLE {reminder_task} ADD COLUMN lease_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN snoozed DATE;
ALTER TABLE {reminder_task} ADD COLUMN booked_from_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN booked_to_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN work_order_no VARCHAR(64);
ALTER TABLE {reminder_task} ADD COLUMN tell_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN contact_ms BIGINT;
ALTER TABLE {reminder_task} ADD COLUMN contact_channel VARCHAR(12);
ALTER TABLE {reminder_task} ADD COLUMN contact_result VARCHAR(12);
UPDATE {reminder_task} SET party = open_party WHERE open_party IS NOT NULL;
UPDATE {reminder_task} SET listed = 0 WHERE state IN ('DONE', 'CLOSED');
CREATE INDEX {#}reminder_task_listed ON {reminder_task} (dealer_id, listed, due, id);
CREATE INDEX {#}reminder_task_of ON {reminder_task} (dealer_id, assignee, listed, due, id);
CREATE UNIQUE INDEX {#}reminder_task_work ON {reminder_task} (dealer_id, work_order_no);
CREATE INDEX {#}reminder_task_tell ON {reminder_task} (dealer_id, tell_ms);
-- from_day, basis and assumed: how the date was counted, as in reminder. done_ms: the time of the
-- service by which its task was done. served and income_fen: the first service that came of it, and
-- what was paid for all that did. state also DROPPED, with a task that was refused or in vain.
ALTER TABLE {reminder_item} ADD COLUMN from_day DATE;
ALTER TABLE {reminder_item} ADD COLUMN basis VARCHAR(12);
ALTER TABLE {reminder_item} ADD COLUMN assumed BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE {reminder_item} ADD COLUMN done_ms BIGINT;
ALTER TABLE {reminder_item} ADD COLUMN served DATE;
ALTER TABLE {reminder_item} ADD COLUMN income_fen BIGINT;
CREATE INDEX {#}reminder_item_served ON {reminder_item} (dealer_id, served);
-- When the unit was replaced by another.
ALTER TABLE {reminder} ADD COLUMN replaced DATE;
-- From which state to which; what else there is to say, in codes; and in words, sealed.
ALTER TABLE {reminder_audit} ADD COLUMN from_state VARCHAR(12);
ALTER TABLE {reminder_audit} ADD COLUMN to_state VARCHAR(12);
ALTER TABLE {reminder_audit} ADD COLUMN detail VARCHAR(200);
ALTER TABLE {reminder_audit} ADD COLUMN note VARCHAR(1000);
