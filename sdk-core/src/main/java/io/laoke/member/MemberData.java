package io.laoke.member;

import io.laoke.catalog.Races;
import io.laoke.error.SealedException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.IdentityTable.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the members' own tables keep of people. */
final class MemberData implements PersonalData {
  private final StoredMemberBook book;
  private final FieldTypes fields;

  MemberData(StoredMemberBook book, FieldTypes fields) {
    this.book = book;
    this.fields = fields;
  }

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("member", "id")
            .by(Person.By.MEMBER, "id")
            .sealed("name")
            .open("gender", "region")
            .codes("source"),
        PersonalTable.of("identity", "kind", "account", "value_hash")
            .by(Person.By.MEMBER, "member_id")
            .sealed("value_sealed")
            .hashes("value_hash", "names")
            .codes("kind", "account", "status"),
        PersonalTable.of("follower_sync", "account")
            .by(Person.By.RECIPIENT, "place_hash")
            .sealed("place")
            .hashes("place_hash")
            .codes("account", "state", "holder", "why"),
        PersonalTable.of("follower_seen", "run_id", "part_no", "openid_hash").hashes("openid_hash"),
        PersonalTable.of("member_duplicate", "id")
            .by(Person.By.MEMBER, "one_id")
            .by(Person.By.MEMBER, "other_id")
            .removed()
            .codes("why", "resolution", "resolved_by"),
        PersonalTable.of("member_merge", "id")
            .by(Person.By.MEMBER, "survivor_id")
            .by(Person.By.MEMBER, "merged_id")
            .sealed("reason", "split_reason")
            .codes("actor", "split_actor"),
        PersonalTable.of("member_merge_item", "merge_id", "kind", "ref", "part", "account", "hash")
            .hashes("hash")
            .codes("kind", "part", "account"),
        PersonalTable.of("consent", "id")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .codes("source", "text_version"),
        PersonalTable.of("member_attribute", "member_id", "name")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .sealed("text_sealed")
            .hashes("text_hash")
            .codes("name", "kind", "code_value"),
        PersonalTable.of("member_tag", "member_id", "tag")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .codes("tag", "actor"),
        PersonalTable.of("member_remark", "id")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .sealed("text_sealed")
            .codes("actor"),
        PersonalTable.of("member_pause", "id")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .sealed("reason")
            .codes("complaint", "actor"),
        PersonalTable.of("member_audit", "id")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .sealed("reason")
            .codes("action", "subject", "actor"),
        PersonalTable.of("member_change", "id").codes("members"),
        PersonalTable.of("event", "id")
            .by(Person.By.MEMBER, "member_id")
            .removed()
            .shownByFeature()
            .sealed(EventTable.texts())
            .hashes("number_hash")
            .hashes(EventTable.words())
            .codes("type", "event_no"),
        PersonalTable.of("attribute_type", "name").codes("name", "definition"),
        PersonalTable.of("event_type", "name").codes("name", "definition"),
        PersonalTable.of("erasure", "id").sealed("reason").codes("actor"),
        PersonalTable.of("chore", "name").codes("name"));
  }

  /** Whoever reads followers locks the run first, and then the openids. */
  @Override
  public void lockFirst(Tx tx, Tenant tenant) {
    new FollowerSyncTable().lockRunning(tx, tenant);
  }

  @Override
  public void foresee(Tx tx, Tenant tenant, Person foreseen) {
    book.identities
        .ofMembers(tx, tenant, IdentityKind.OPENID, foreseen.numbers(Person.By.MEMBER))
        .forEach(row -> foreseen.add(Person.By.RECIPIENT, row.key().hash()));
    book.identities
        .ofMembers(tx, tenant, IdentityKind.PHONE, foreseen.numbers(Person.By.MEMBER))
        .forEach(row -> reached(foreseen, row));
  }

  @Override
  public void find(Tx tx, Tenant tenant, Person person, boolean locking) {
    List<Long> members = person.numbers(Person.By.MEMBER);
    if (locking
        && book.members.lockAll(tx, tenant, members).stream()
            .anyMatch(fate -> fate.erased() || mergedSince(fate, members))) {
      throw Races.lost("member");
    }
    List<Row> rows =
        locking
            ? book.identities.lockOfMembers(tx, tenant, members)
            : members.stream()
                .flatMap(member -> book.identities.ofMember(tx, tenant, member).stream())
                .toList();
    values(tenant, person, rows);
    for (long member : members) {
      add(
          person,
          Person.By.VALUE,
          () ->
              (locking
                      ? book.members.current(tx, tenant, member)
                      : book.members.find(tx, tenant, member))
                  .map(MemberTable.Row::name)
                  .orElse(null));
    }
    for (Row row : rows) {
      switch (row.key().kind()) {
        case OPENID -> person.add(Person.By.RECIPIENT, row.key().hash());
        case PHONE -> {
          person.add(Person.By.PHONE, row.key().hash());
          reached(person, row);
        }
        case CUSTOMER_NO -> person.add(Person.By.CUSTOMER_NO, row.key().hash());
        case UNIONID -> {}
      }
    }
  }

  /** What went to a phone that others have, too, may be about them. */
  private static void reached(Person person, Row phone) {
    if (phone.is(IdentityTable.ACTIVE)) {
      person.add(Person.By.RECIPIENT, phone.key().hash());
    }
  }

  /** Into somebody who was not looked for: the host's transaction does not show it. */
  private static boolean mergedSince(MemberTable.Fate fate, List<Long> members) {
    return fate.mergedInto() != null && !members.contains(fate.mergedInto());
  }

  /** What no key opens is not there to be looked for. */
  private static void values(Tenant tenant, Person person, List<Row> rows) {
    for (Row row : rows) {
      if (row.is(IdentityTable.ACTIVE)) {
        Person.By by =
            row.key().kind() == IdentityKind.CUSTOMER_NO
                ? Person.By.CUSTOMER_VALUE
                : Person.By.VALUE;
        add(person, by, () -> tenant.privacy().open(row.sealed()));
      }
    }
  }

  private static void add(Person person, Person.By by, Supplier<@Nullable String> value) {
    try {
      String opened = value.get();
      if (opened != null) {
        person.add(by, opened);
      }
    } catch (SealedException closed) {
      // Nobody can know it.
    }
  }

  /** Events by the names of their properties, not by the places where these are stored. */
  @Override
  public Map<String, List<Map<String, @Nullable Object>>> export(
      Tx tx, Tenant tenant, Person person) {
    List<EventTable.Row> rows = book.merger.events.of(tx, tenant, person.numbers(Person.By.MEMBER));
    if (rows.isEmpty()) {
      return Map.of();
    }
    Map<String, FieldBook.EventFields> types = new HashMap<>();
    fields.events(tx, tenant).forEach(type -> types.put(type.type().name(), type));
    return Map.of(
        "event", rows.stream().map(row -> shown(tenant, row, types.get(row.type()))).toList());
  }

  private static Map<String, @Nullable Object> shown(
      Tenant tenant, EventTable.Row row, FieldBook.@Nullable EventFields type) {
    Map<String, @Nullable Object> shown = new TreeMap<>();
    shown.put("id", Long.toString(row.id()));
    shown.put("member_id", Long.toString(row.member()));
    shown.put("type", row.type());
    shown.put("event_no", row.eventNo());
    shown.put("at_ms", row.at());
    shown.put("amount_fen", row.amount());
    shown.put("recorded_ms", row.recorded());
    Map<String, @Nullable Object> properties = new TreeMap<>();
    List<String> unreadable = new ArrayList<>();
    if (type != null) {
      for (AttributeType property : type.type().properties()) {
        try {
          EventTable.value(tenant, row, property, type.places().getOrDefault(property.name(), 0))
              .ifPresent(value -> properties.put(property.name(), shown(value)));
        } catch (SealedException closed) {
          properties.put(property.name(), null);
          unreadable.add(property.name());
        }
      }
    }
    shown.put("properties", properties);
    if (!unreadable.isEmpty()) {
      shown.put("unreadable", unreadable);
    }
    return shown;
  }

  private static Object shown(Attribute value) {
    if (value instanceof Attribute.Flag flag) {
      return flag.value();
    }
    if (value instanceof Attribute.Numeric number) {
      return number.value().longValueExact();
    }
    if (value instanceof Attribute.Text text) {
      return text.value();
    }
    if (value instanceof Attribute.Code code) {
      return code.value();
    }
    return value instanceof Attribute.Day day
        ? day.value().toString()
        : ((Attribute.Moment) value).value().toString();
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    List<Long> members = person.numbers(Person.By.MEMBER);
    List<IdentityTable.Key> theirs = new ArrayList<>();
    List<IdentityTable.Key> shared = new ArrayList<>();
    List<IdentityTable.Key> anybodys = new ArrayList<>();
    for (Row row : book.identities.lockOfMembers(tx, tenant, members)) {
      switch (row.status()) {
        case IdentityTable.SHARED -> shared.add(row.key());
        case IdentityTable.WALK_IN -> anybodys.add(row.key());
        default -> theirs.add(row.key());
      }
    }
    book.identities.erase(tx, tenant, theirs);
    book.identities.release(tx, tenant, shared);
    book.identities.part(tx, tenant, anybodys);
    for (Merge merge : book.merger.merges.of(tx, tenant, members)) {
      tx.update("DELETE FROM {member_merge_item} WHERE dealer_id = :dealer AND merge_id = :merge")
          .bind("dealer", tenant.id())
          .bind("merge", merge.id())
          .execute();
    }
  }
}
