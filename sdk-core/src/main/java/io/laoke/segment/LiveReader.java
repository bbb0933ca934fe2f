package io.laoke.segment;

import io.laoke.internal.columns.Block;
import io.laoke.internal.columns.BlockBuilder;
import io.laoke.internal.columns.Unserved;
import io.laoke.internal.jdbc.Listed;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.LineKind;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Reads members, and what segments ask of them most, into blocks. */
final class LiveReader {
  /** The field of a member's random number. */
  static final String RANDOM = "random31";

  /** Kinds of lines, by their numbers. */
  static final List<String> KINDS = Arrays.stream(LineKind.values()).map(LineKind::name).toList();

  private static final long NONE = Long.MIN_VALUE;

  private final Tenant tenant;
  private final Numbered categories;
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  LiveReader(Tenant tenant, Numbered categories) {
    this.tenant = tenant;
    this.categories = categories;
  }

  /** The field of an attribute of that kind. */
  static String attribute(String name, String kind) {
    return kind + ":" + name;
  }

  /** Fields that have values which are no whole numbers. */
  Set<String> broken() {
    return broken;
  }

  /** Adds the next members by id. */
  void page(Tx tx, long after, BlockBuilder into) {
    members(
        tx,
        "id > :after ORDER BY id LIMIT " + Block.MOST,
        Map.of("dealer", tenant.id(), "after", after),
        into);
  }

  /** Adds those of these members that live. */
  void some(Tx tx, Collection<Long> ids, BlockBuilder into) {
    Map<String, Object> values = listed(ids);
    members(tx, "id IN (<ids>) ORDER BY id", values, into);
    if (into.size() > 0) {
      all(tx, "member_id IN (<ids>)", values, into);
    }
  }

  /** Adds what the members have, whose ids are from one to another. */
  void have(Tx tx, long first, long last, BlockBuilder into) {
    all(
        tx,
        "member_id >= :first AND member_id <= :last",
        Map.of("dealer", tenant.id(), "first", first, "last", last),
        into);
  }

  private Map<String, Object> listed(Collection<Long> ids) {
    return Map.of("dealer", tenant.id(), "ids", new Listed(Rows.Type.LONG, ids));
  }

  private void members(Tx tx, String which, Map<String, ?> values, BlockBuilder into) {
    tx.stream(
        "SELECT id, gender, birthday, region, source, random31, created_ms FROM {member}"
            + " WHERE dealer_id = :dealer AND merged_into IS NULL AND erased_ms IS NULL AND "
            + which,
        values,
        row -> {
          int slot = into.member(row.getLong(1));
          code(into, slot, "gender", row.getString(2));
          LocalDate birthday = row.getObject(3, LocalDate.class);
          if (birthday != null) {
            into.number(slot, "birthday", birthday.toEpochDay());
          }
          code(into, slot, "region", row.getString(4));
          code(into, slot, "source", row.getString(5));
          into.number(slot, RANDOM, row.getInt(6));
          into.number(slot, "createdAt", row.getLong(7));
        });
  }

  private static void code(BlockBuilder into, int slot, String field, String code) {
    if (code != null && !code.isEmpty()) {
      into.code(slot, field, code);
    }
  }

  private void all(Tx tx, String which, Map<String, ?> values, BlockBuilder into) {
    identities(tx, which, values, into);
    tx.stream(
        "SELECT member_id, tag FROM {member_tag} WHERE dealer_id = :dealer AND " + which,
        values,
        row -> {
          int slot = into.slot(row.getLong(1));
          if (slot >= 0) {
            into.code(slot, "tags", row.getString(2));
          }
        });
    attributes(tx, which, values, into);
    lines(tx, which, values, into);
  }

  private static void identities(Tx tx, String which, Map<String, ?> values, BlockBuilder into) {
    long[] followed = new long[into.size()];
    Arrays.fill(followed, NONE);
    tx.stream(
        "SELECT member_id, kind, status, follows, follow_at_ms FROM {identity}"
            + " WHERE dealer_id = :dealer AND "
            + which,
        values,
        row -> {
          int slot = into.slot(row.getLong(1));
          if (slot < 0) {
            return;
          }
          String kind = row.getString(2);
          if (kind.equals("PHONE") && row.getString(3).equals("ACTIVE")) {
            into.code(slot, "hasPhone", "1");
          }
          if (kind.equals("OPENID") && row.getBoolean(4)) {
            into.code(slot, "follows", "1");
            long at = row.getLong(5);
            followed[slot] = row.wasNull() ? followed[slot] : Math.max(followed[slot], at);
          }
        });
    numbers(into, "followedAt", followed);
  }

  private static void numbers(BlockBuilder into, String field, long[] values) {
    for (int slot = 0; slot < values.length; slot++) {
      if (values[slot] != NONE) {
        into.number(slot, field, values[slot]);
      }
    }
  }

  private void attributes(Tx tx, String which, Map<String, ?> values, BlockBuilder into) {
    Map<String, long[]> numbers = new TreeMap<>();
    tx.stream(
        "SELECT member_id, name, kind, number_value, date_value, flag_value, code_value"
            + " FROM {member_attribute} WHERE dealer_id = :dealer AND kind <> 'TEXT' AND "
            + which,
        values,
        row -> {
          int slot = into.slot(row.getLong(1));
          if (slot < 0) {
            return;
          }
          String kind = row.getString(3);
          String field = attribute(row.getString(2), kind);
          switch (kind) {
            case "CODE" -> code(into, slot, field, row.getString(7));
            case "FLAG" -> into.code(slot, field, row.getInt(6) == 1 ? "1" : "0");
            case "DATE" -> {
              LocalDate day = row.getObject(5, LocalDate.class);
              if (day != null) {
                column(numbers, field, into)[slot] = day.toEpochDay();
              }
            }
            default -> number(row.getBigDecimal(4), field, numbers, slot, into);
          }
        });
    numbers.forEach((field, column) -> numbers(into, field, column));
  }

  private void number(
      BigDecimal number, String field, Map<String, long[]> numbers, int slot, BlockBuilder into) {
    if (number != null) {
      try {
        column(numbers, field, into)[slot] = number.longValueExact();
      } catch (ArithmeticException fraction) {
        broken.add(field);
      }
    }
  }

  private static long[] column(Map<String, long[]> numbers, String field, BlockBuilder into) {
    return numbers.computeIfAbsent(
        field,
        added -> {
          long[] column = new long[into.size()];
          Arrays.fill(column, NONE);
          return column;
        });
  }

  private void lines(Tx tx, String which, Map<String, ?> values, BlockBuilder into) {
    Map<String, Integer> known = new HashMap<>();
    tx.stream(
        "SELECT member_id, order_id, ordered_ms, category, kind, counted_fen, counted_quantity"
            + " FROM {order_line} WHERE dealer_id = :dealer AND "
            + which,
        values,
        row -> {
          int slot = into.slot(row.getLong(1));
          if (slot >= 0) {
            into.line(
                slot,
                row.getLong(2),
                row.getLong(3),
                known.computeIfAbsent(row.getString(4), categories::of),
                KINDS.indexOf(row.getString(5)),
                row.getLong(6),
                thousandths(row.getBigDecimal(7)));
          }
        });
    tx.stream(
        "SELECT member_id, returned_ms, category, net_fen, quantity FROM {return_line}"
            + " WHERE dealer_id = :dealer AND netted_line IS NULL AND "
            + which,
        values,
        row -> {
          int slot = into.slot(row.getLong(1));
          if (slot >= 0) {
            into.nameless(
                slot,
                row.getLong(2),
                known.computeIfAbsent(row.getString(3), categories::of),
                row.getLong(4),
                thousandths(row.getBigDecimal(5)));
          }
        });
  }

  private static long thousandths(BigDecimal quantity) {
    try {
      return quantity.movePointRight(3).longValueExact();
    } catch (ArithmeticException tooMany) {
      throw new Unserved("a line has more than 9 × 10^15 pieces");
    }
  }
}
