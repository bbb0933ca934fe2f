-- What makes questions about all that members bought fast.
-- line_count: lines that count; kept in rows of the lifetime only. In member, orders to last_ms repeat
-- the member's row of the consumption file for all there is, and are missing where there is none.
ALTER TABLE {member_category} ADD COLUMN IF NOT EXISTS line_count BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS orders BIGINT;
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS line_count BIGINT;
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS quantity DECIMAL(20, 3);
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS net_fen BIGINT;
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS first_ms BIGINT;
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS last_ms BIGINT;
-- What was recorded before, in parts, none of which takes long enough for the lease to end.
UPDATE {member_category} f SET line_count = (
    SELECT COUNT(*) FROM {order_line} l
    WHERE l.dealer_id = f.dealer_id AND l.member_id = f.member_id AND l.counted_quantity > 0
      AND (f.path = '' OR l.category = f.path OR LEFT(l.category, CHAR_LENGTH(f.path) + 1) = CONCAT(f.path, '/')))
WHERE f.month_no = 0 AND MOD(f.member_id, 17) = {part:17};
UPDATE {member} m SET (orders, line_count, quantity, net_fen, first_ms, last_ms) = (
    SELECT r.orders, r.line_count, r.quantity, r.net_fen, r.first_ms, r.last_ms
    FROM {member_category} r
    WHERE r.dealer_id = m.dealer_id AND r.member_id = m.id AND r.path = '' AND r.month_no = 0)
WHERE MOD(m.id, 17) = {part:17};
CREATE INDEX IF NOT EXISTS {#}order_line_by_category ON {order_line} (dealer_id, category, ordered_ms, member_id, counted_fen, counted_quantity);
