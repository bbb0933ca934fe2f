-- How far the followers of an account were read. place is what the next page is asked with; counts are
-- of the run so far. Times are machine time.
CREATE TABLE IF NOT EXISTS {follower_sync} (
  dealer_id INT NOT NULL,
  account VARCHAR(64) NOT NULL,
  id BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  holder VARCHAR(40) NOT NULL,
  place VARCHAR(1000),
  place_hash VARCHAR(43),
  parts INT NOT NULL,
  total BIGINT NOT NULL,
  listed BIGINT NOT NULL,
  new_members BIGINT NOT NULL,
  now_following BIGINT NOT NULL,
  no_longer BIGINT NOT NULL,
  kept_out BIGINT NOT NULL,
  staff_openids BIGINT NOT NULL,
  starts INT NOT NULL,
  why VARCHAR(1000),
  started_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, account),
  KEY {#}follower_sync_by_place (dealer_id, place_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Whom a run has listed, lot by lot; taken away at its end.
CREATE TABLE IF NOT EXISTS {follower_seen} (
  dealer_id INT NOT NULL,
  run_id BIGINT NOT NULL,
  part_no INT NOT NULL,
  openid_hash VARCHAR(43) NOT NULL,
  PRIMARY KEY (dealer_id, run_id, part_no, openid_hash),
  KEY {#}follower_seen_by_openid (dealer_id, run_id, openid_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Services and units, and when orders reached their stages, for questions about members.
-- Of a live order: what it has reached, the latest time at which something of it that lives did.
ALTER TABLE {customer_order} ADD COLUMN approved_ms BIGINT;
ALTER TABLE {customer_order} ADD COLUMN shipped_ms BIGINT;
ALTER TABLE {customer_order} ADD COLUMN delivered_ms BIGINT;
ALTER TABLE {customer_order} ADD COLUMN installed_ms BIGINT;
ALTER TABLE {customer_order} ADD COLUMN with_services BOOLEAN DEFAULT FALSE NOT NULL;
-- plain_units: how many units without a row of their own count as bought; installed_ms and
-- serviced_ms are theirs. With the rows in order_unit that are counted they are all units of a line.
ALTER TABLE {order_line} ADD COLUMN plain_units INT DEFAULT 0 NOT NULL;
ALTER TABLE {order_line} ADD COLUMN installed_ms BIGINT;
ALTER TABLE {order_line} ADD COLUMN serviced_ms BIGINT;
ALTER TABLE {order_line} ADD COLUMN warranty_ends DATE;
ALTER TABLE {order_unit} ADD COLUMN counted BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE {order_unit} ADD COLUMN installed_ms BIGINT;
ALTER TABLE {order_unit} ADD COLUMN serviced_ms BIGINT;
-- What was done to units. unit_no is 0 for all units of a line; unit_id is the one unit's row.
-- member_id repeats the order's. key_ms is at_ms where no document tells reports apart, else 0.
CREATE TABLE IF NOT EXISTS {unit_service} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  unit_no INT NOT NULL,
  unit_id BIGINT,
  member_id BIGINT,
  kind VARCHAR(32) NOT NULL,
  at_ms BIGINT NOT NULL,
  key_ms BIGINT NOT NULL,
  paid_fen BIGINT NOT NULL,
  document VARCHAR(64) NOT NULL,
  technician VARCHAR(1000),
  note VARCHAR(1000),
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, line_no, unit_no, kind, document, key_ms),
  KEY {#}unit_service_by_member (dealer_id, member_id, at_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- What was recorded before. A scope is empty, or JSON of lines with lists of units: a line's list is
-- found by the text before it, in which names are escaped.
UPDATE {customer_order} o SET
  approved_ms = CASE WHEN o.stage IN ('APPROVED', 'SHIPPED', 'SCHEDULED', 'DELIVERED', 'INSTALLED', 'COMPLETED', 'CANCELLED', 'RETURNED') THEN (
    SELECT MAX(s.at_ms) FROM {order_stage} s
    WHERE s.dealer_id = o.dealer_id AND s.order_id = o.id AND s.stage = 'APPROVED'
      AND (s.scope = '' OR EXISTS (
        SELECT 1 FROM {order_line} l
        WHERE l.dealer_id = o.dealer_id AND l.order_id = o.id
          AND (o.stage IN ('CANCELLED', 'RETURNED') OR l.stage NOT IN ('CANCELLED', 'RETURNED'))
          AND LOCATE(CONCAT('],"', REPLACE(REPLACE(l.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0))) END,
  shipped_ms = CASE WHEN o.stage IN ('SHIPPED', 'SCHEDULED', 'DELIVERED', 'INSTALLED', 'COMPLETED', 'CANCELLED', 'RETURNED') THEN (
    SELECT MAX(s.at_ms) FROM {order_stage} s
    WHERE s.dealer_id = o.dealer_id AND s.order_id = o.id AND s.stage = 'SHIPPED'
      AND (s.scope = '' OR EXISTS (
        SELECT 1 FROM {order_line} l
        WHERE l.dealer_id = o.dealer_id AND l.order_id = o.id
          AND (o.stage IN ('CANCELLED', 'RETURNED') OR l.stage NOT IN ('CANCELLED', 'RETURNED'))
          AND LOCATE(CONCAT('],"', REPLACE(REPLACE(l.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0))) END,
  delivered_ms = CASE WHEN o.stage IN ('DELIVERED', 'INSTALLED', 'COMPLETED', 'CANCELLED', 'RETURNED') THEN (
    SELECT MAX(s.at_ms) FROM {order_stage} s
    WHERE s.dealer_id = o.dealer_id AND s.order_id = o.id AND s.stage = 'DELIVERED'
      AND (s.scope = '' OR EXISTS (
        SELECT 1 FROM {order_line} l
        WHERE l.dealer_id = o.dealer_id AND l.order_id = o.id
          AND (o.stage IN ('CANCELLED', 'RETURNED') OR l.stage NOT IN ('CANCELLED', 'RETURNED'))
          AND LOCATE(CONCAT('],"', REPLACE(REPLACE(l.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0))) END,
  installed_ms = CASE WHEN o.stage IN ('INSTALLED', 'COMPLETED', 'CANCELLED', 'RETURNED') THEN (
    SELECT MAX(s.at_ms) FROM {order_stage} s
    WHERE s.dealer_id = o.dealer_id AND s.order_id = o.id AND s.stage = 'INSTALLED'
      AND (s.scope = '' OR EXISTS (
        SELECT 1 FROM {order_line} l
        WHERE l.dealer_id = o.dealer_id AND l.order_id = o.id
          AND (o.stage IN ('CANCELLED', 'RETURNED') OR l.stage NOT IN ('CANCELLED', 'RETURNED'))
          AND LOCATE(CONCAT('],"', REPLACE(REPLACE(l.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0))) END
WHERE o.stage <> 'REPORTED';
UPDATE {order_unit} u SET installed_ms = (
    SELECT MAX(s.at_ms) FROM {order_stage} s
    WHERE s.dealer_id = u.dealer_id AND s.order_id = u.order_id AND s.stage = 'INSTALLED'
      AND (s.scope = '' OR LOCATE(CONCAT(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), ']'), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0
      OR (LOCATE(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0 AND (LOCATE(CONCAT(',', u.unit_no, ','), CONCAT(',', SUBSTRING(SUBSTRING(REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],'), LOCATE(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) + CHAR_LENGTH(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['))), 1, LOCATE(']', SUBSTRING(REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],'), LOCATE(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) + CHAR_LENGTH(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['))))))) > 0
        OR LOCATE(CONCAT(',', u.unit_no, ']'), CONCAT(',', SUBSTRING(SUBSTRING(REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],'), LOCATE(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) + CHAR_LENGTH(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['))), 1, LOCATE(']', SUBSTRING(REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],'), LOCATE(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) + CHAR_LENGTH(CONCAT('],"', REPLACE(REPLACE(u.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['))))))) > 0))))
WHERE u.present = TRUE;
UPDATE {order_unit} u JOIN (
  SELECT f.dealer_id, f.id FROM (
    SELECT v.dealer_id, v.id, l.counted_quantity, ROW_NUMBER() OVER (
      PARTITION BY v.dealer_id, v.order_id, v.line_no
      ORDER BY CASE v.stage WHEN 'REPORTED' THEN 0 WHEN 'APPROVED' THEN 1 WHEN 'SHIPPED' THEN 2 WHEN 'SCHEDULED' THEN 3 WHEN 'DELIVERED' THEN 4 WHEN 'INSTALLED' THEN 5 WHEN 'COMPLETED' THEN 6 END DESC, v.unit_no) AS place
    FROM {order_unit} v
    JOIN {order_line} l
      ON l.dealer_id = v.dealer_id AND l.order_id = v.order_id AND l.line_no = v.line_no
    WHERE v.present = TRUE AND v.stage NOT IN ('CANCELLED', 'RETURNED')) f
  WHERE f.place <= CEILING(f.counted_quantity)) c ON c.dealer_id = u.dealer_id AND c.id = u.id
SET u.counted = TRUE;
UPDATE {order_line} l SET
  plain_units = CASE WHEN l.kind = 'GOODS' THEN CEILING(l.counted_quantity) - (
    SELECT COUNT(*) FROM {order_unit} u
    WHERE u.dealer_id = l.dealer_id AND u.order_id = l.order_id AND u.line_no = l.line_no
      AND u.counted = TRUE) ELSE 0 END,
  installed_ms = (
    SELECT MAX(s.at_ms) FROM {order_stage} s
    WHERE s.dealer_id = l.dealer_id AND s.order_id = l.order_id AND s.stage = 'INSTALLED'
      AND (s.scope = '' OR LOCATE(CONCAT(CONCAT('],"', REPLACE(REPLACE(l.line_no, CHAR(92 USING utf8mb4), CONCAT(CHAR(92 USING utf8mb4), CHAR(92 USING utf8mb4))), '"', CONCAT(CHAR(92 USING utf8mb4), '"')), '":['), ']'), REPLACE(s.scope, CONCAT(CHAR(123 USING utf8mb4), '"lines":', CHAR(123 USING utf8mb4)), '],')) > 0));
