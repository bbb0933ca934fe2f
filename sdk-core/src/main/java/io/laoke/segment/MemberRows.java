package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A member's rows of a collection, and what they come to. Immutable: each call gives a narrower
 * one.
 */
public final class MemberRows {
  private final String of;
  private final List<Segment> where;
  private final Optional<Window> during;
  private final Scope scope;

  private MemberRows(String of, List<Segment> where, Optional<Window> during, Scope scope) {
    this.of = of;
    this.where = List.copyOf(where);
    this.during = during;
    this.scope = scope;
  }

  static MemberRows of(String collection) {
    return new MemberRows(collection, List.of(), Optional.empty(), Scope.DEFAULT);
  }

  /** Only rows of which all these are true, beside what was said before. */
  public MemberRows where(Segment... conditions) {
    List<Segment> all = new ArrayList<>(where);
    for (Segment condition : notNull("conditions", conditions)) {
      all.add(notNull("conditions", condition));
    }
    return new MemberRows(of, all, during, scope);
  }

  /** Only rows of that time. */
  public MemberRows during(Window window) {
    return new MemberRows(of, where, Optional.of(notNull("window", window)), scope);
  }

  /** Every document as it was written, those cancelled and those that return goods included. */
  public MemberRows allDocuments() {
    return new MemberRows(of, where, during, Scope.ALL);
  }

  /** There is one. */
  public Segment exists() {
    return count().atLeast(1);
  }

  /** There is none. */
  public Segment none() {
    return count().is(0);
  }

  /** How many there are; 0 without rows. */
  public Ask.Whole count() {
    return new Ask.Whole(target(Aggregation.COUNT, Optional.empty()));
  }

  /** Their sum; 0 without rows. */
  public <Q extends Ask & Ask.Summable> Q sum(FieldKey<Q> field) {
    return made(Aggregation.SUM, field);
  }

  /** Their average, never rounded; missing without rows. */
  public <Q extends Ask & Ask.Summable> Q avg(FieldKey<Q> field) {
    return made(Aggregation.AVG, field);
  }

  /** The least; missing without rows. */
  public <Q extends Ask & Ask.Ordered> Q min(FieldKey<Q> field) {
    return made(Aggregation.MIN, field);
  }

  /** The greatest; missing without rows. */
  public <Q extends Ask & Ask.Ordered> Q max(FieldKey<Q> field) {
    return made(Aggregation.MAX, field);
  }

  /** That of the earliest row; missing without rows. */
  public <Q extends Ask & Ask.Single> Q first(FieldKey<Q> field) {
    return made(Aggregation.FIRST, field);
  }

  /** That of the latest row; missing without rows. */
  public <Q extends Ask & Ask.Single> Q last(FieldKey<Q> field) {
    return made(Aggregation.LAST, field);
  }

  /** How many different values there are; 0 without one. */
  public <Q extends Ask & Ask.Single> Ask.Whole distinct(FieldKey<Q> field) {
    return new Ask.Whole(target(Aggregation.DISTINCT, Optional.of(notNull("field", field).name())));
  }

  private <Q extends Ask> Q made(Aggregation agg, FieldKey<Q> field) {
    return notNull("field", field).ask(target(agg, Optional.of(field.name())));
  }

  private Ask.Target target(Aggregation agg, Optional<String> field) {
    Optional<Segment> rows =
        where.isEmpty()
            ? Optional.empty()
            : Optional.of(where.size() == 1 ? where.get(0) : new Segment.All(where));
    return (op, value) -> new Segment.Agg(agg, of, field, rows, during, scope, op, value);
  }
}
