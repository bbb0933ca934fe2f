-- Facts that any program inserts as (dealer, kind, ref, fact), all else by default. dealer is the
-- dealer's code, the only name of it that plain SQL knows, and leads in place of dealer_id. ref is
-- the order's, customer's or note's number; a keyed hash once a MEMBER row is done. state NEW,
-- WAITING, BAD, DONE, DROPPED. next_ms, machine time: of the next attempt, or of the removal.
-- edition counts corrections. fact is taken away once it is applied.
-- inbox_by_turn is of all dealers at once: one look tells whether anybody has work. The key id is
-- what AUTO_INCREMENT asks for.
CREATE TABLE IF NOT EXISTS {inbox} (
  dealer VARCHAR(128) NOT NULL,
  id BIGINT NOT NULL AUTO_INCREMENT,
  kind VARCHAR(32),
  ref VARCHAR(255),
  fact MEDIUMTEXT,
  state VARCHAR(10) DEFAULT 'NEW' NOT NULL,
  next_ms BIGINT DEFAULT 0 NOT NULL,
  tries INT DEFAULT 0 NOT NULL,
  edition INT DEFAULT 0 NOT NULL,
  first_ms BIGINT,
  done_ms BIGINT,
  reason_code VARCHAR(64),
  reason_field VARCHAR(200),
  reason VARCHAR(1000),
  PRIMARY KEY (dealer, id),
  UNIQUE KEY {#}inbox_id (id),
  KEY {#}inbox_by_turn (state, next_ms, dealer, id),
  KEY {#}inbox_by_ref (dealer, state, ref, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- Which engine applies a dealer's facts; spares two of them the same work, and decides nothing.
CREATE TABLE IF NOT EXISTS {inbox_turn} (
  dealer_id INT NOT NULL,
  token VARCHAR(40) NOT NULL,
  until_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
