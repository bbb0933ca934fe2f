package io.laoke.order;

import io.laoke.base.Upserted;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dealer's orders. Every call may be repeated and made from any thread or node; what it writes is
 * one transaction, the host's if there is one.
 */
public interface Orders {
  /**
   * Records an order as it is now: makes it, or makes it equal to this. The same content changes no
   * row.
   *
   * <ul>
   *   <li>Lines that are not given are taken away; their recorded stages and units stay in the
   *       history and apply again if the line comes back.
   *   <li>A changed buyer is identified anew, unless a scan or staff gave the order to a member:
   *       then the order stays there, and a buyer who is known as another member is noted as
   *       possibly the same person.
   *   <li>Returns that named the order before it was known are taken off its lines from now on.
   *   <li>Serial numbers, each unit of a category that is serviced, and each unit that got a
   *       service alone get a row per unit.
   * </ul>
   *
   * <p>A new order of a known customer costs two round trips and the commit on PostgreSQL, about a
   * dozen short statements elsewhere; a repeat one or two.
   *
   * @throws io.laoke.error.InvalidInputException if a value is refused, or a line of a serviced
   *     category has more than 200 units
   * @throws io.laoke.error.StoreException if the database fails; nothing of the call remains
   */
  UpsertResult upsert(Order order);

  /**
   * Records that an order, or some of its lines or units, reached a stage. Reports come in any
   * order: the state depends on the set of reports alone. A known report with another time, text or
   * details updates the record; an unknown time never replaces a known one.
   *
   * <p>An EXCHANGED report on one unit may carry the detail {@code newSerial}: the unit has that
   * serial number from then on, and money does not change.
   *
   * @throws io.laoke.error.NotFoundException if the order or a line is not known: upsert it first
   * @throws io.laoke.error.InvalidInputException if a unit is beyond the line's quantity
   */
  AdvanceResult advance(String orderNo, StageReport report);

  /**
   * Records that a unit that was sold, or all units of a line, got a service. The same report
   * changes no row; a known one (same line, unit, kind and document, or time where there is no
   * document) with another amount, technician, note or, with a document, time corrects the record.
   *
   * <ul>
   *   <li>The service is the member's who has the order, and goes with it wherever it goes.
   *   <li>What was reported is kept when the line is taken away later, and counts for its units
   *       again if the line comes back. A known service can be corrected in the meantime.
   *   <li>A unit that was returned keeps its services: they happened, and were paid.
   *   <li>Of an order whose person was erased technician and note are not kept.
   * </ul>
   *
   * @throws io.laoke.error.NotFoundException if the order or the line is not known: upsert it first
   * @throws io.laoke.error.InvalidInputException if the unit is beyond the line's quantity, or the
   *     line is not of goods and so has no units to name, or it was done on a day before the
   *     order's or after today, unless it is recorded already
   */
  Upserted recordService(String orderNo, UnitServiceReport report);

  /**
   * Takes a service that never happened out of the record.
   *
   * @param report names it by line, unit, kind and document, or time if it has none; the rest of it
   *     does not matter
   * @return false if it was not recorded; nothing changed
   * @throws io.laoke.error.NotFoundException if the order is not known
   */
  boolean removeService(String orderNo, UnitServiceReport report);

  /** The order as it is now. */
  Optional<OrderDetail> find(String orderNo);

  /**
   * What happened to an order: stages, assignments, returns, units.
   *
   * @throws io.laoke.error.NotFoundException if the order is not known
   */
  OrderHistory history(String orderNo);

  /**
   * The orders that another system knows by a number, oldest first; a split order gives several.
   */
  List<OrderDetail> byExternalNumber(String system, String number);

  /**
   * Orders newest first. Costs the same for a late page as for the first.
   *
   * @param cursor {@link OrderPage#next()} of the page before, or null for the first
   * @param limit 1 to 500
   */
  OrderPage page(OrderQuery query, @Nullable String cursor, int limit);

  /**
   * The codes that recorded orders name, at most 1,000 of each kind, in the database's order. Costs
   * a look-up by index for each code, whatever the number of orders.
   */
  UsedCodes usedCodes();

  /** The rows of a member's consumption file, by category and month; the lifetime comes first. */
  List<Consumption> consumption(long memberId);

  /**
   * Makes a member's orders and consumption file equal to the recorded facts, and places their
   * lines where the catalogue says now. They are equal at all times, and lines follow the catalogue
   * by themselves; this is for after a changed setting, and for proof. Each order is a transaction
   * of its own.
   */
  RecountReport recount(long memberId);

  /**
   * Recounts some members; call it again with {@link RecountReport#lastMemberId()} until that is
   * empty.
   *
   * @param afterMemberId 0 for the first call
   * @param limit members in this call, 1 to 1,000
   */
  RecountReport recountAll(long afterMemberId, int limit);
}
