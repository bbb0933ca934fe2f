-- Orders as the ERP reports them, how far they are, what came back, and what each member bought.
CREATE TABLE IF NOT EXISTS {place} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  place_hash VARCHAR(43) NOT NULL,
  household_hash VARCHAR(43),
  region VARCHAR(200),
  street VARCHAR(1000),
  contact VARCHAR(1000),
  phone VARCHAR(1000),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, place_hash),
  KEY {#}place_by_household (dealer_id, household_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- A row without ordered_ms is an order that a return names and that was not reported yet: it has no
-- member, no lines and no content, and makes the return and the order meet on one lock.
CREATE TABLE IF NOT EXISTS {customer_order} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_no VARCHAR(64) NOT NULL,
  ordered_ms BIGINT,
  member_id BIGINT,
  assigned BOOLEAN NOT NULL,
  buyer_customer_no VARCHAR(1000),
  buyer_name VARCHAR(1000),
  buyer_phone VARCHAR(1000),
  place_id BIGINT,
  store_code VARCHAR(64),
  salesperson VARCHAR(64),
  sales_channel VARCHAR(64),
  stage VARCHAR(10) NOT NULL,
  stage_text VARCHAR(200),
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
  UNIQUE (dealer_id, order_no),
  KEY {#}customer_order_by_time (dealer_id, ordered_ms, id),
  KEY {#}customer_order_by_member (dealer_id, member_id, ordered_ms, id),
  KEY {#}customer_order_by_store (dealer_id, store_code, ordered_ms, id),
  KEY {#}customer_order_by_stage (dealer_id, stage, ordered_ms, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {order_number} (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  system_name VARCHAR(32) NOT NULL,
  external_no VARCHAR(64) NOT NULL,
  PRIMARY KEY (dealer_id, order_id, system_name),
  KEY {#}order_number_by_number (dealer_id, system_name, external_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- member_id and ordered_ms repeat the order's, so that questions about members read lines alone.
-- counted_quantity and counted_fen are what counts as bought: net of returns and cancellations.
CREATE TABLE IF NOT EXISTS {order_line} (
  dealer_id INT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  line_index INT NOT NULL,
  kind VARCHAR(8) NOT NULL,
  category_code VARCHAR(200) NOT NULL,
  category VARCHAR(200) NOT NULL,
  name VARCHAR(200),
  model VARCHAR(100),
  brand VARCHAR(100),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  counted_quantity DECIMAL(20, 3) NOT NULL,
  counted_fen BIGINT NOT NULL,
  member_id BIGINT,
  ordered_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, order_id, line_no),
  KEY {#}order_line_by_member (dealer_id, member_id, category, ordered_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- present is false when the line was taken away or its quantity lowered; the history stays.
CREATE TABLE IF NOT EXISTS {order_unit} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  unit_no INT NOT NULL,
  sold_serial VARCHAR(64),
  serial VARCHAR(64),
  stage VARCHAR(10) NOT NULL,
  present BOOLEAN NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, line_no, unit_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE TABLE IF NOT EXISTS {order_stage} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  seq INT NOT NULL,
  stage VARCHAR(10) NOT NULL,
  document VARCHAR(64) NOT NULL,
  scope_hash VARCHAR(43) NOT NULL,
  scope MEDIUMTEXT NOT NULL,
  at_ms BIGINT,
  stage_text VARCHAR(200),
  details MEDIUMTEXT NOT NULL,
  revision INT NOT NULL,
  recorded_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, order_id, stage, document, scope_hash)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
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
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- member_id is whom the note names itself.
CREATE TABLE IF NOT EXISTS {return_note} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  note_no VARCHAR(64) NOT NULL,
  returned_ms BIGINT NOT NULL,
  order_id BIGINT,
  member_id BIGINT,
  customer_no VARCHAR(1000),
  content_hash VARCHAR(43) NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (dealer_id, id),
  UNIQUE (dealer_id, note_no),
  KEY {#}return_note_by_order (dealer_id, order_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- netted_line is the line of the order that it is taken off. Where it is null, the return counts
-- at its own time, for member_id.
CREATE TABLE IF NOT EXISTS {return_line} (
  dealer_id INT NOT NULL,
  note_id BIGINT NOT NULL,
  line_no VARCHAR(32) NOT NULL,
  line_index INT NOT NULL,
  order_id BIGINT,
  order_line_no VARCHAR(32),
  category_code VARCHAR(200) NOT NULL,
  category VARCHAR(200) NOT NULL,
  model VARCHAR(100),
  quantity DECIMAL(12, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  returned_ms BIGINT NOT NULL,
  note_member_id BIGINT,
  netted_line VARCHAR(32),
  member_id BIGINT,
  PRIMARY KEY (dealer_id, note_id, line_no),
  KEY {#}return_line_by_order (dealer_id, order_id),
  KEY {#}return_line_by_member (dealer_id, member_id, category, returned_ms)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- The consumption file: member x category and each ancestor ('' is all), lifetime (month_no 0) and
-- per calendar month of the sale (yyyymm, in the dealer's zone). A row of zeros is no row.
CREATE TABLE IF NOT EXISTS {member_category} (
  dealer_id INT NOT NULL,
  member_id BIGINT NOT NULL,
  path VARCHAR(200) NOT NULL,
  month_no INT NOT NULL,
  orders BIGINT NOT NULL,
  quantity DECIMAL(20, 3) NOT NULL,
  net_fen BIGINT NOT NULL,
  first_ms BIGINT,
  last_ms BIGINT,
  PRIMARY KEY (dealer_id, member_id, path, month_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
