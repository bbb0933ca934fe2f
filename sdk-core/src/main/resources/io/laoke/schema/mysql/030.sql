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
