package io.laoke.binding;

import io.laoke.catalog.Races;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Retained;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What the tables of bindings keep of people: hashes, and reasons in free words. */
final class BindingData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("ticket", "id")
            .by(Person.By.ORDER, "order_id")
            .open("ended_reason")
            .codes("account", "scene", "state", "issued_by", "ended_by", "code_content"),
        PersonalTable.of("recipient", "order_id", "account", "openid_hash")
            .by(Person.By.RECIPIENT, "openid_hash")
            .removed()
            .hashes("openid_hash")
            .codes("account", "state", "source"),
        PersonalTable.of("binding_audit", "order_id", "id")
            .by(Person.By.ORDER, "order_id")
            .open("reason")
            .codes("action", "actor"),
        PersonalTable.of("store_follower", "account", "openid_hash")
            .by(Person.By.RECIPIENT, "openid_hash")
            .removed()
            .hashes("openid_hash")
            .codes("account", "store_code"),
        PersonalTable.of("claim_try", "kind", "key_hash")
            .by(Person.By.RECIPIENT, "key_hash")
            .removed()
            .hashes("key_hash")
            .codes("kind"),
        PersonalTable.of("phone_code", "recipient")
            .by(Person.By.RECIPIENT, "recipient")
            .removed()
            .hashes("recipient", "code_hash")
            .codes("account"),
        PersonalTable.of("paper_link", "id").codes("account", "token", "state"),
        PersonalTable.of("shop_code", "account", "store_code")
            .codes("account", "store_code", "scene", "content"),
        PersonalTable.of("web_sign_in", "state_hash").hashes("state_hash"));
  }

  @Override
  public void foresee(Tx tx, Tenant tenant, Person foreseen) {
    for (List<Object> some : foreseen.chunks(Person.By.ORDER)) {
      tx.query(
              """
              SELECT openid_hash FROM {recipient}
              WHERE dealer_id = :dealer AND order_id IN (<orders>)""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .mapTo(String.class)
          .forEach(hash -> foreseen.add(Person.By.TOLD, hash));
    }
    for (List<Object> some : foreseen.chunks(Person.By.RECIPIENT)) {
      tx.query(
              """
              SELECT order_id FROM {recipient}
              WHERE dealer_id = :dealer AND openid_hash IN (<hashes>)""")
          .bind("dealer", tenant.id())
          .bindList("hashes", some)
          .mapTo(Long.class)
          .forEach(order -> foreseen.add(Person.By.ORDER, order));
    }
  }

  @Override
  public void find(Tx tx, Tenant tenant, Person person, boolean locking) {
    for (List<Object> some : person.chunks(Person.By.ORDER)) {
      tx.guarded(
              """
              SELECT openid_hash FROM {recipient}
              WHERE dealer_id = :dealer AND order_id IN (<orders>)""")
          .bind("dealer", tenant.id())
          .bindList("orders", some)
          .mapTo(String.class)
          .forEach(hash -> person.add(Person.By.TOLD, hash));
    }
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    // What was said of the person as a recipient of other people's orders.
    for (List<Object> some : person.chunks(Person.By.RECIPIENT)) {
      record Said(long order, long recipient) {}
      List<Said> said =
          tx.guarded(
                  """
                  SELECT order_id, id FROM {recipient}
                  WHERE dealer_id = :dealer AND openid_hash IN (<hashes>)""")
              .bind("dealer", tenant.id())
              .bindList("hashes", some)
              .map((row, context) -> new Said(row.getLong("order_id"), row.getLong("id")))
              .list();
      for (Said one : said) {
        if (!person.foreseen().all(Person.By.ORDER).contains(one.order)) {
          throw Races.lost("erasure"); // recipients change under the lock of their order
        }
        tx.update(
                """
                UPDATE {binding_audit} SET reason = NULL
                WHERE dealer_id = :dealer AND order_id = :order AND recipient_id = :recipient""")
            .bind("dealer", tenant.id())
            .bind("order", one.order)
            .bind("recipient", one.recipient)
            .execute();
      }
    }
  }

  @Override
  public int expire(Tx tx, Tenant tenant, Retained kind, long beforeMs, int limit) {
    return switch (kind) {
      case AUDIT -> audit(tx, tenant, beforeMs, limit);
      case TRIES -> tries(tx, tenant, beforeMs, limit);
      default -> 0;
    };
  }

  private static int tries(Tx tx, Tenant tenant, long beforeMs, int limit) {
    List<ClaimTries.Key> old =
        tx.query(
                """
                SELECT kind, key_hash FROM {claim_try}
                WHERE dealer_id = :dealer AND since_ms < :before ORDER BY since_ms LIMIT %d\
                """
                    .formatted(limit))
            .bind("dealer", tenant.id())
            .bind("before", beforeMs)
            .map(
                (row, context) ->
                    new ClaimTries.Key(row.getString("kind"), row.getString("key_hash")))
            .list();
    if (!old.isEmpty()) {
      // One whose window has begun anew meanwhile stays.
      PreparedBatch batch =
          tx.batch(
              """
              DELETE FROM {claim_try}
              WHERE dealer_id = :dealer AND kind = :kind AND key_hash = :key AND since_ms < :before\
              """);
      old.forEach(
          one ->
              batch
                  .bind("dealer", tenant.id())
                  .bind("kind", one.kind())
                  .bind("key", one.hash())
                  .bind("before", beforeMs)
                  .add());
      batch.execute();
    }
    return old.size();
  }

  private static int audit(Tx tx, Tenant tenant, long beforeMs, int limit) {
    record Entry(long order, long id) {}
    List<Entry> old =
        tx.query(
                """
                SELECT order_id, id FROM {binding_audit}
                WHERE dealer_id = :dealer AND id < :before ORDER BY id LIMIT %d"""
                    .formatted(limit))
            .bind("dealer", tenant.id())
            .bind("before", Ids.firstAt(beforeMs))
            .map((row, context) -> new Entry(row.getLong("order_id"), row.getLong("id")))
            .list();
    if (!old.isEmpty()) {
      PreparedBatch batch =
          tx.batch(
              """
              DELETE FROM {binding_audit}
              WHERE dealer_id = :dealer AND order_id = :order AND id = :id""");
      old.forEach(
          one ->
              batch.bind("dealer", tenant.id()).bind("order", one.order).bind("id", one.id).add());
      batch.execute();
    }
    return old.size();
  }
}
