package io.laoke.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What happened to an order.
 *
 * @param order as it is now
 * @param stages in the order of recording, those of lines that were taken away included
 * @param assignments to whom it went, oldest first
 * @param returns the notes that name it, by their time
 * @param units those that something happened to alone, or that are serviced
 * @param services that its units got, as they were done, those of lines that were taken away
 *     included
 * @param surplus what the notes say came back beyond what was sold, for somebody to look at
 */
public record OrderHistory(
    OrderDetail order,
    List<StageRecord> stages,
    List<Assignment> assignments,
    List<ReturnDetail> returns,
    List<OrderUnit> units,
    List<UnitService> services,
    List<Surplus> surplus) {
  /** Copies. */
  public OrderHistory {
    stages = List.copyOf(stages);
    assignments = List.copyOf(assignments);
    returns = List.copyOf(returns);
    units = List.copyOf(units);
    services = List.copyOf(services);
    surplus = List.copyOf(surplus);
  }

  /**
   * What came back of a line beyond what was sold. It counts nowhere; once a later report of the
   * order raises the line it does.
   *
   * @param lineNo the line that it was taken off; where a note names none, the first of its code
   * @param quantity that is too much
   * @param netFen what was paid back too much, in fen
   */
  public record Surplus(String lineNo, BigDecimal quantity, long netFen) {}

  /** What gave an order to a member. */
  public enum How {
    /** The buyer that the ERP gave. */
    BUYER,
    /** A scan, an unbinding, or staff. From then on a changed buyer does not move it. */
    ASSIGNED,
    /** Its member was merged into this one. */
    MERGED,
    /** A merge was taken back. */
    SPLIT
  }

  /**
   * The order went to a member, or to nobody.
   *
   * @param memberId the member, or empty
   * @param how what did it
   * @param at business time
   */
  public record Assignment(OptionalLong memberId, How how, Instant at) {
    static Assignment of(@Nullable Long memberId, How how, Instant at) {
      return new Assignment(
          memberId == null ? OptionalLong.empty() : OptionalLong.of(memberId), how, at);
    }
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "OrderHistory[" + order.orderNo() + ", " + stages.size() + " stages]";
  }
}
