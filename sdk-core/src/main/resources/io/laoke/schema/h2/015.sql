-- What staff and hosts add to a member's file.
-- Tags, each once a member. When tags of two members that are one differ, the survivor has copies.
CREATE TABLE IF NOT EXISTS {member_tag} (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  tag VARCHAR(64) NOT NULL,
  actor VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, member_id, tag)
);
CREATE INDEX IF NOT EXISTS {#}member_tag_by_tag ON {member_tag} (dealer_id, tag, member_id);
-- Remarks that stand; what was taken back is gone but for its lines in member_audit.
CREATE TABLE IF NOT EXISTS {member_remark} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  text_sealed VARCHAR(2000),
  actor VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}member_remark_by_member ON {member_remark} (dealer_id, member_id);
-- Pauses that were not taken back. purpose: 1 CARE, 2 MARKETING. complaint: its number, or empty.
-- until_ms: business time; NULL until somebody ends it.
CREATE TABLE IF NOT EXISTS {member_pause} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  purpose SMALLINT NOT NULL,
  complaint VARCHAR(64) NOT NULL,
  until_ms BIGINT,
  reason VARCHAR(1000),
  actor VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}member_pause_by_member ON {member_pause} (dealer_id, member_id);
-- Who changed what of this, when and why; of a member as it was then, merges do not move it.
CREATE TABLE IF NOT EXISTS {member_audit} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  action VARCHAR(24) NOT NULL,
  subject VARCHAR(64) NOT NULL,
  until_ms BIGINT,
  reason VARCHAR(1000),
  actor VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
CREATE INDEX IF NOT EXISTS {#}member_audit_by_member ON {member_audit} (dealer_id, member_id, id);
-- kind also CODE, a declared code as it is, and INSTANT, epoch milliseconds in number_value.
ALTER TABLE {member_attribute} ADD COLUMN IF NOT EXISTS code_value VARCHAR(64);
CREATE INDEX IF NOT EXISTS {#}member_attribute_by_name ON {member_attribute} (dealer_id, name, kind);
-- Attributes that the dealer has declared; definition is JSON. The row without a name is locked by
-- who writes attributes, together with others, and by who declares one, alone.
CREATE TABLE IF NOT EXISTS {attribute_type} (
  dealer_id INT NOT NULL,
  name VARCHAR(64) NOT NULL,
  definition TEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, name)
);
-- Events that the dealer has declared; definition is JSON and says which place of a row of event
-- holds which property. Who records an event locks its row together with others.
CREATE TABLE IF NOT EXISTS {event_type} (
  dealer_id INT NOT NULL,
  name VARCHAR(64) NOT NULL,
  definition TEXT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, name)
);
-- What happened to members. number_hash: the customer number that it was told of, if one was.
-- Of the property at place i: n<i> an INTEGER, MONEY in fen, a FLAG as 1 or 0, an INSTANT as epoch
-- milliseconds, a DATE as 20261125; w<i> a CODE, or the keyed hash of a TEXT; t<i> a TEXT, sealed.
CREATE TABLE IF NOT EXISTS {event} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  type VARCHAR(64) NOT NULL,
  event_no VARCHAR(64) NOT NULL,
  number_hash VARCHAR(43),
  at_ms BIGINT NOT NULL,
  amount_fen BIGINT,
  recorded_ms BIGINT NOT NULL,
  n1 BIGINT,
  n2 BIGINT,
  n3 BIGINT,
  n4 BIGINT,
  n5 BIGINT,
  n6 BIGINT,
  n7 BIGINT,
  n8 BIGINT,
  n9 BIGINT,
  n10 BIGINT,
  w1 VARCHAR(64),
  w2 VARCHAR(64),
  w3 VARCHAR(64),
  w4 VARCHAR(64),
  w5 VARCHAR(64),
  w6 VARCHAR(64),
  w7 VARCHAR(64),
  w8 VARCHAR(64),
  w9 VARCHAR(64),
  w10 VARCHAR(64),
  t1 VARCHAR(1000),
  t2 VARCHAR(1000),
  t3 VARCHAR(1000),
  t4 VARCHAR(1000),
  t5 VARCHAR(1000),
  t6 VARCHAR(1000),
  t7 VARCHAR(1000),
  t8 VARCHAR(1000),
  t9 VARCHAR(1000),
  t10 VARCHAR(1000),
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, type, event_no)
);
CREATE INDEX IF NOT EXISTS {#}event_by_member ON {event} (dealer_id, member_id, type, at_ms);
CREATE INDEX IF NOT EXISTS {#}event_by_type ON {event} (dealer_id, type, at_ms);
