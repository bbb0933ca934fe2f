-- People: merges, consents, attributes, erasures.
-- merged_into: the member that this one was merged into; it then has neither orders nor identities.
-- erased_ms: nothing personal is left, the row is the pseudonym of what was bought.
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS merged_into BIGINT;
ALTER TABLE {member} ADD COLUMN IF NOT EXISTS erased_ms BIGINT;
CREATE INDEX IF NOT EXISTS {#}member_by_survivor ON {member} (dealer_id, merged_into);
-- resolution: NULL while open, DISMISSED by a person, MERGED while a merge holds.
ALTER TABLE {member_duplicate} ADD COLUMN IF NOT EXISTS resolution VARCHAR(16);
ALTER TABLE {member_duplicate} ADD COLUMN IF NOT EXISTS resolved_ms BIGINT;
ALTER TABLE {member_duplicate} ADD COLUMN IF NOT EXISTS resolved_by VARCHAR(64);
CREATE INDEX IF NOT EXISTS {#}member_duplicate_by_other ON {member_duplicate} (dealer_id, other_id);
-- erased: 1 once its person was erased; later reports of it leave no personal value here.
ALTER TABLE {customer_order} ADD COLUMN IF NOT EXISTS erased SMALLINT DEFAULT 0 NOT NULL;
CREATE INDEX IF NOT EXISTS {#}customer_order_by_place ON {customer_order} (dealer_id, place_id);
CREATE INDEX IF NOT EXISTS {#}return_note_by_member ON {return_note} (dealer_id, member_id);
CREATE INDEX IF NOT EXISTS {#}callback_inbox_by_recipient ON {callback_inbox} (dealer_id, recipient);
CREATE INDEX IF NOT EXISTS {#}decision_by_recipient ON {decision} (dealer_id, recipient);
CREATE INDEX IF NOT EXISTS {#}delivery_report_by_recipient ON {delivery_report} (dealer_id, recipient);
CREATE INDEX IF NOT EXISTS {#}recipient_by_hash ON {recipient} (dealer_id, openid_hash);
CREATE INDEX IF NOT EXISTS {#}binding_audit_by_id ON {binding_audit} (dealer_id, id);
-- live: 1 while the merge holds, NULL once it was split: one live merge of a member.
CREATE TABLE IF NOT EXISTS {member_merge} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  survivor_id BIGINT NOT NULL,
  merged_id BIGINT NOT NULL,
  live SMALLINT,
  actor VARCHAR(64) NOT NULL,
  reason VARCHAR(1000),
  at_ms BIGINT NOT NULL,
  orders INT NOT NULL,
  notes INT NOT NULL,
  identities INT NOT NULL,
  split_ms BIGINT,
  split_actor VARCHAR(64),
  split_reason VARCHAR(1000),
  orders_back INT,
  orders_followed INT,
  orders_stayed INT,
  identities_stayed INT,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, merged_id, live)
);
CREATE INDEX IF NOT EXISTS {#}member_merge_by_survivor ON {member_merge} (dealer_id, survivor_id);
-- What a merge moved: ORDER and NOTE by ref; IDENTITY by part (its kind), account and hash; FIELD and
-- ATTRIBUTE, which the survivor lacked, by part.
CREATE TABLE IF NOT EXISTS {member_merge_item} (
  dealer_id INT NOT NULL,
  merge_id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  ref BIGINT NOT NULL,
  part VARCHAR(64) NOT NULL,
  account VARCHAR(64) NOT NULL,
  hash VARCHAR(43) NOT NULL,
  PRIMARY KEY (dealer_id, merge_id, kind, ref, part, account, hash)
);
-- Consents and refusals as they were given; the newest of a purpose counts. merge_id: copied by it.
CREATE TABLE IF NOT EXISTS {consent} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  purpose SMALLINT NOT NULL,
  given SMALLINT NOT NULL,
  source VARCHAR(64) NOT NULL,
  text_version VARCHAR(64) NOT NULL,
  at_ms BIGINT NOT NULL,
  recorded_ms BIGINT NOT NULL,
  merge_id BIGINT,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, member_id, purpose, at_ms, given)
);
-- kind TEXT, NUMBER, DATE, FLAG; text is sealed and found by its hash.
CREATE TABLE IF NOT EXISTS {member_attribute} (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  name VARCHAR(64) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  text_sealed VARCHAR(1000),
  text_hash VARCHAR(43),
  number_value DECIMAL(19, 4),
  date_value DATE,
  flag_value SMALLINT,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, member_id, name)
);
-- Who was erased, by whom and why; what keeps them out is the status of their identities.
CREATE TABLE IF NOT EXISTS {erasure} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  member_id BIGINT NOT NULL,
  actor VARCHAR(64) NOT NULL,
  reason VARCHAR(1000),
  at_ms BIGINT NOT NULL,
  readmitted SMALLINT NOT NULL,
  PRIMARY KEY (dealer_id, id)
);
-- When a chore of a dealer is due next; machine time.
CREATE TABLE IF NOT EXISTS {chore} (
  dealer_id INT NOT NULL,
  name VARCHAR(32) NOT NULL,
  due_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, name)
);
