package io.laoke.segment;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Breakdowns. */
final class Shares {
  private static final String MONTH = "month";
  private static final int MOST_MONTHS = 1_200;
  private static final String CATEGORY = "category";
  private static final Set<FieldType> DIVIDES =
      Set.of(FieldType.CODE, FieldType.REGION, FieldType.FLAG, FieldType.INTEGER);
  private static final Set<FieldType> DIVIDES_ROWS =
      Set.of(
          FieldType.CODE,
          FieldType.TEXT,
          FieldType.REGION,
          FieldType.CATEGORY,
          FieldType.FLAG,
          FieldType.INTEGER);

  private final Tenant tenant;
  private final DealerSchema schema;
  private final Breakdown by;
  private final Instant asOf;
  private final @Nullable FieldDef ofMember;
  private final Node.Aggregate rows;
  private final boolean numbers;

  /**
   * A breakdown that was found right: nothing is looked up once a transaction is under way.
   *
   * @throws SegmentException if it cannot be answered
   */
  Shares(Tenant tenant, DealerSchema schema, Breakdown by, Instant asOf) {
    this.tenant = tenant;
    this.schema = schema;
    this.by = by;
    this.asOf = asOf;
    FieldDef named = schema.memberFields().get(by.field());
    this.ofMember = rowsAreAll() && !isOfRows(by.field()) ? named : null;
    if (ofMember != null && !DIVIDES.contains(ofMember.type())) {
      throw refused(ofMember);
    }
    if (named != null && !rowsAreAll() && !isOfRows(by.field())) {
      throw ofAllOnly(named);
    }
    this.rows = ofMember == null ? rows() : lifetime();
    FieldDef ofRow = ofMember == null ? BuiltIn.ITEMS.fields().get(by.field()) : null;
    if (ofRow != null && !DIVIDES_ROWS.contains(ofRow.type())) {
      throw refused(ofRow);
    }
    FieldDef divided = ofMember == null ? ofRow : ofMember;
    this.numbers = divided != null && divided.type() == FieldType.INTEGER;
  }

  /** A dealer's own attribute that is called so, too, gives way. */
  private static boolean isOfRows(String field) {
    return field.equals(MONTH) || BuiltIn.ITEMS.fields().containsKey(field);
  }

  private static SegmentException refused(FieldDef field) {
    return Problems.one(
        "/where/field",
        SegmentProblem.Code.WRONG_VALUE,
        "不能按“%s”（%s）划分；请用代码、地区、是否或数字类型的字段，明细还可按品类、品牌、型号，按时间请用 month。"
            .formatted(field.labels().zh(), field.name()),
        "'%s' does not divide members; take a code, region, flag or number, for items also category, brand or model, and month for times."
            .formatted(field.name()));
  }

  private static SegmentException ofAllOnly(FieldDef field) {
    return Problems.one(
        "/where/field",
        SegmentProblem.Code.WRONG_VALUE,
        "“%s”（%s）是会员的字段，按它划分的是全部消费；请去掉 where、during 和 scope，或按明细的字段划分。"
            .formatted(field.labels().zh(), field.name()),
        "'%s' is a field of members, which divides all that they paid; leave where, during and scope out, or take a field of items."
            .formatted(field.name()));
  }

  List<Share> of(Tx tx, Node members, SqlCompiler compiler) {
    tx.plannedForMany();
    FieldDef field = ofMember;
    if (field != null) {
      return ofMembers(tx, members, field, compiler);
    }
    return rowsAreAll() && (by.field().equals(CATEGORY) || by.field().equals(MONTH))
        ? ofFile(tx, members, compiler)
        : ofRows(tx, members, compiler);
  }

  private boolean rowsAreAll() {
    return by.where().isEmpty() && by.during().isEmpty() && by.scope() == Scope.DEFAULT;
  }

  /** The rows, found right as those of a count. */
  private Node.Aggregate rows() {
    boolean month = by.field().equals(MONTH);
    Segment rows =
        new Segment.Agg(
            month ? Aggregation.COUNT : Aggregation.DISTINCT,
            BuiltIn.ITEMS.name(),
            month ? Optional.empty() : Optional.of(by.field()),
            by.where(),
            by.during(),
            by.scope(),
            Op.GTE,
            new Operand.Whole(0));
    return (Node.Aggregate) Resolver.resolve(rows, schema, asOf).node();
  }

  /** All that a member paid. */
  private Node.Aggregate lifetime() {
    return (Node.Aggregate)
        Resolver.resolve(
                new Segment.Agg(
                    Aggregation.SUM,
                    BuiltIn.ITEMS.name(),
                    Optional.of("netAmount"),
                    Optional.empty(),
                    Optional.empty(),
                    Scope.DEFAULT,
                    Op.GTE,
                    new Operand.Whole(0)),
                schema,
                asOf)
            .node();
  }

  private List<Share> ofMembers(Tx tx, Node members, FieldDef field, SqlCompiler compiler) {
    String condition = compiler.only(members);
    Cell cell = compiler.field(field);
    String key =
        cell instanceof Scalar scalar
            ? scalar.sql()
            : "CASE WHEN %s THEN 'true' ELSE 'false' END"
                .formatted(cell.holds(new Condition.Equal(true), compiler.binds()));
    String net = compiler.number(rows);
    return shares(
        tx,
        "SELECT z.k, COUNT(*) AS members, COALESCE(SUM(z.net), 0) AS net FROM (SELECT %s AS k, %s AS net %s) z GROUP BY z.k"
            .formatted(key, net, compiler.from(condition)),
        compiler.binds());
  }

  /** From the consumption file. */
  private List<Share> ofFile(Tx tx, Node members, SqlCompiler compiler) {
    boolean month = by.field().equals(MONTH);
    String condition = compiler.ids(members);
    compiler.join(
        month
            ? compiler.ofMonths("c.member_id, c.month_no AS k, c.orders, c.net_fen", "c")
            : compiler.ofLifetime("c.member_id, c.path AS k, c.orders, c.net_fen", "c"),
        "f",
        "");
    List<Share> shares =
        shares(
            tx,
            "SELECT f.k, SUM(CASE WHEN f.orders > 0 THEN 1 ELSE 0 END) AS members, SUM(f.net_fen) AS net %s GROUP BY f.k"
                .formatted(compiler.from(condition)),
            compiler.binds());
    return month ? shares.stream().map(Shares::ofMonth).toList() : shares;
  }

  private static Share ofMonth(Share share) {
    return new Share(
        share.key().map(no -> no.substring(0, 4) + "-" + no.substring(4)),
        share.members(),
        share.net());
  }

  private List<Share> ofRows(Tx tx, Node members, SqlCompiler compiler) {
    FieldDef net = BuiltIn.ITEMS.fields().get("netAmount");
    FieldDef value =
        by.field().equals(MONTH)
            ? BuiltIn.ITEMS.fields().get("at")
            : BuiltIn.ITEMS.fields().get(by.field());
    if (net == null || value == null) {
      throw new IllegalStateException("not a field of items: " + by.field());
    }
    Derived.Key key =
        new Derived.Key(rows.of(), rows.scope(), rows.where(), rows.span(), null, null);
    String condition = compiler.ids(members);
    String table = Derived.rows(key, compiler.branches(), compiler.binds(), value, net);
    if (table.isEmpty()) {
      return List.of();
    }
    String keyColumn = "f.k";
    String more = "";
    if (by.field().equals(CATEGORY)) {
      more = " JOIN (" + UPWARDS + ") u ON u.path = f.k";
      keyColumn = "u.up";
    } else if (by.field().equals(MONTH)) {
      String months = months(tx, key, compiler.branches(), value, net);
      if (months.isEmpty()) {
        return List.of();
      }
      more = " JOIN (" + months + ") u ON f.k >= u.starts AND f.k < u.ends";
      keyColumn = "u.k";
    }
    compiler.join(table, "f", more);
    return shares(
        tx,
        "SELECT %1$s AS k, COUNT(DISTINCT CASE WHEN f.live = 1 THEN f.member_id END) AS members, COALESCE(SUM(f.net), 0) AS net %2$s GROUP BY %1$s"
            .formatted(keyColumn, compiler.from(condition)),
        compiler.binds());
  }

  /** Each category with itself, each of its ancestors and the root. */
  private static final String UPWARDS =
      """
      SELECT c.path, a.path AS up FROM {category} c
      JOIN {category} a ON a.dealer_id = c.dealer_id
        AND (a.path = c.path OR LEFT(c.path, CHAR_LENGTH(a.path) + 1) = CONCAT(a.path, '/'))
      WHERE c.dealer_id = :dealer
      UNION ALL SELECT c.path, '' AS up FROM {category} c WHERE c.dealer_id = :dealer
      UNION ALL SELECT '?' AS path, '?' AS up FROM {dealer} d WHERE d.id = :dealer
      UNION ALL SELECT '?' AS path, '' AS up FROM {dealer} d WHERE d.id = :dealer""";

  /** The months that rows are in. */
  private String months(Tx tx, Derived.Key key, Branches branches, FieldDef value, FieldDef net) {
    Binds binds = new Binds(tenant.id());
    String table = Derived.rows(key, branches, binds, value, net);
    record Ends(long first, long last) {}
    Optional<Ends> ends =
        tx.query(
                "SELECT MIN(f.k) AS first_ms, MAX(f.k) AS last_ms FROM (" + table + ") f",
                binds.all())
            .map(
                (row, context) -> {
                  long first = row.getLong("first_ms");
                  return row.wasNull()
                      ? Optional.<Ends>empty()
                      : Optional.of(new Ends(first, row.getLong("last_ms")));
                })
            .one();
    if (ends.isEmpty()) {
      return "";
    }
    ZoneId zone = tenant.zone();
    YearMonth last = month(ends.get().last(), zone);
    List<String> months = new ArrayList<>();
    for (YearMonth month = month(ends.get().first(), zone);
        !month.isAfter(last) && months.size() < MOST_MONTHS;
        month = month.plusMonths(1)) {
      // Numbers of ours.
      months.add(
          "SELECT '%s' AS k, %d AS starts, %d AS ends"
              .formatted(month, start(month, zone), start(month.plusMonths(1), zone)));
    }
    return String.join(" UNION ALL ", months);
  }

  private static YearMonth month(long millis, ZoneId zone) {
    return YearMonth.from(Instant.ofEpochMilli(millis).atZone(zone));
  }

  private static long start(YearMonth month, ZoneId zone) {
    LocalDate first = month.atDay(1);
    return first.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  private List<Share> shares(Tx tx, String sql, Binds binds) {
    List<Share> shares = new ArrayList<>();
    tx.query(sql, binds.all())
        .map(
            (row, context) -> {
              BigDecimal net = row.getBigDecimal("net");
              return new Share(
                  Optional.ofNullable(row.getString("k")).map(this::shown),
                  row.getLong("members"),
                  net);
            })
        .forEach(shares::add);
    return shares.stream()
        .sorted(numbers ? Comparator.comparing(Shares::number) : Comparator.comparing(Shares::text))
        .toList();
  }

  private static String text(Share share) {
    return share.key().orElse("\uffff");
  }

  /** Those without a value last. */
  private static BigDecimal number(Share share) {
    return share.key().map(BigDecimal::new).orElse(BigDecimal.TEN.pow(50));
  }

  private String shown(String key) {
    return numbers ? new BigDecimal(key).stripTrailingZeros().toPlainString() : key;
  }
}
