package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Table {@code member_attribute}. */
final class AttributeTable {
  Map<String, Attribute> of(Tx tx, Tenant tenant, long member) {
    Map<String, Attribute> found = new TreeMap<>();
    tx.guarded(
            """
            SELECT name, kind, text_sealed, number_value, date_value, flag_value, code_value
            FROM {member_attribute} WHERE dealer_id = :dealer AND member_id = :member""")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map((row, context) -> Map.entry(row.getString("name"), attribute(tenant, row)))
        .forEach(one -> found.put(one.getKey(), one.getValue()));
    return found;
  }

  private static Attribute attribute(Tenant tenant, ResultSet row) throws SQLException {
    return switch (row.getString("kind")) {
      case "TEXT" ->
          new Attribute.Text(
              Objects.requireNonNull(tenant.privacy().open(row.getString("text_sealed"))));
      case "NUMBER" -> new Attribute.Numeric(row.getBigDecimal("number_value"));
      case "DATE" -> new Attribute.Day(row.getObject("date_value", LocalDate.class));
      case "FLAG" -> new Attribute.Flag(row.getInt("flag_value") != 0);
      case "CODE" -> new Attribute.Code(row.getString("code_value"));
      case "INSTANT" ->
          new Attribute.Moment(
              Instant.ofEpochMilli(row.getBigDecimal("number_value").longValueExact()));
      default -> throw new IllegalStateException("an attribute of an unknown kind");
    };
  }

  /**
   * Puts attributes of a member that is locked.
   *
   * @return whether any changed
   */
  boolean put(Tx tx, Tenant tenant, long member, Map<String, Attribute> attributes, Instant now) {
    if (attributes.isEmpty()) {
      return false;
    }
    Map<String, Attribute> stored = of(tx, tenant, member);
    boolean changed = false;
    for (Map.Entry<String, Attribute> one : attributes.entrySet()) {
      Attribute was = stored.get(one.getKey());
      Attribute now1 = one.getValue();
      if (now1 instanceof Attribute.Nothing ? was == null : now1.equals(was)) {
        continue;
      }
      changed = true;
      if (was != null) {
        remove(tx, tenant, member, one.getKey());
      }
      if (!(now1 instanceof Attribute.Nothing)) {
        insert(tx, tenant, member, one.getKey(), now1, now);
      }
    }
    return changed;
  }

  void remove(Tx tx, Tenant tenant, long member, String name) {
    tx.changed(tenant.id(), member);
    tx.update(
            """
            DELETE FROM {member_attribute}
            WHERE dealer_id = :dealer AND member_id = :member AND name = :name""")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .bind("name", name)
        .execute();
  }

  private static void insert(
      Tx tx, Tenant tenant, long member, String name, Attribute value, Instant now) {
    tx.changed(tenant.id(), member);
    Update insert =
        tx.update(
                """
                INSERT INTO {member_attribute} (dealer_id, member_id, name, kind, text_sealed,
                  text_hash, number_value, date_value, flag_value, code_value, changed_ms)
                VALUES (:dealer, :member, :name, :kind, :text, :hash, :number, :date, :flag, :code,
                  :now)""")
            .bind("dealer", tenant.id())
            .bind("member", member)
            .bind("name", name)
            .bind("kind", kind(value))
            .bind("now", now.toEpochMilli());
    String text = value instanceof Attribute.Text one ? one.value() : null;
    String code = value instanceof Attribute.Code one ? one.value() : null;
    LocalDate date = value instanceof Attribute.Day one ? one.value() : null;
    Integer flag = value instanceof Attribute.Flag one ? (one.value() ? 1 : 0) : null;
    insert
        .bind("text", tenant.privacy().seal(text))
        .bind("hash", text == null ? null : tenant.privacy().hash("attribute", text))
        .bind("number", number(value))
        .bind("code", code)
        .bind("flag", flag);
    if (date == null) {
      insert.bindNull("date", Types.DATE);
    } else {
      insert.bind("date", date);
    }
    insert.execute();
  }

  private static @Nullable BigDecimal number(Attribute value) {
    if (value instanceof Attribute.Moment moment) {
      return BigDecimal.valueOf(moment.value().toEpochMilli());
    }
    return value instanceof Attribute.Numeric one ? one.value() : null;
  }

  private static String kind(Attribute value) {
    if (value instanceof Attribute.Text) {
      return "TEXT";
    }
    if (value instanceof Attribute.Numeric) {
      return "NUMBER";
    }
    if (value instanceof Attribute.Day) {
      return "DATE";
    }
    if (value instanceof Attribute.Moment) {
      return "INSTANT";
    }
    return value instanceof Attribute.Code ? "CODE" : "FLAG";
  }

  /** How many members have values of that attribute, and of which kind. */
  Map<String, Long> kinds(Tx tx, Tenant tenant, String name) {
    return counts(
        tx.guarded(
            """
            SELECT kind AS what, COUNT(*) AS members FROM {member_attribute}
            WHERE dealer_id = :dealer AND name = :name GROUP BY kind"""),
        tenant,
        name);
  }

  /** How many have numbers with places behind the point. */
  long fractions(Tx tx, Tenant tenant, String name) {
    return tx.guarded(
            """
            SELECT COUNT(*) FROM {member_attribute}
            WHERE dealer_id = :dealer AND name = :name AND kind = 'NUMBER'
              AND number_value <> FLOOR(number_value)""")
        .bind("dealer", tenant.id())
        .bind("name", name)
        .mapTo(Long.class)
        .one();
  }

  /** How many have which code. */
  Map<String, Long> codes(Tx tx, Tenant tenant, String name) {
    return counts(
        tx.guarded(
            """
            SELECT code_value AS what, COUNT(*) AS members FROM {member_attribute}
            WHERE dealer_id = :dealer AND name = :name AND kind = 'CODE' GROUP BY code_value"""),
        tenant,
        name);
  }

  private static Map<String, Long> counts(Query query, Tenant tenant, String name) {
    Map<String, Long> counts = new TreeMap<>();
    query
        .bind("dealer", tenant.id())
        .bind("name", name)
        .map((row, context) -> Map.entry(row.getString("what"), row.getLong("members")))
        .forEach(one -> counts.put(one.getKey(), one.getValue()));
    return counts;
  }
}
