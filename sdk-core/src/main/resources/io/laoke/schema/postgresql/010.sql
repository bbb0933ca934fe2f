-- Facts that any program inserts as (dealer, kind, ref, fact), all else by default. dealer is the
-- dealer's code, the only name of it that plain SQL knows, and leads in place of dealer_id. ref is
-- the order's, customer's or note's number; a keyed hash once a MEMBER row is done. state NEW,
-- WAITING, BAD, DONE, DROPPED. next_ms, machine time: of the next attempt, or of the removal.
-- edition counts corrections. fact is taken away once it is applied.
CREATE TABLE IF NOT EXISTS {inbox} (
  dealer VARCHAR(128) COLLATE "C" NOT NULL,
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  kind VARCHAR(32) COLLATE "C",
  ref VARCHAR(255) COLLATE "C",
  fact TEXT,
  state VARCHAR(10) COLLATE "C" DEFAULT 'NEW' NOT NULL,
  next_ms BIGINT DEFAULT 0 NOT NULL,
  tries INT DEFAULT 0 NOT NULL,
  edition INT DEFAULT 0 NOT NULL,
  first_ms BIGINT,
  done_ms BIGINT,
  reason_code VARCHAR(64) COLLATE "C",
  reason_field VARCHAR(200),
  reason VARCHAR(1000),
  PRIMARY KEY (dealer, id)
);
-- Of all dealers at once: one look tells whether anybody has work.
CREATE INDEX IF NOT EXISTS {#}inbox_by_turn ON {inbox} (state, next_ms, dealer, id);
CREATE INDEX IF NOT EXISTS {#}inbox_by_ref ON {inbox} (dealer, state, ref, id);
-- Which engine applies a dealer's facts; spares two of them the same work, and decides nothing.
CREATE TABLE IF NOT EXISTS {inbox_turn} (
  dealer_id INT NOT NULL,
  token VARCHAR(40) COLLATE "C" NOT NULL,
  until_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id)
);
