package io.laoke.imports;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.member.MemberProfile;
import io.laoke.order.Order;
import io.laoke.order.ReturnNote;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One fact of history: a member, an order with the stages it has reached, a stage of an order that
 * is known already, or a return. Immutable.
 *
 * <p>The forms with a {@link Supplier} let a reader hand over what it has read without looking at
 * it: the value is made inside the import, and one that cannot be made, because a quantity is
 * negative, a date is none or a row is too short, is refused alone, whatever it throws. So is one
 * of another number than the fact was given under. A fact that a restarted run has behind it is not
 * even made.
 */
public final class ImportFact {
  private static final int KEY = 150;

  /** What a fact, or a part of it, is about. */
  public enum Kind {
    /** A member's profile. */
    MEMBER,
    /** An order. */
    ORDER,
    /** A line of an order or of a return that its reader refused. */
    LINE,
    /** A stage of an order. */
    STAGE,
    /** A return note. */
    RETURN,
    /** A service that a unit got. */
    SERVICE
  }

  /** A fact that its reader refused. */
  record Bad(String field, @Nullable String value, String reason) {}

  private final Kind kind;
  private final String key;
  private final @Nullable String origin;
  private final @Nullable Supplier<?> value;
  private final List<Supplier<StageReport>> stages;
  private final @Nullable Bad bad;

  private ImportFact(
      Kind kind,
      String key,
      @Nullable String origin,
      @Nullable Supplier<?> value,
      List<Supplier<StageReport>> stages,
      @Nullable Bad bad) {
    this.kind = kind;
    this.key = Check.mended(abbreviated(notNull("key", key).strip()));
    this.origin = origin;
    this.value = value;
    this.stages = stages;
    this.bad = bad;
  }

  private static String abbreviated(String key) {
    return key.codePointCount(0, key.length()) <= KEY
        ? key
        : key.substring(0, key.offsetByCodePoints(0, KEY - 1)) + "…";
  }

  /** A member's profile. */
  public static ImportFact member(MemberProfile profile) {
    return member(notNull("profile", profile).customerNo(), () -> profile);
  }

  /** A member's profile that is yet to be made. */
  public static ImportFact member(String customerNo, Supplier<MemberProfile> profile) {
    return new ImportFact(
        Kind.MEMBER, customerNo, null, notNull("profile", profile), List.of(), null);
  }

  /** An order. */
  public static ImportFact order(Order order) {
    return order(notNull("order", order).orderNo(), () -> order);
  }

  /** An order that is yet to be made. */
  public static ImportFact order(String orderNo, Supplier<Order> order) {
    return new ImportFact(Kind.ORDER, orderNo, null, notNull("order", order), List.of(), null);
  }

  /** A stage of an order that is known, or stands earlier in the stream. */
  public static ImportFact stage(String orderNo, StageReport stage) {
    notNull("stage", stage);
    return stage(orderNo, () -> stage);
  }

  /** A stage, that is yet to be made, of an order that is known or stands earlier. */
  public static ImportFact stage(String orderNo, Supplier<StageReport> stage) {
    return new ImportFact(Kind.STAGE, orderNo, null, null, List.of(notNull("stage", stage)), null);
  }

  /** A service that a unit got, of an order that is known or stands earlier in the stream. */
  public static ImportFact service(String orderNo, UnitServiceReport service) {
    notNull("service", service);
    return service(orderNo, () -> service);
  }

  /** A service, that is yet to be made, of an order that is known or stands earlier. */
  public static ImportFact service(String orderNo, Supplier<UnitServiceReport> service) {
    return new ImportFact(
        Kind.SERVICE, orderNo, null, notNull("service", service), List.of(), null);
  }

  /** A return. */
  public static ImportFact returned(ReturnNote note) {
    return returned(notNull("note", note).noteNo(), () -> note);
  }

  /** A return that is yet to be made. */
  public static ImportFact returned(String noteNo, Supplier<ReturnNote> note) {
    return new ImportFact(Kind.RETURN, noteNo, null, notNull("note", note), List.of(), null);
  }

  /**
   * A fact that its reader could not take, to be counted and kept with the others.
   *
   * @param key of what it is about, such as the order's number
   * @param field the column
   * @param value what stood there; kept in masked form where it may be personal
   * @param reason why it was refused, without the value
   */
  public static ImportFact refused(
      Kind kind, String key, String field, @Nullable String value, String reason) {
    return new ImportFact(
        notNull("kind", kind),
        key,
        null,
        null,
        List.of(),
        new Bad(
            Check.text("field", field, 100),
            value == null || value.isBlank() ? null : Check.mended(value),
            Check.text("reason", reason, 1_000)));
  }

  /** The same order with one more stage that it has reached; they are applied in this order. */
  public ImportFact stage(StageReport stage) {
    notNull("stage", stage);
    return stage(() -> stage);
  }

  /** The same with a stage that is yet to be made. */
  public ImportFact stage(Supplier<StageReport> stage) {
    if (kind != Kind.ORDER && kind != Kind.STAGE) {
      throw new InvalidInputException(
          "stage", "is of orders only; give it with the fact of the order");
    }
    List<Supplier<StageReport>> more = new ArrayList<>(stages);
    more.add(notNull("stage", stage));
    return new ImportFact(kind, key, origin, value, List.copyOf(more), bad);
  }

  /** The same, told where it stood, such as {@code orders.csv:1017}; at most 200 characters. */
  public ImportFact from(String where) {
    return new ImportFact(kind, key, Check.key("where", where, 200), value, stages, bad);
  }

  /** What it is about. */
  public Kind kind() {
    return kind;
  }

  /** The customer number, order number or note number. */
  public String key() {
    return key;
  }

  /** Where it stood. */
  public Optional<String> origin() {
    return Optional.ofNullable(origin);
  }

  @Nullable Supplier<?> value() {
    return value;
  }

  List<Supplier<StageReport>> stages() {
    return stages;
  }

  @Nullable Bad bad() {
    return bad;
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "ImportFact[" + kind + (kind == Kind.MEMBER ? "" : " " + key) + "]";
  }
}
