package io.laoke.segment;

import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FieldBook.EventFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of events that hosts record. */
final class EventRows extends Branch {
  private final Tenant tenant;
  private final Optional<EventFields> of;
  private final Binds binds;

  /**
   * Events.
   *
   * @param of of this type; empty for all
   */
  EventRows(Tenant tenant, Optional<EventFields> of, Binds binds) {
    this.tenant = tenant;
    this.of = of;
    this.binds = binds;
  }

  @Override
  String from() {
    return "{event} v";
  }

  @Override
  List<String> where() {
    List<String> where = new ArrayList<>(List.of("v.dealer_id = :dealer"));
    of.ifPresent(fields -> where.add("v.type = " + binds.value(fields.type().name())));
    return where;
  }

  @Override
  String member() {
    return "v.member_id";
  }

  @Override
  String at() {
    return "v.at_ms";
  }

  @Override
  @Nullable String live() {
    return null;
  }

  @Override
  List<String> order() {
    return List.of("v.event_no", "v.type");
  }

  @Override
  Cell cell(FieldDef field) {
    FieldType type = field.type();
    return switch (field.name()) {
      case "type" -> Scalar.always("v.type", type);
      case "id" -> Scalar.always("v.event_no", type);
      case "at" -> Scalar.always(at(), type);
      case "amount" -> Scalar.of("v.amount_fen", type);
      default -> property(field);
    };
  }

  @Override
  @Nullable String value(FieldDef field) {
    return encrypted(field) && cell(field) instanceof SealedText text
        ? text.hash()
        : super.value(field);
  }

  @Override
  Cell ofColumn(FieldDef field, Scalar column) {
    if (field.type() == FieldType.DATE) {
      return new DayNumber(new Scalar(column.sql(), FieldType.INTEGER, false, null));
    }
    return encrypted(field) && cell(field) instanceof SealedText text
        ? new SealedText(column, column.sql(), text.hashed())
        : column;
  }

  private boolean encrypted(FieldDef field) {
    return field.type() == FieldType.TEXT && tenant.privacy().encrypts();
  }

  private Cell property(FieldDef field) {
    int place = of.map(fields -> fields.places().getOrDefault(field.name(), 0)).orElse(0);
    return switch (field.type()) {
      case TEXT ->
          new SealedText(
              Scalar.of("v.t" + place, field.type()),
              "v.w" + place,
              text -> tenant.privacy().hash("attribute", text));
      case CODE -> Scalar.of("v.w" + place, field.type());
      case DATE -> new DayNumber(Scalar.of("v.n" + place, FieldType.INTEGER));
      case INTEGER, MONEY, FLAG, INSTANT -> Scalar.of("v.n" + place, field.type());
      case REGION, CATEGORY, TAGS ->
          throw new IllegalArgumentException("no property is a " + field.type());
    };
  }
}
