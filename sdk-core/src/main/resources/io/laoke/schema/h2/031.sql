-- Orders whose services had ended what was due before it was kept what comes of dates are planned anew,
-- which fills it.
INSERT INTO {reminder_todo} (dealer_id, id, order_id)
  SELECT DISTINCT u.dealer_id, u.order_id, u.order_id FROM {reminder_item} i
  JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
  WHERE i.state = 'DONE' AND i.served IS NULL AND NOT EXISTS (
    SELECT 1 FROM {reminder_todo} t WHERE t.dealer_id = u.dealer_id AND t.id = u.order_id);
