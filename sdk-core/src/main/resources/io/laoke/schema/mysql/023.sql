-- Leads to the erased people, whom segments leave out, as member_by_survivor leads to merged members.
CREATE INDEX {#}member_by_erasure ON {member} (dealer_id, erased_ms);
