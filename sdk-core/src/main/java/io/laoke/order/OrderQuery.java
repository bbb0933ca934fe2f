package io.laoke.order;

import static io.laoke.base.Check.optionalText;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which orders are asked for. Immutable; each method gives a changed copy. */
public final class OrderQuery {
  private static final OrderQuery ALL = new OrderQuery(null, null, null, null, null);

  private final @Nullable String store;
  private final @Nullable Stage stage;
  private final @Nullable Long memberId;
  private final @Nullable Instant from;
  private final @Nullable Instant to;

  private OrderQuery(
      @Nullable String store,
      @Nullable Stage stage,
      @Nullable Long memberId,
      @Nullable Instant from,
      @Nullable Instant to) {
    this.store = store;
    this.stage = stage;
    this.memberId = memberId;
    this.from = from;
    this.to = to;
  }

  /** All orders. */
  public static OrderQuery all() {
    return ALL;
  }

  /** Of that store; null for any. */
  public OrderQuery store(@Nullable String code) {
    return new OrderQuery(optionalText("store", code, 64), stage, memberId, from, to);
  }

  /** At that stage; null for any. */
  public OrderQuery stage(@Nullable Stage wanted) {
    return new OrderQuery(store, wanted, memberId, from, to);
  }

  /** Of that member. */
  public OrderQuery member(long id) {
    return new OrderQuery(store, stage, id, from, to);
  }

  /** Placed in [from, to). */
  public OrderQuery orderedBetween(Instant from, Instant to) {
    Instant start = Times.checked("from", from);
    Instant end = Times.checked("to", to);
    if (!start.isBefore(end)) {
      throw new InvalidInputException("to", "must be after from, " + start + ", was " + end);
    }
    return new OrderQuery(store, stage, memberId, start, end);
  }

  Optional<String> store() {
    return Optional.ofNullable(store);
  }

  Optional<Stage> stage() {
    return Optional.ofNullable(stage);
  }

  Optional<Long> memberId() {
    return Optional.ofNullable(memberId);
  }

  Optional<Instant> from() {
    return Optional.ofNullable(from);
  }

  Optional<Instant> to() {
    return Optional.ofNullable(to);
  }
}
