package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.time.LocalDate;
import java.time.Period;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes segments in Java as they are written in JSON. Meant for static import, together with
 * {@link Fields}:
 *
 * <pre>{@code
 * Segment s = all(
 *     field(GENDER).is(FEMALE),
 *     items().where(category().under("kitchen")).during(last(Period.ofYears(1)))
 *         .sum(NET_AMOUNT).atLeast(yuan(5000)));
 * }</pre>
 *
 * <p>What does not fit a field's type does not compile; whether names and codes exist is found out
 * when a dealer's {@link Segments} is given the segment.
 */
public final class Criteria {
  private Criteria() {}

  // ---- parts

  /** True if all parts are; of nothing: true. */
  public static Segment all(Segment... parts) {
    return new Segment.All(Arrays.asList(notNull("parts", parts)));
  }

  /** True if one of the parts is; of nothing: false. */
  public static Segment any(Segment... parts) {
    return new Segment.Any(Arrays.asList(notNull("parts", parts)));
  }

  /** The complement: true of exactly those of whom the part is not. */
  public static Segment not(Segment part) {
    return new Segment.Not(part);
  }

  /** True. */
  public static Segment everyone() {
    return new Segment.Everyone();
  }

  /** True of members of a saved segment. */
  public static Segment in(String key) {
    return new Segment.InSegment(key);
  }

  /** True of a stable random share of members: those whose number of 0 to 9999 is in a range. */
  public static Segment bucket(String salt, int from, int to) {
    return new Segment.Bucket(salt, from, to);
  }

  /** A value of the member, or of a row within {@code where}. */
  public static <Q extends Ask> Q field(FieldKey<Q> key) {
    String name = notNull("key", key).name();
    return key.ask((op, value) -> new Segment.Field(name, op, value));
  }

  /** The category of a row. */
  public static Ask.Tree category() {
    return field(Fields.CATEGORY);
  }

  /** There is a value. */
  public static <Q extends Ask> Segment exists(FieldKey<Q> key) {
    return field(key).exists();
  }

  /** There is none. */
  public static <Q extends Ask> Segment missing(FieldKey<Q> key) {
    return field(key).missing();
  }

  // ---- collections

  /** The member's orders. */
  public static MemberRows orders() {
    return MemberRows.of("orders");
  }

  /** The lines of the member's orders. */
  public static MemberRows items() {
    return MemberRows.of("items");
  }

  /** The member's appliances, one by one. */
  public static MemberRows units() {
    return MemberRows.of("units");
  }

  /** The services that the member's appliances had. */
  public static MemberRows services() {
    return MemberRows.of("services");
  }

  /** What was sent to the member. */
  public static MemberRows sends() {
    return MemberRows.of("sends");
  }

  /** What the host recorded of the member, whatever it was. */
  public static MemberRows events() {
    return MemberRows.of("events");
  }

  /**
   * A collection by its name, as {@code describe()} lists it: such as one type of the host's
   * events, with their properties.
   */
  public static MemberRows rows(String collection) {
    return MemberRows.of(notNull("collection", collection));
  }

  // ---- windows

  /** From the start of the day that long ago to now. */
  public static Window last(Period period) {
    return new Window.Last(period);
  }

  /** From now to the end of the day that far ahead. */
  public static Window next(Period period) {
    return new Window.Next(period);
  }

  /** Before the day that long ago. */
  public static Window before(Period period) {
    return new Window.Before(period);
  }

  /** The whole unit that we are in. */
  public static Window thisUnit(Window.Unit unit) {
    return new Window.This(unit);
  }

  /** The whole unit before that. */
  public static Window prevUnit(Window.Unit unit) {
    return new Window.Prev(unit);
  }

  /** The whole unit after that. */
  public static Window nextUnit(Window.Unit unit) {
    return new Window.NextUnit(unit);
  }

  /** Whole days, both included. */
  public static Window days(LocalDate from, LocalDate to) {
    return new Window.Days(Optional.of(notNull("from", from)), Optional.of(notNull("to", to)));
  }

  /** That day and all later ones. */
  public static Window since(LocalDate from) {
    return new Window.Days(Optional.of(notNull("from", from)), Optional.empty());
  }

  /** That day and all earlier ones. */
  public static Window until(LocalDate to) {
    return new Window.Days(Optional.empty(), Optional.of(notNull("to", to)));
  }

  // ---- money

  /** Whole yuan. */
  public static Money yuan(long yuan) {
    return Money.yuan(yuan);
  }

  /** Yuan with fen, such as {@code yuan("19.90")}. */
  public static Money yuan(String yuan) {
    return Money.yuan(yuan);
  }
}
