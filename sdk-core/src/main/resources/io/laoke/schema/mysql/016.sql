-- Products that lead goods to a category whose code is mapped to none, regions, and categories that
-- move. moved is 1 for the path that a category had before: what the ERP sends under it lands where
-- the category is now.
ALTER TABLE {category_code} ADD COLUMN moved SMALLINT DEFAULT 0 NOT NULL;
-- brand is empty where the model alone tells.
CREATE TABLE IF NOT EXISTS {product} (
  dealer_id INT NOT NULL,
  model VARCHAR(100) NOT NULL,
  brand VARCHAR(100) NOT NULL,
  path VARCHAR(200) NOT NULL,
  PRIMARY KEY (dealer_id, model, brand)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}product_by_path ON {product} (dealer_id, path);
CREATE TABLE IF NOT EXISTS {region} (
  dealer_id INT NOT NULL,
  path VARCHAR(200) NOT NULL,
  name VARCHAR(100) NOT NULL,
  PRIMARY KEY (dealer_id, path)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
-- What places recorded lines anew. next_ms is machine time: when it is looked at next, or until when
-- whoever works at it has it; NULL once it is over. passes is how often all of it was looked at.
CREATE TABLE IF NOT EXISTS {category_change} (
  dealer_id INT NOT NULL,
  id BIGINT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  from_path VARCHAR(200),
  to_path VARCHAR(200),
  items INT NOT NULL,
  state VARCHAR(10) NOT NULL,
  passes INT NOT NULL,
  next_ms BIGINT,
  moved_lines BIGINT NOT NULL,
  moved_orders BIGINT NOT NULL,
  moved_returns BIGINT NOT NULL,
  moved_fen DECIMAL(38, 0) NOT NULL,
  created_ms BIGINT NOT NULL,
  done_ms BIGINT,
  PRIMARY KEY (dealer_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}category_change_due ON {category_change} (next_ms, dealer_id, id);
-- Where it looks: below is 1 if below the place, too; code is NULL for all codes.
CREATE TABLE IF NOT EXISTS {category_look} (
  dealer_id INT NOT NULL,
  change_id BIGINT NOT NULL,
  look_no INT NOT NULL,
  place VARCHAR(200) NOT NULL,
  below SMALLINT NOT NULL,
  code VARCHAR(200),
  PRIMARY KEY (dealer_id, change_id, look_no)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
CREATE INDEX {#}order_line_by_place ON {order_line} (dealer_id, category, category_code, model, brand);
CREATE INDEX {#}return_line_by_place ON {return_line} (dealer_id, category, category_code, model);
CREATE INDEX {#}customer_order_by_channel ON {customer_order} (dealer_id, sales_channel);
CREATE INDEX {#}member_by_source ON {member} (dealer_id, source);
