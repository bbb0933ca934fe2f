-- Members that segments leave out: those that were merged into others, and erased people.
CREATE INDEX IF NOT EXISTS {#}member_gone ON {member} (dealer_id, id) WHERE merged_into IS NOT NULL OR erased_ms IS NOT NULL;
