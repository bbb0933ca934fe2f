-- Orders as the ERP reports them, how far they are, what came back, and what each member bought.
-- H2 counts a 4-byte character as two, so text that people give has twice its length here.
CREATE TABLE IF NOT EXISTS {place} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  place_hash VARCHAR(43) NOT NULL,
  household_hash VARCHAR(43),
  region VARCHAR(400),
  street VARCHAR(1000),
  contact VARCHAR(1000),
  phone VARCHAR(1000),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, place_hash)
);
CREATE INDEX IF NOT EXISTS {#}place_by_household ON {place} (dealer_id, household_hash);
-- A row without ordered_ms is an order that a return names and that was not reported yet: it has no
-- member, no lines and no content, and makes the return and the order meet on one lock.
CREATE TABLE IF NOT EXISTS {customer_order} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_no VARCHAR(128) NOT NULL,
  ordered_ms BIGINT,
  member_id BIGINT,
  assigned BOOLEAN NOT NULL,
  buyer_customer_no VARCHAR(1000),
  buyer_name VARCHAR(1000),
  buyer_phone VARCHAR(1000),
  place_id BIGINT,
  store_code VARCHAR(128),
  salesperson VARCHAR(128),
  sales_channel VARCHAR(128),
  stage VARCHAR(10) NOT NULL,
  stage_text VARCHAR(400),
  stage_at_ms BIGINT,
  stage_seq INT NOT NULL,
  message_seq BIGINT NOT NULL,
  with_numbers BOOLEAN NOT NULL,
  with_units BOOLEAN NOT NULL,
  with_returns BOOLEAN NOT NULL,
  content_hash VARCHAR(43),
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_no)
);
CREATE INDEX IF NOT EXISTS {#}customer_order_by_time ON {customer_order} (dealer_id, ordered_ms, id);
CREATE INDEX IF NOT EXISTS {#}customer_order_by_member ON {customer_order} (dealer_id, member_id, ordered_ms, id);
CREATE INDEX IF NOT EXISTS {#}customer_order_by_store ON {customer_order} (dealer_id, store_code, ordered_ms, id);
CREATE INDEX IF NOT EXISTS {#}customer_order_by_stage ON {customer_order} (dealer_id, stage, ordered_ms, id);
CREATE TABLE IF NOT EXISTS {order_number} (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  system_name VARCHAR(64) NOT NULL,
  external_no VARCHAR(128) NOT NULL,
  PRIMARY KEY (dealer_id, order_id, system_name)
);
CREATE INDEX IF NOT EXISTS {#}order_number_by_number ON {order_number} (dealer_id, system_name, external_no);
-- member_id and ordered_ms repeat the order's, so that questions about members read lines alone.
-- counted_quantity and counted_fen are what counts as bought: net of returns and cancellations.
CREATE TABLE IF NOT EXISTS {order_line} (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(64) NOT NULL,
  line_index INT NOT NULL,
  kind VARCHAR(8) NOT NULL,
  category_code VARCHAR(400) NOT NULL,
  category VARCHAR(400) NOT NULL,
  name VARCHAR(400),
  model VARCHAR(200),
  brand VARCHAR(200),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  counted_quantity DECIMAL(20, 3) NOT NULL,
  counted_fen BIGINT NOT NULL,
  member_id BIGINT,
  ordered_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, line_no)
);
CREATE INDEX IF NOT EXISTS {#}order_line_by_member ON {order_line} (dealer_id, member_id, category, ordered_ms);
-- present is false when the line was taken away or its quantity lowered; the history stays.
CREATE TABLE IF NOT EXISTS {order_unit} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(64) NOT NULL,
  unit_no INT NOT NULL,
  sold_serial VARCHAR(128),
  serial VARCHAR(128),
  stage VARCHAR(10) NOT NULL,
  present BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, line_no, unit_no)
);
CREATE TABLE IF NOT EXISTS {order_stage} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  document VARCHAR(128) NOT NULL,
  scope_hash VARCHAR(43) NOT NULL,
  scope TEXT NOT NULL,
  at_ms BIGINT,
  stage_text VARCHAR(400),
  details TEXT NOT NULL,
  revision INT NOT NULL,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, stage, document, scope_hash)
);
-- To whom an order went, oldest first. Written from the first change on; an order without rows is
-- with whom it was at first.
CREATE TABLE IF NOT EXISTS {order_assignment} (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  member_id BIGINT,
  how VARCHAR(8) NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, seq)
);
-- member_id is whom the note names itself.
CREATE TABLE IF NOT EXISTS {return_note} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  note_no VARCHAR(128) NOT NULL,
  returned_ms BIGINT NOT NULL,
  order_id BIGINT,
  member_id BIGINT,
  customer_no VARCHAR(1000),
  content_hash VARCHAR(43) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, note_no)
);
CREATE INDEX IF NOT EXISTS {#}return_note_by_order ON {return_note} (dealer_id, order_id);
-- netted_line is the line of the order that it is taken off. Where it is null, the return counts
-- at its own time, for member_id.
CREATE TABLE IF NOT EXISTS {return_line} (
  dealer_id INT NOT NULL,
  note_id BIGINT NOT NULL,
  line_no VARCHAR(64) NOT NULL,
  line_index INT NOT NULL,
  order_id BIGINT,
  order_line_no VARCHAR(64),
  category_code VARCHAR(400) NOT NULL,
  category VARCHAR(400) NOT NULL,
  model VARCHAR(200),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  returned_ms BIGINT NOT NULL,
  note_member_id BIGINT,
  netted_line VARCHAR(64),
  member_id BIGINT,
  PRIMARY KEY (dealer_id, note_id, line_no)
);
CREATE INDEX IF NOT EXISTS {#}return_line_by_order ON {return_line} (dealer_id, order_id);
CREATE INDEX IF NOT EXISTS {#}return_line_by_member ON {return_line} (dealer_id, member_id, category, returned_ms);
-- The consumption file: member x category and each ancestor ('' is all), lifetime (month_no 0) and
-- per calendar month of the sale (yyyymm, in the dealer's zone). A row of zeros is no row.
CREATE TABLE IF NOT EXISTS {member_category} (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  path VARCHAR(400) NOT NULL,
  month_no INT NOT NULL,
  orders BIGINT NOT NULL,
  quantity DECIMAL(20, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  first_ms BIGINT,
  last_ms BIGINT,
  PRIMARY KEY (dealer_id, member_id, path, month_no)
);
