-- What came of dates. told: the day on which the last message about a task left that is not known to be
-- lost, told_by how. reached: the day on which staff reached the customer last, reached_by how, if
-- they said; booked: that on which a slot was agreed on last.
ALTER TABLE {reminder_task} ADD COLUMN told DATE;
ALTER TABLE {reminder_task} ADD COLUMN told_by VARCHAR(12);
ALTER TABLE {reminder_task} ADD COLUMN reached DATE;
ALTER TABLE {reminder_task} ADD COLUMN reached_by VARCHAR(12);
ALTER TABLE {reminder_task} ADD COLUMN booked DATE;
CREATE INDEX {#}reminder_item_opened ON {reminder_item} (dealer_id, opened);
-- reminded: the day of the date that a service came of; NULL if it came of none.
ALTER TABLE {unit_service} ADD COLUMN reminded DATE;
CREATE INDEX {#}unit_service_at ON {unit_service} (dealer_id, at_ms);
-- Orders with services that came of dates are planned anew, which fills it.
INSERT INTO {reminder_todo} (dealer_id, id, order_id)
  SELECT DISTINCT u.dealer_id, u.order_id, u.order_id FROM {reminder_item} i
  JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
  WHERE i.served IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM {reminder_todo} t WHERE t.dealer_id = u.dealer_id AND t.id = u.order_id);
-- The last digest of each member of staff; of nobody, the day for which digests were made last. tell_ms
-- is machine time, when it is told, NULL once it was.
CREATE TABLE IF NOT EXISTS {reminder_digest} (
  dealer_id INT NOT NULL,
  staff VARCHAR(64) NOT NULL,
  digest_day DATE NOT NULL,
  due INT NOT NULL,
  overdue INT NOT NULL,
  booked INT NOT NULL,
  tell_ms BIGINT,
  PRIMARY KEY (dealer_id, staff)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}reminder_digest_tell ON {reminder_digest} (dealer_id, tell_ms);
-- How many tasks were given to somebody in turn, by rule and by whose turn it is.
CREATE TABLE IF NOT EXISTS {reminder_turn} (
  dealer_id INT NOT NULL,
  code VARCHAR(64) NOT NULL,
  staff VARCHAR(64) NOT NULL,
  given BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, code, staff)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
