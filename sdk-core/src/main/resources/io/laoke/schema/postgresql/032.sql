-- The last day on which an engine worked, by which a clock that was moved back is noticed; so far a row of
-- reminder_filled whose store begins with a blank, as no code does.
CREATE TABLE IF NOT EXISTS {reminder_clock} (
  dealer_id INT NOT NULL,
  lived DATE NOT NULL,
  PRIMARY KEY (dealer_id)
);
INSERT INTO {reminder_clock} (dealer_id, lived)
  SELECT f.dealer_id, f.fill_day FROM {reminder_filled} f
  WHERE f.store_code = ' lived' AND NOT EXISTS (
    SELECT 1 FROM {reminder_clock} c WHERE c.dealer_id = f.dealer_id);
DELETE FROM {reminder_filled} WHERE store_code = ' lived';
-- Days before that of the last digests whose digests were made, as long as a clock may be moved back to them.
-- ended_ms is machine time, when the next ones were made; so far rows of reminder_digest, as above, with the
-- machine's day in place of what is due.
CREATE TABLE IF NOT EXISTS {reminder_digest_day} (
  dealer_id INT NOT NULL,
  digest_day DATE NOT NULL,
  ended_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, digest_day)
);
INSERT INTO {reminder_digest_day} (dealer_id, digest_day, ended_ms)
  SELECT g.dealer_id, g.digest_day, CAST(g.due AS BIGINT) * 86400000 FROM {reminder_digest} g
  WHERE g.staff LIKE ' %' AND NOT EXISTS (
    SELECT 1 FROM {reminder_digest_day} d WHERE d.dealer_id = g.dealer_id AND d.digest_day = g.digest_day);
DELETE FROM {reminder_digest} WHERE staff LIKE ' %';
-- What has come due leaves the front of an index, where the next is looked for, a few rows of many: too few
-- for a vacuum to go through the indexes by itself, so that each look would pass over what has left.
ALTER TABLE {reminder} SET (vacuum_index_cleanup = on);
ALTER TABLE {reminder_task} SET (vacuum_index_cleanup = on);
ALTER TABLE {reminder_contact} SET (vacuum_index_cleanup = on);
ALTER TABLE {reminder_todo} SET (vacuum_index_cleanup = on);
