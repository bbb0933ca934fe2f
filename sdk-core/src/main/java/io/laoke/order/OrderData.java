package io.laoke.order;

import io.laoke.base.Phone;
import io.laoke.catalog.Chunks;
import io.laoke.catalog.Keys;
import io.laoke.catalog.Races;
import io.laoke.error.LaokeException;
import io.laoke.error.SealedException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberOwnings;
import io.laoke.message.Sealed;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What the tables of orders keep of people. */
final class OrderData implements PersonalData {
  private final Json json;
  private final MemberOwnings ownings;
  private final MemberBook members;

  OrderData(Json json, MemberOwnings ownings, MemberBook members) {
    this.json = json;
    this.ownings = ownings;
    this.members = members;
  }

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("customer_order", "id")
            .by(Person.By.ORDER, "id")
            .sealed("buyer_customer_no", "buyer_name", "buyer_phone")
            .open("stage_text")
            .hashes("content_hash")
            .codes("order_no", "store_code", "salesperson", "sales_channel", "stage"),
        PersonalTable.of("place", "id")
            .by(Person.By.PLACE, "id")
            .removed()
            .sealed("street", "contact", "phone")
            .open("region")
            .hashes("place_hash", "household_hash"),
        PersonalTable.of("order_number", "order_id", "system_name")
            .by(Person.By.ORDER, "order_id")
            .codes("system_name", "external_no"),
        PersonalTable.of("order_line", "order_id", "line_no")
            .by(Person.By.ORDER, "order_id")
            .codes(
                "line_no", "kind", "category_code", "category", "name", "model", "brand", "stage"),
        PersonalTable.of("order_unit", "id")
            .by(Person.By.ORDER, "order_id")
            .codes("line_no", "sold_serial", "serial", "stage"),
        PersonalTable.of("unit_service", "id")
            .by(Person.By.ORDER, "order_id")
            .sealed("technician", "note")
            .codes("line_no", "kind", "document"),
        PersonalTable.of("order_stage", "id")
            .by(Person.By.ORDER, "order_id")
            .open("stage_text")
            .pieces("details")
            .byHand("details")
            .hashes("scope_hash")
            .codes("stage", "document", "scope"),
        PersonalTable.of("order_assignment", "order_id", "seq")
            .by(Person.By.ORDER, "order_id")
            .codes("how"),
        PersonalTable.of("return_note", "id")
            .by(Person.By.NOTE, "id")
            .sealed("customer_no")
            .hashes("content_hash")
            .codes("note_no"),
        PersonalTable.of("return_line", "note_id", "line_no")
            .by(Person.By.NOTE, "note_id")
            .codes("line_no", "order_line_no", "category_code", "category", "model", "netted_line"),
        PersonalTable.of("member_category", "member_id", "path", "month_no")
            .by(Person.By.MEMBER, "member_id")
            .codes("path"));
  }

  @Override
  public void foresee(Tx tx, Tenant tenant, Person foreseen) {
    List<Long> theirs = foreseen.numbers(Person.By.MEMBER);
    String orders = "{customer_order} WHERE dealer_id = :dealer AND member_id IN (<values>)";
    String notes = "{return_note} WHERE dealer_id = :dealer AND member_id IN (<values>)";
    ids(tx, tenant, orders, theirs, id -> foreseen.add(Person.By.ORDER, id));
    List<Long> own = foreseen.numbers(Person.By.ORDER);
    for (List<Long> some : Chunks.of(own)) {
      tx.query(
              "SELECT order_no FROM {customer_order} WHERE dealer_id = :dealer AND id IN (<orders>)")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .mapTo(String.class)
          .forEach(orderNo -> foreseen.add(Person.By.ORDER_NO, orderNo));
    }
    Set<Long> suspects = members.suspects(tx, tenant, theirs, false);
    ids(tx, tenant, orders, suspects, id -> foreseen.add(Person.By.ORDER, id));
    ids(tx, tenant, notes, theirs, id -> foreseen.add(Person.By.NOTE, id));
    ids(tx, tenant, NOTES_OF_ORDERS, own, id -> foreseen.add(Person.By.NOTE, id));
  }

  /** Those that name no member belong to whoever the order does. */
  private static final String NOTES_OF_ORDERS =
      """
      {return_note} WHERE dealer_id = :dealer AND order_id IN (<values>) AND member_id IS NULL""";

  private static void ids(
      Tx tx, Tenant tenant, String from, Collection<Long> values, LongConsumer found) {
    for (List<Long> some : Chunks.of(values)) {
      tx.query("SELECT id FROM " + from)
          .bind("dealer", tenant.id())
          .bindList("values", some)
          .mapTo(Long.class)
          .forEach(found::accept);
    }
  }

  @Override
  public void find(Tx tx, Tenant tenant, Person person, boolean locking) {
    if (locking) {
      MemberMover.lock(tx, tenant, "return_note", person.foreseen().numbers(Person.By.NOTE));
      MemberMover.lock(tx, tenant, "customer_order", person.foreseen().numbers(Person.By.ORDER));
    }
    for (long member : person.numbers(Person.By.MEMBER)) {
      MemberOwnings.Owned owned = ownings.now(tx, tenant, member);
      person.addAll(Person.By.ORDER, owned.orders()).addAll(Person.By.NOTE, owned.notes());
    }
    Set<Long> places = new HashSet<>();
    for (List<Object> some : person.chunks(Person.By.ORDER)) {
      tx.guarded(
              """
              SELECT order_no, place_id FROM {customer_order}
              WHERE dealer_id = :dealer AND id IN (<orders>)""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .map((row, context) -> Map.entry(row.getString("order_no"), row.getLong("place_id")))
          .forEach(
              order -> {
                person.add(Person.By.ORDER_NO, order.getKey());
                if (order.getValue() != 0) {
                  places.add(order.getValue());
                }
              });
      tx.guarded(
              """
              SELECT id FROM {return_note}
              WHERE dealer_id = :dealer AND order_id IN (<orders>) AND member_id IS NULL""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .mapTo(Long.class)
          .forEach(note -> person.add(Person.By.NOTE, note));
    }
    Set<Object> orders = person.all(Person.By.ORDER);
    if (locking) {
      foreseen(person, Person.By.ORDER, orders);
      foreseen(person, Person.By.NOTE, person.all(Person.By.NOTE));
    }
    for (long place : places) {
      // A household that another person bought for keeps its place.
      boolean others =
          tx
              .guarded(
                  """
                  SELECT id FROM {customer_order} WHERE dealer_id = :dealer AND place_id = :place""")
              .bind("dealer", tenant.id())
              .bind("place", place)
              .mapTo(Long.class)
              .stream()
              .anyMatch(order -> !orders.contains(order));
      if (!others) {
        person.add(Person.By.PLACE, place);
      }
    }
  }

  /** What came since is not locked in its place. */
  private static void foreseen(Person person, Person.By by, Collection<?> locked) {
    if (!person.foreseen().all(by).containsAll(locked)) {
      throw Races.lost("erasure");
    }
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    for (List<Long> some : Chunks.keys(tx, person.numbers(Person.By.ORDER))) {
      tx.update(
              """
              UPDATE {customer_order} SET place_id = NULL, erased = 1
              WHERE dealer_id = :dealer AND id IN (<orders>)""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .execute();
    }
    for (List<Object> some : person.chunks(Person.By.ORDER)) {
      wipeDetails(tx, tenant, some);
    }
    eraseAsBuyer(tx, tenant, person);
  }

  private record Named(long order, Buyer buyer) {}

  /**
   * Orders of others that name the person as the buyer, or give their phone: whenever that was
   * noticed, the pair of members was noted.
   */
  private void eraseAsBuyer(Tx tx, Tenant tenant, Person person) {
    Set<Long> suspects = members.suspects(tx, tenant, person.numbers(Person.By.MEMBER), true);
    if (suspects.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {customer_order} SET buyer_customer_no = :number, buyer_name = :name,
              buyer_phone = NULL
            WHERE dealer_id = :dealer AND id = :id""");
    int changed = 0;
    List<Named> orders = ordersOf(tx, tenant, suspects);
    foreseen(person, Person.By.ORDER, orders.stream().map(Named::order).toList());
    for (Named order : orders) {
      Buyer buyer = order.buyer();
      boolean number =
          buyer
              .customerNo()
              .map(no -> Keys.customerNo(tenant, no))
              .filter(person.all(Person.By.CUSTOMER_NO)::contains)
              .isPresent();
      boolean phone =
          buyer
              .phone()
              .flatMap(Phone::read)
              .map(given -> Keys.hash(tenant, given))
              .filter(person.all(Person.By.PHONE)::contains)
              .isPresent();
      if (number || phone) {
        boolean another = !number && buyer.customerNo().isPresent();
        batch
            .bind("number", tenant.privacy().seal(another ? buyer.customerNo().orElse(null) : null))
            .bind("name", tenant.privacy().seal(another ? buyer.name().orElse(null) : null))
            .bind("dealer", tenant.id())
            .bind("id", order.order())
            .add();
        changed++;
      }
    }
    if (changed > 0) {
      batch.execute();
    }
  }

  private static List<Named> ordersOf(Tx tx, Tenant tenant, Set<Long> memberIds) {
    return tx.guarded(
            """
            SELECT id, buyer_customer_no, buyer_name, buyer_phone FROM {customer_order}
            WHERE dealer_id = :dealer AND member_id IN (<members>)
              AND (buyer_phone IS NOT NULL OR buyer_customer_no IS NOT NULL)""")
        .bind("dealer", tenant.id())
        .bindList("members", List.copyOf(memberIds))
        .map(
            (row, context) ->
                new Named(
                    row.getLong("id"),
                    Buyer.of(
                        opened(tenant, row.getString("buyer_customer_no")),
                        opened(tenant, row.getString("buyer_name")),
                        opened(tenant, row.getString("buyer_phone")))))
        .list();
  }

  /** What no key opens names nobody. */
  private static @Nullable String opened(Tenant tenant, @Nullable String sealed) {
    try {
      return tenant.privacy().open(sealed);
    } catch (SealedException closed) {
      return null;
    }
  }

  /**
   * The serial number of an exchanged unit stays: it is the goods', and the unit's row is of it.
   */
  private void wipeDetails(Tx tx, Tenant tenant, List<Object> orders) {
    record Stage(long id, String details) {}
    List<Stage> stages =
        tx.guarded(
                """
                SELECT id, details FROM {order_stage}
                WHERE dealer_id = :dealer AND order_id IN (<orders>) AND details <> ''""")
            .bind("dealer", tenant.id())
            .bindList("orders", orders)
            .map((row, context) -> new Stage(row.getLong("id"), row.getString("details")))
            .list();
    if (stages.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {order_stage} SET details = :details WHERE dealer_id = :dealer AND id = :id""");
    for (Stage stage : stages) {
      batch
          .bind("details", serialOnly(tenant, stage.details()))
          .bind("dealer", tenant.id())
          .bind("id", stage.id())
          .add();
    }
    batch.execute();
  }

  private String serialOnly(Tenant tenant, String stored) {
    String serial;
    try {
      String plain = stored.startsWith("{") ? stored : Sealed.open(json, tenant.privacy(), stored);
      serial = json.read(plain, OrderTable.Details.class).details().get(OrderState.NEW_SERIAL);
    } catch (LaokeException closed) {
      return ""; // no key opens it, so nobody knows a serial number in it either
    }
    return serial == null
        ? ""
        : Sealed.seal(
            json,
            tenant.privacy(),
            json.write(new OrderTable.Details(Map.of(OrderState.NEW_SERIAL, serial))));
  }
}
