package io.laoke.segment;

import io.laoke.internal.tenant.Tenant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Where the fields of members stand, for a query whose members are called {@code m}. */
final class MemberCells {
  private static final String OPENIDS =
      """
      SELECT 1 FROM {identity} i WHERE i.dealer_id = :dealer AND i.member_id = m.id
        AND i.kind = 'OPENID'""";

  private static final int MOST_JOINED = 15;

  private final Tenant tenant;
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, String> joins = new LinkedHashMap<>();

  MemberCells(Tenant tenant) {
    this.tenant = tenant;
  }

  /** Tables that have at most one row for each member. */
  String joins() {
    return String.join("", joins.values());
  }

  Cell of(FieldDef field, Binds binds) {
    return switch (field.name()) {
      case "gender" -> Scalar.of("m.gender", field.type());
      case "name" -> Scalar.of("m.name", field.type());
      case "birthday" -> Scalar.of("m.birthday", field.type());
      case "region" -> Scalar.of("m.region", field.type());
      case "source" -> Scalar.always("m.source", field.type());
      case "createdAt" -> Scalar.always("m.created_ms", field.type());
      case "follows" -> new Existing(OPENIDS + " AND i.follows");
      case "followedAt" ->
          Scalar.of(
              """
              (SELECT MAX(i.follow_at_ms) FROM {identity} i WHERE i.dealer_id = :dealer
                AND i.member_id = m.id AND i.kind = 'OPENID' AND i.follows)""",
              field.type());
      case "hasBoundOrder" ->
          new Existing(
              """
              SELECT 1 FROM {customer_order} b JOIN {recipient} e ON e.dealer_id = b.dealer_id
                AND e.order_id = b.id JOIN {identity} i ON i.dealer_id = e.dealer_id
                AND i.kind = 'OPENID' AND i.account = e.account AND i.value_hash = e.openid_hash
              WHERE b.dealer_id = :dealer AND b.member_id = m.id AND e.state = 'ACTIVE'
                AND i.member_id = m.id""");
      case "hasPhone" ->
          new Existing(
              """
              SELECT 1 FROM {identity} i WHERE i.dealer_id = :dealer AND i.member_id = m.id
                AND i.kind = 'PHONE' AND i.status = 'ACTIVE'""");
      case "tags" ->
          new TagSet(
              "SELECT 1 FROM {member_tag} g WHERE g.dealer_id = :dealer AND g.member_id = m.id",
              "g.tag");
      case "remark" ->
          new AnyText(
              "SELECT 1 FROM {member_remark} k WHERE k.dealer_id = :dealer AND k.member_id = m.id",
              Scalar.of("k.text_sealed", field.type()));
      default -> attribute(field, binds);
    };
  }

  private Cell attribute(FieldDef field, Binds binds) {
    FieldType type = field.type();
    UnaryOperator<String> column = columns(field, binds);
    return switch (type) {
      case TEXT ->
          new SealedText(
              Scalar.of(column.apply("text_sealed"), type),
              column.apply("text_hash"),
              text -> tenant.privacy().hash("attribute", text));
      case CODE -> Scalar.of(column.apply("code_value"), type);
      case FLAG -> Scalar.of(column.apply("flag_value"), type);
      case DATE -> Scalar.of(column.apply("date_value"), type);
      case INTEGER, MONEY, INSTANT -> Scalar.of(column.apply("number_value"), type);
      case REGION, CATEGORY, TAGS ->
          throw new IllegalArgumentException("no attribute is a " + type);
    };
  }

  /** The columns of an attribute: of a table that is joined, or, beyond a few, each looked up. */
  private UnaryOperator<String> columns(FieldDef field, Binds binds) {
    String known = aliases.get(field.name());
    if (known != null) {
      return column -> known + "." + column;
    }
    String row =
        "%%1$s.dealer_id = :dealer AND %%1$s.member_id = m.id AND %%1$s.name = %s AND %%1$s.kind = '%s'"
            .formatted(binds.value(field.name()), kind(field.type()));
    if (joins.size() >= MOST_JOINED) {
      String of = " FROM {member_attribute} b WHERE " + row.formatted("b") + ")";
      return column -> "(SELECT b." + column + of;
    }
    String alias = "b" + joins.size();
    aliases.put(field.name(), alias);
    joins.put(alias, " LEFT JOIN {member_attribute} " + alias + " ON " + row.formatted(alias));
    return column -> alias + "." + column;
  }

  /** The kind under which an attribute is kept. */
  static String kind(FieldType type) {
    return type == FieldType.INTEGER || type == FieldType.MONEY ? "NUMBER" : type.name();
  }
}
