-- The consumption file in two: rows of the lifetime lie by themselves, so that questions about all
-- that members bought read nothing else. Room in each page is for what each order changes. One
-- block, since it is all or nothing; a semicolon that ends a line would end it.
DO $apart$
DECLARE granted RECORD
; BEGIN
  LOCK TABLE {member_category} IN ACCESS EXCLUSIVE MODE
  ; IF (SELECT relkind FROM pg_class WHERE oid = '{member_category}'::regclass) = 'r' THEN
    DROP INDEX {member_category_lifetime}
    ; ALTER TABLE {member_category} RENAME TO {#}member_category_month
    ; CREATE TABLE {member_category} (LIKE {member_category_month} INCLUDING DEFAULTS) PARTITION BY LIST (month_no)
    ; CREATE TABLE {member_category_life} (LIKE {member_category_month} INCLUDING DEFAULTS) WITH (fillfactor = 80)
    ; WITH gone AS (DELETE FROM {member_category_month} WHERE month_no = 0 RETURNING *)
      INSERT INTO {member_category_life} SELECT * FROM gone
    ; ALTER TABLE {member_category_life} ADD PRIMARY KEY (dealer_id, member_id, path, month_no)
    ; CREATE INDEX {#}member_category_lifetime ON {member_category_life} (dealer_id, path, member_id) INCLUDE (net_fen, orders, line_count, first_ms, last_ms)
    ; ALTER TABLE {member_category_month} SET (fillfactor = 85)
    ; ALTER TABLE {member_category} ATTACH PARTITION {member_category_life} FOR VALUES IN (0)
    ; ALTER TABLE {member_category} ATTACH PARTITION {member_category_month} DEFAULT
    ; ALTER TABLE {member_category} ADD PRIMARY KEY (dealer_id, member_id, path, month_no)
    -- Who may do what stays as it was.
    ; FOR granted IN
        SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS who,
          a.privilege_type AS what, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS how
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid = '{member_category_month}'::regclass AND a.grantee <> c.relowner
      LOOP
        EXECUTE 'GRANT ' || granted.what || ' ON {member_category}, {member_category_life} TO ' || granted.who || granted.how
      ; END LOOP
    ; ANALYZE {member_category}
  ; END IF
; END
$apart$;
ALTER TABLE {member} SET (fillfactor = 85);
