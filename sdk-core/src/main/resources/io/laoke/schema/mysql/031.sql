-- Orders whose services had ended what was due before it was kept what comes of dates are planned anew,
-- which fills it.
INSERT INTO {reminder_todo} (dealer_id, id, order_id)
  SELECT DISTINCT u.dealer_id, u.order_id, u.order_id FROM {reminder_item} i
  JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
  WHERE i.state = 'DONE' AND i.served IS NULL AND NOT EXISTS (
    SELECT 1 FROM {reminder_todo} t WHERE t.dealer_id = u.dealer_id AND t.id = u.order_id);
-- What had come of tasks before 030 kept it, as far as steps and audits tell; days are those of China. Of
-- messages that are still looked at it is noted then.
UPDATE {reminder_task} t SET
  told = (
    SELECT DATE_ADD(CAST('1970-01-01' AS DATE), INTERVAL (MAX(c.taken_ms) + 28800000) DIV 86400000 DAY) FROM {reminder_contact} c
    WHERE c.dealer_id = t.dealer_id AND c.task_id = t.id AND c.account IS NOT NULL AND (
      c.why = 'SILENT' OR c.why = 'ANSWERED' AND EXISTS (
        SELECT 1 FROM {decision} d
        WHERE d.dealer_id = c.dealer_id AND d.cause_kind = 'REMINDER' AND d.cause_id = c.id
          AND d.result IN ('SENT', 'FITTED', 'REPLIED', 'UNKNOWN')
          AND (d.delivery IS NULL OR d.delivery = 'DELIVERED')))),
  told_by = (
    SELECT CASE WHEN c.step = 'SMS' THEN 'SMS' ELSE 'WECHAT' END FROM {reminder_contact} c
    WHERE c.dealer_id = t.dealer_id AND c.task_id = t.id AND c.account IS NOT NULL AND (
      c.why = 'SILENT' OR c.why = 'ANSWERED' AND EXISTS (
        SELECT 1 FROM {decision} d
        WHERE d.dealer_id = c.dealer_id AND d.cause_kind = 'REMINDER' AND d.cause_id = c.id
          AND d.result IN ('SENT', 'FITTED', 'REPLIED', 'UNKNOWN')
          AND (d.delivery IS NULL OR d.delivery = 'DELIVERED')))
    ORDER BY c.taken_ms DESC, c.id DESC LIMIT 1)
WHERE t.told IS NULL AND MOD(t.id, 17) = {part:17} AND EXISTS (
  SELECT 1 FROM {reminder_contact} c
  WHERE c.dealer_id = t.dealer_id AND c.task_id = t.id AND c.account IS NOT NULL AND (
      c.why = 'SILENT' OR c.why = 'ANSWERED' AND EXISTS (
        SELECT 1 FROM {decision} d
        WHERE d.dealer_id = c.dealer_id AND d.cause_kind = 'REMINDER' AND d.cause_id = c.id
          AND d.result IN ('SENT', 'FITTED', 'REPLIED', 'UNKNOWN')
          AND (d.delivery IS NULL OR d.delivery = 'DELIVERED'))));
UPDATE {reminder_task} t SET
  reached = (
    SELECT DATE_ADD(CAST('1970-01-01' AS DATE), INTERVAL (MAX(a.at_ms) + 28800000) DIV 86400000 DAY) FROM {reminder_audit} a
    WHERE a.dealer_id = t.dealer_id AND a.task_id = t.id AND (
      a.action IN ('BOOKED', 'REFUSED') AND a.actor <> 'customer' OR a.action = 'CONTACTED'
        AND (a.detail LIKE '% REACHED' OR a.detail LIKE '% LATER'))),
  reached_by = (
    SELECT SUBSTRING(a.detail, 1, POSITION(' ' IN a.detail) - 1) FROM {reminder_audit} a
    WHERE a.dealer_id = t.dealer_id AND a.task_id = t.id AND a.action = 'CONTACTED' AND (a.detail LIKE '% REACHED' OR a.detail LIKE '% LATER')
    ORDER BY a.id DESC LIMIT 1)
WHERE t.reached IS NULL AND MOD(t.id, 17) = {part:17} AND EXISTS (
  SELECT 1 FROM {reminder_audit} a
  WHERE a.dealer_id = t.dealer_id AND a.task_id = t.id AND (
      a.action IN ('BOOKED', 'REFUSED') AND a.actor <> 'customer' OR a.action = 'CONTACTED'
        AND (a.detail LIKE '% REACHED' OR a.detail LIKE '% LATER')));
UPDATE {reminder_task} t SET
  booked = (
    SELECT DATE_ADD(CAST('1970-01-01' AS DATE), INTERVAL (MAX(a.at_ms) + 28800000) DIV 86400000 DAY) FROM {reminder_audit} a
    WHERE a.dealer_id = t.dealer_id AND a.task_id = t.id AND a.action = 'BOOKED')
WHERE t.booked IS NULL AND MOD(t.id, 17) = {part:17} AND EXISTS (
  SELECT 1 FROM {reminder_audit} a
  WHERE a.dealer_id = t.dealer_id AND a.task_id = t.id AND a.action = 'BOOKED');
-- Text messages that were accepted: from which machine time on their receipts are asked for, if none came.
CREATE TABLE IF NOT EXISTS {receipt_due} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  account VARCHAR(64) NOT NULL,
  ask_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}receipt_due_at ON {receipt_due} (dealer_id, ask_ms);
-- digest_by: how they get each day's digest: SMS, WECHAT or NONE.
ALTER TABLE {staff} ADD COLUMN digest_by VARCHAR(8) DEFAULT 'SMS' NOT NULL;
