-- What each order changes left the index of lifetimes, so that a changed row needs no new entry in it.
-- Whether something was bought at all is told by the first time, which stays.
CREATE INDEX IF NOT EXISTS {#}member_category_first ON {member_category_life} (dealer_id, path, member_id) INCLUDE (first_ms);
DROP INDEX IF EXISTS {member_category_lifetime};
