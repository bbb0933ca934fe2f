package io.laoke.member;

import io.laoke.catalog.Races;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MergeTable.Item;
import io.laoke.member.MergeTable.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes two members one, and two again. Whoever calls has locked what they own and then both of
 * them.
 */
final class Merger {
  private static final String MERGED = "MERGED";
  private static final String DISMISSED = "DISMISSED";

  private final Ids ids;
  private final IdentityTable identities;
  private final MemberTable members;
  final MergeTable merges = new MergeTable();
  final ConsentTable consents = new ConsentTable();
  final AttributeTable attributes = new AttributeTable();
  final TagTable tags = new TagTable();
  final RemarkTable remarks = new RemarkTable();
  final PauseTable pauses = new PauseTable();
  final AuditTable audit = new AuditTable();
  final EventTable events = new EventTable();

  Merger(Ids ids, IdentityTable identities, MemberTable members) {
    this.ids = ids;
    this.identities = identities;
    this.members = members;
  }

  /** Who does it, why and when. */
  record Act(String by, Optional<String> why, Instant now) {}

  Merge join(
      Tx tx,
      Tenant tenant,
      long keep,
      long away,
      MemberOwnings.Owned owned,
      MemberOwnings ownings,
      Act act) {
    long id = ids.next();
    List<Item> items = new ArrayList<>(had(tx, tenant, keep, ownings));
    List<IdentityTable.Key> moved =
        identities.lockOfMembers(tx, tenant, List.of(away)).stream()
            .map(IdentityTable.Row::key)
            .toList();
    identities.setMember(tx, tenant, moved, keep);
    moved.forEach(key -> items.add(Item.of(key)));
    fill(tx, tenant, keep, away).forEach(field -> items.add(Item.of(Kind.FIELD, field)));
    addAttributes(tx, tenant, keep, away, act.now())
        .forEach(name -> items.add(Item.of(Kind.ATTRIBUTE, name)));
    for (ConsentTable.Row row : consents.of(tx, tenant, List.of(away))) {
      consents.insert(tx, tenant, ids.next(), keep, row.consent(), id, act.now());
    }
    items.addAll(moveFile(tx, tenant, keep, away));
    members.mergeInto(tx, tenant, away, keep);
    renumber(tx, tenant, keep, away);
    ownings.move(tx, tenant, owned, away, keep, act.now());
    items.addAll(MergeTable.items(Kind.ORDER, owned.orders()));
    items.addAll(MergeTable.items(Kind.NOTE, owned.notes()));
    Merge merge =
        new Merge(
            id,
            keep,
            away,
            act.by(),
            act.why(),
            act.now(),
            owned.orders().size(),
            owned.notes().size(),
            moved.size(),
            Optional.empty());
    merges.insert(tx, tenant, merge, items);
    members.resolve(tx, tenant, ids.next(), keep, away, MERGED, act.by(), act.now());
    return merge;
  }

  private List<Item> had(Tx tx, Tenant tenant, long keep, MemberOwnings ownings) {
    MemberOwnings.Owned owned = ownings.had(tx, tenant, keep);
    List<Item> had = new ArrayList<>(MergeTable.items(Kind.HAD, List.of(0L)));
    had.addAll(MergeTable.items(Kind.HAD_ORDER, owned.orders()));
    had.addAll(MergeTable.items(Kind.HAD_NOTE, owned.notes()));
    for (ConsentTable.Row row : consents.of(tx, tenant, List.of(keep))) {
      had.add(Item.of(Kind.HAD_CONSENT, row.id()));
    }
    for (PauseTable.Row row : pauses.of(tx, tenant, List.of(keep))) {
      had.add(Item.of(Kind.HAD_PAUSE, row.id()));
    }
    return had;
  }

  /** What staff and hosts added: tags are copied, all else moves. */
  private List<Item> moveFile(Tx tx, Tenant tenant, long keep, long away) {
    List<Item> items = new ArrayList<>();
    for (MemberTag tag : tags.of(tx, tenant, away)) {
      if (tags.insert(tx, tenant, keep, tag)) {
        items.add(Item.of(Kind.TAG, tag.tag()));
      }
    }
    List<Long> remarked = remarks.of(tx, tenant, away).stream().map(RemarkTable.Row::id).toList();
    List<Long> paused =
        pauses.of(tx, tenant, List.of(away)).stream().map(PauseTable.Row::id).toList();
    Set<Long> happened = events.told(tx, tenant, away).keySet();
    Moves.move(tx, tenant, "member_remark", remarked, keep);
    Moves.move(tx, tenant, "member_pause", paused, keep);
    Moves.move(tx, tenant, "event", happened, keep);
    items.addAll(MergeTable.items(Kind.REMARK, remarked));
    items.addAll(MergeTable.items(Kind.PAUSE, paused));
    items.addAll(MergeTable.items(Kind.EVENT, happened));
    return items;
  }

  /** Events also go along with the number that they were told of. */
  private void moveFileBack(
      Tx tx, Tenant tenant, long keep, long back, List<Item> items, Set<String> numbers) {
    items.stream()
        .filter(item -> item.kind() == Kind.TAG)
        .forEach(item -> tags.remove(tx, tenant, keep, item.part()));
    Set<Long> brought = MergeTable.refs(items, Kind.REMARK);
    Moves.move(
        tx,
        tenant,
        "member_remark",
        remarks.of(tx, tenant, keep).stream()
            .map(RemarkTable.Row::id)
            .filter(brought::contains)
            .toList(),
        back);
    Set<Long> ofMerge = MergeTable.refs(items, Kind.EVENT);
    List<Long> happened = new ArrayList<>();
    events
        .told(tx, tenant, keep)
        .forEach(
            (id, number) -> {
              if (ofMerge.contains(id) || number.filter(numbers::contains).isPresent()) {
                happened.add(id);
              }
            });
    Moves.move(tx, tenant, "event", happened, back);
    dividePauses(tx, tenant, keep, back, items);
  }

  /** A pause that came after the merge was meant for whoever it was about: it holds for both. */
  private void dividePauses(Tx tx, Tenant tenant, long keep, long back, List<Item> items) {
    Set<Long> brought = MergeTable.refs(items, Kind.PAUSE);
    Set<Long> had = MergeTable.refs(items, Kind.HAD_PAUSE);
    List<PauseTable.Row> now = pauses.of(tx, tenant, List.of(keep));
    Moves.move(
        tx,
        tenant,
        "member_pause",
        now.stream().map(PauseTable.Row::id).filter(brought::contains).toList(),
        back);
    now.stream()
        .filter(row -> !brought.contains(row.id()) && !had.contains(row.id()))
        .forEach(row -> pauses.insert(tx, tenant, row.of(ids.next(), back)));
  }

  /** What the survivor of a merge had by itself. */
  private record Had(Set<Long> orders, Set<Long> notes, Set<Long> consents) {
    /** Merges of earlier versions did not write it down: then ids tell, as well as they can. */
    static Had of(
        Merge merge, List<Item> items, MemberOwnings.Owned now, List<ConsentTable.Row> said) {
      return items.stream().anyMatch(item -> item.kind() == Kind.HAD)
          ? new Had(
              MergeTable.refs(items, Kind.HAD_ORDER),
              MergeTable.refs(items, Kind.HAD_NOTE),
              MergeTable.refs(items, Kind.HAD_CONSENT))
          : new Had(
              before(merge, now.orders().stream()),
              before(merge, now.notes().stream()),
              before(merge, said.stream().map(ConsentTable.Row::id)));
    }

    private static Set<Long> before(Merge merge, Stream<Long> ids) {
      return ids.filter(id -> id < merge.id()).collect(Collectors.toSet());
    }
  }

  Merge undo(Tx tx, Tenant tenant, Merge merge, MemberOwnings ownings, Act act) {
    long keep = merge.survivor();
    long back = merge.merged();
    List<Item> items = merges.items(tx, tenant, merge.id());
    List<IdentityTable.Row> held = identities.lockOfMembers(tx, tenant, List.of(keep));
    List<IdentityTable.Key> brought =
        items.stream().filter(item -> item.kind() == Kind.IDENTITY).map(Item::key).toList();
    identities.setMember(
        tx,
        tenant,
        held.stream().map(IdentityTable.Row::key).filter(brought::contains).toList(),
        back);
    long stayed =
        held.stream()
            .filter(row -> !brought.contains(row.key()))
            .filter(row -> !row.firstSeen().isBefore(merge.at()))
            .count();
    empty(tx, tenant, keep, back, items);
    consents.removeCopies(tx, tenant, keep, merge.id());
    List<ConsentTable.Row> said = consents.of(tx, tenant, List.of(keep));
    Had had = Had.of(merge, items, ownings.now(tx, tenant, keep), said);
    said.stream()
        .filter(row -> !had.consents().contains(row.id()))
        .forEach(row -> refuse(tx, tenant, back, row, act.now()));
    moveFileBack(
        tx,
        tenant,
        keep,
        back,
        items,
        brought.stream()
            .filter(key -> key.kind() == IdentityKind.CUSTOMER_NO)
            .map(IdentityTable.Key::hash)
            .collect(Collectors.toSet()));
    members.mergeInto(tx, tenant, back, null);
    renumber(tx, tenant, keep, back);
    MemberOwnings.Back moved =
        ownings.moveBack(
            tx,
            tenant,
            new MemberOwnings.Owned(
                MergeTable.refs(items, Kind.ORDER), MergeTable.refs(items, Kind.NOTE)),
            new MemberOwnings.Owned(had.orders(), had.notes()),
            keep,
            back,
            act.now());
    Merge.Split split =
        new Merge.Split(
            act.by(),
            act.why(),
            act.now(),
            moved.orders(),
            moved.followed(),
            moved.stayed(),
            (int) stayed);
    merges.split(tx, tenant, merge.id(), split);
    members.resolve(tx, tenant, ids.next(), keep, back, DISMISSED, act.by(), act.now());
    return merges.find(tx, tenant, merge.id(), false).orElseThrow();
  }

  /** A refusal that came after the merge was meant by whoever gave it: it holds for both. */
  private void refuse(Tx tx, Tenant tenant, long back, ConsentTable.Row row, Instant now) {
    if (!row.consent().given()) {
      consents.insert(tx, tenant, ids.next(), back, row.consent(), null, now);
    }
  }

  private void renumber(Tx tx, Tenant tenant, long one, long other) {
    for (long member : List.of(one, other)) {
      boolean numbered =
          identities.lockOfMembers(tx, tenant, List.of(member)).stream()
              .filter(row -> row.is(IdentityTable.ACTIVE))
              .anyMatch(row -> row.key().kind() == IdentityKind.CUSTOMER_NO);
      members.numbered(tx, tenant, member, numbered);
    }
  }

  // ---- the profile

  private List<String> fill(Tx tx, Tenant tenant, long keep, long away) {
    MemberTable.Row to = row(tx, tenant, keep);
    MemberTable.Row from = row(tx, tenant, away);
    List<String> filled = new ArrayList<>();
    Map<String, @Nullable Object> missing = fields(to);
    fields(from)
        .forEach(
            (name, value) -> {
              if (value != null && missing.get(name) == null) {
                filled.add(name);
              }
            });
    if (!filled.isEmpty()) {
      members.update(tx, tenant, with(to, from, (name, value) -> filled.contains(name)));
    }
    return filled;
  }

  private void empty(Tx tx, Tenant tenant, long keep, long back, List<Item> items) {
    MemberTable.Row to = row(tx, tenant, keep);
    Map<String, @Nullable Object> theirs = fields(row(tx, tenant, back));
    Map<String, @Nullable Object> ours = fields(to);
    List<String> filled =
        items.stream().filter(item -> item.kind() == Kind.FIELD).map(Item::part).toList();
    MemberTable.Row none =
        new MemberTable.Row(to.id(), to.source(), null, null, null, null, to.created());
    MemberTable.Row after =
        with(
            to,
            none,
            (name, value) ->
                filled.contains(name) && Objects.equals(ours.get(name), theirs.get(name)));
    if (!after.equals(to)) {
      members.update(tx, tenant, after);
    }
    Map<String, Attribute> have = attributes.of(tx, tenant, keep);
    Map<String, Attribute> own = attributes.of(tx, tenant, back);
    for (Item item : items) {
      Attribute copied = own.get(item.part());
      if (item.kind() == Kind.ATTRIBUTE && copied != null && copied.equals(have.get(item.part()))) {
        attributes.remove(tx, tenant, keep, item.part());
      }
    }
  }

  private List<String> addAttributes(Tx tx, Tenant tenant, long keep, long away, Instant now) {
    Map<String, Attribute> missing = new TreeMap<>(attributes.of(tx, tenant, away));
    missing.keySet().removeAll(attributes.of(tx, tenant, keep).keySet());
    attributes.put(tx, tenant, keep, missing, now);
    return List.copyOf(missing.keySet());
  }

  private MemberTable.Row row(Tx tx, Tenant tenant, long id) {
    return members.current(tx, tenant, id).orElseThrow(() -> Races.lost("member"));
  }

  private static Map<String, @Nullable Object> fields(MemberTable.Row row) {
    Map<String, @Nullable Object> fields = new TreeMap<>();
    fields.put("name", row.name());
    fields.put("gender", row.gender());
    fields.put("birthday", row.birthday());
    fields.put("region", row.region());
    return fields;
  }

  /** The row with some fields of another. */
  private static MemberTable.Row with(
      MemberTable.Row row, MemberTable.Row from, BiPredicate<String, @Nullable Object> which) {
    Map<String, @Nullable Object> fields = fields(row);
    fields(from)
        .forEach(
            (name, value) -> {
              if (which.test(name, value)) {
                fields.put(name, value);
              }
            });
    return new MemberTable.Row(
        row.id(),
        row.source(),
        (String) fields.get("name"),
        (String) fields.get("gender"),
        (LocalDate) fields.get("birthday"),
        (String) fields.get("region"),
        row.created());
  }
}
