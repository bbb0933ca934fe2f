package io.laoke.imports;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Keys;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Retained;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** What imports keep of people: the facts that they have refused, by their keys. */
final class ImportData implements PersonalData {
  private static final String KEYS = "SELECT run_id, refusal_no FROM {import_refusal} WHERE ";

  /** Shorter words are in the texts of others too. */
  private static final int SHORTEST = 4;

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("import_run", "name").codes("name", "state", "holder", "counts"),
        PersonalTable.of("import_refusal", "run_id", "refusal_no")
            .by(Person.By.CUSTOMER_NO, "fact_hash")
            .removed()
            .sealed("fact_key")
            .hashes("fact_hash")
            .open("origin", "fact_value", "reason")
            .codes("kind", "field"));
  }

  /** What a refused fact is found by: a member's is the lookup hash of the customer number. */
  static String hash(Tenant tenant, Kind kind, String key) {
    return switch (kind) {
      case MEMBER -> Keys.customerNo(tenant, key);
      case RETURN -> tenant.privacy().hash("refused return", key);
      default -> tenant.privacy().hash("refused order", key);
    };
  }

  /** A refusal's key. */
  private record Refused(long run, long number) {
    private static final Comparator<Refused> IN_ORDER =
        Comparator.comparingLong(Refused::run).thenComparingLong(Refused::number);
  }

  /**
   * Waits for the batch that is on of each import, and keeps the next one waiting: what is refused
   * meanwhile could not be seen here. A batch locks its run before anything else, too.
   */
  @Override
  public void lockFirst(Tx tx, Tenant tenant) {
    List<String> running =
        tx.query(
                """
                SELECT name FROM {import_run} WHERE dealer_id = :dealer AND state = 'RUNNING'
                ORDER BY name""")
            .bind("dealer", tenant.id())
            .mapTo(String.class)
            .list();
    for (String name : running) {
      tx.query("SELECT id FROM {import_run} WHERE dealer_id = :dealer AND name = :name FOR UPDATE")
          .bind("dealer", tenant.id())
          .bind("name", name)
          .mapTo(Long.class)
          .findOne();
    }
  }

  /**
   * Refused facts of people who were erased keep no customer number. Nobody of the others can be
   * erased until the transaction ends.
   */
  static List<Refusal> withoutErased(
      Tx tx, Tenant tenant, MemberBook members, List<Refusal> refusals) {
    Set<String> numbers = new HashSet<>();
    for (Refusal refusal : refusals) {
      if (refusal.kind() == Kind.MEMBER) {
        numbers.add(refusal.key());
      }
    }
    if (numbers.isEmpty()) {
      return refusals;
    }
    Set<String> erased = members.erasedNumbers(tx, tenant, numbers);
    return refusals.stream()
        .map(
            refusal ->
                refusal.kind() == Kind.MEMBER && erased.contains(refusal.key())
                    ? refusal.withKey(Refusal.ERASED)
                    : refusal)
        .toList();
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    Set<Refused> theirs = new TreeSet<>(Refused.IN_ORDER);
    List<String> hashes =
        person.texts(Person.By.ORDER_NO).stream()
            .map(orderNo -> hash(tenant, Kind.ORDER, orderNo))
            .toList();
    for (List<String> some : Chunks.of(hashes)) {
      theirs.addAll(
          refused(
              tx.guarded(KEYS + "dealer_id = :dealer AND fact_hash IN (<hashes>)")
                  .bindList("hashes", some),
              tenant));
    }
    said(person)
        .forEach(
            (value, where) ->
                theirs.addAll(refused(tx.guarded(KEYS + where).bind("value", value), tenant)));
    delete(tx, tenant, theirs);
  }

  private static List<Refused> refused(Query query, Tenant tenant) {
    return query
        .bind("dealer", tenant.id())
        .map((row, context) -> new Refused(row.getLong("run_id"), row.getLong("refusal_no")))
        .list();
  }

  private static void delete(Tx tx, Tenant tenant, Collection<Refused> refusals) {
    if (refusals.isEmpty()) {
      return;
    }
    try (PreparedBatch batch =
        tx.batch(
            """
            DELETE FROM {import_refusal}
            WHERE dealer_id = :dealer AND run_id = :run AND refusal_no = :number\
            """)) {
      refusals.forEach(
          one ->
              batch
                  .bind("dealer", tenant.id())
                  .bind("run", one.run())
                  .bind("number", one.number())
                  .add());
      batch.execute();
    }
  }

  /** What a refusal of any fact may say of a person: a returned note's number names nobody. */
  private static final String SAYS =
      """
      dealer_id = :dealer AND (POSITION(:value IN reason) > 0 OR POSITION(:value IN fact_value) > 0)\
      """;

  /**
   * Part of a customer number may be part of anything, such as the line of somebody else's fact.
   */
  private static final String IS = "dealer_id = :dealer AND fact_value = :value";

  /** Values of the person, and how a refusal that tells of them is found. */
  private static Map<String, String> said(Person person) {
    Map<String, String> said = new TreeMap<>();
    person.texts(Person.By.CUSTOMER_VALUE).forEach(value -> said.put(value, IS));
    person.texts(Person.By.VALUE).forEach(value -> said.put(value, SAYS));
    said.keySet().removeIf(value -> value.length() < SHORTEST);
    return said;
  }

  @Override
  public Map<String, List<Map<String, @Nullable Object>>> export(
      Tx tx, Tenant tenant, Person person) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Map.Entry<String, String> one : said(person).entrySet()) {
      tx.query(
              "SELECT run_id, refusal_no, kind, origin, field, fact_value, reason FROM"
                  + " {import_refusal} WHERE "
                  + one.getValue()
                  + " AND kind <> 'MEMBER'")
          .bind("dealer", tenant.id())
          .bind("value", one.getKey())
          .map(
              (row, context) -> {
                Map<String, @Nullable Object> shown = new TreeMap<>();
                shown.put("refusal_no", row.getLong("refusal_no"));
                for (String column :
                    List.of("run_id", "kind", "origin", "field", "fact_value", "reason")) {
                  shown.put(column, row.getString(column));
                }
                return shown;
              })
          .forEach(rows::add);
    }
    return Map.of("import_refusal", rows);
  }

  @Override
  public int expire(Tx tx, Tenant tenant, Retained kind, long beforeMs, int limit) {
    if (kind != Retained.REFUSALS) {
      return 0;
    }
    List<Refused> old =
        refused(
            tx.query(
                    """
                    SELECT r.run_id, r.refusal_no FROM {import_refusal} r
                    WHERE r.dealer_id = :dealer AND r.run_id < :before
                      AND NOT EXISTS (SELECT 1 FROM {import_run} i
                        WHERE i.dealer_id = r.dealer_id AND i.id = r.run_id AND i.state = 'RUNNING')
                    ORDER BY r.run_id, r.refusal_no LIMIT %d\
                    """
                        .formatted(limit))
                .bind("before", Ids.firstAt(beforeMs)),
            tenant);
    delete(tx, tenant, old);
    return old.size();
  }
}
