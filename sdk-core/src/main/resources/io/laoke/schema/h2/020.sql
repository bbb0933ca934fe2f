-- Which members changed in a way that segments can see, written in the same transaction, for what
-- processes keep in memory of them. members: ids, separated by commas. Ids of rows have no holes but
-- those of transactions that are under way or were rolled back, so nobody misses a late one.
-- Rows are of all dealers at once: one look tells what is new. changed_ms is machine time.
CREATE TABLE IF NOT EXISTS {member_change} (
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  dealer_id INT NOT NULL,
  members VARCHAR(4000) NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (id)
);
