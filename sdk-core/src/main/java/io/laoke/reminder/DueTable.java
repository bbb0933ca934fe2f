package io.laoke.reminder;

import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of lists of what is to come. */
final class DueTable {
  private static final Pattern CURSOR =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)_(\\d{1,19})_(.{1,32})", Pattern.DOTALL);

  private DueTable() {}

  /** Behind which row a page begins. */
  record After(LocalDate contact, long unitId, String kind) {
    /** Read from a page's {@code next}. */
    static After of(String cursor) {
      Matcher parts = CURSOR.matcher(cursor);
      try {
        if (parts.matches()) {
          return new After(
              LocalDate.parse(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3));
        }
      } catch (DateTimeException | NumberFormatException none) {
        // Told below.
      }
      throw new InvalidInputException(
          "cursor", "must be DuePage.next() of the page before, or null for the first page");
    }

    @Override
    public String toString() {
      return contact + "_" + unitId + "_" + kind;
    }
  }

  /** A row with its place. */
  record Found(DueReminder reminder, long unitId) {
    After after() {
      return new After(reminder.contact(), unitId, reminder.kind());
    }
  }

  static List<Found> page(Tx tx, Tenant tenant, DueQuery wanted, @Nullable After after, int limit) {
    StringBuilder sql =
        new StringBuilder(
            """
            SELECT o.order_no, u.line_no, u.unit_no, r.unit_id, r.kind, r.rule_code, r.category,
              r.model, r.brand, r.store_code, r.member_id, r.due, r.contact_day, r.from_day, r.basis,
              r.assumed
            FROM {reminder} r""");
    sql.append(tx.dialect().byIndex("reminder_planned"));
    sql.append(
        """

        JOIN {order_unit} u ON u.dealer_id = r.dealer_id AND u.id = r.unit_id
        JOIN {customer_order} o ON o.dealer_id = r.dealer_id AND o.id = r.order_id
        WHERE r.dealer_id = :dealer AND r.contact_day >= :from AND r.contact_day <= :to""");
    if (after != null) {
      sql.append(" AND (r.contact_day > :from OR r.unit_id > :unit")
          .append(" OR (r.unit_id = :unit AND r.kind > :after))");
    }
    wanted.store().ifPresent(store -> sql.append(" AND r.store_code = :store"));
    wanted.kind().ifPresent(kind -> sql.append(" AND r.kind = :kind"));
    sql.append(" ORDER BY r.dealer_id, r.contact_day, r.unit_id, r.kind LIMIT :limit");
    Query query =
        tx.query(sql.toString())
            .bind("dealer", tenant.id())
            .bind("from", after == null ? wanted.from() : after.contact())
            .bind("to", wanted.to())
            .bind("limit", limit);
    if (after != null) {
      query.bind("unit", after.unitId()).bind("after", after.kind());
    }
    wanted.store().ifPresent(store -> query.bind("store", store));
    wanted.kind().ifPresent(kind -> query.bind("kind", kind));
    return query.map((row, context) -> found(row)).list();
  }

  private static Found found(ResultSet row) throws SQLException {
    Long member = ReminderTable.number(row, "member_id");
    return new Found(
        new DueReminder(
            row.getString("order_no"),
            row.getString("line_no"),
            row.getInt("unit_no"),
            row.getString("kind"),
            row.getString("rule_code"),
            row.getString("category"),
            Optional.ofNullable(row.getString("model")),
            Optional.ofNullable(row.getString("brand")),
            Optional.ofNullable(row.getString("store_code")),
            member == null ? OptionalLong.empty() : OptionalLong.of(member),
            Objects.requireNonNull(ReminderTable.day(row, "due")),
            Objects.requireNonNull(ReminderTable.day(row, "contact_day")),
            Objects.requireNonNull(ReminderTable.day(row, "from_day")),
            Optional.ofNullable(row.getString("basis")).map(Basis::valueOf),
            row.getBoolean("assumed")),
        row.getLong("unit_id"));
  }
}
