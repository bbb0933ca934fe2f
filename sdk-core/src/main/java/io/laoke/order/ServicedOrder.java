package io.laoke.order;

import io.laoke.base.Internal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An order as far as services of its units depend on it.
 *
 * @param memberId whom it belongs to
 * @param placeId where it was delivered
 * @param household of that place, a keyed hash
 * @param storeCode the store that sold it
 * @param reminded by the ids of services that came of dates which came due, these dates
 * @param units all of the lines that are serviced, and of others those that have a row
 */
@Internal
public record ServicedOrder(
    long id,
    OptionalLong memberId,
    OptionalLong placeId,
    Optional<String> household,
    Optional<String> storeCode,
    Map<Long, LocalDate> reminded,
    List<Unit> units) {
  /** Copies. */
  public ServicedOrder {
    reminded = Map.copyOf(reminded);
    units = List.copyOf(units);
  }

  /**
   * A unit. Times are the latest that were reported of it, its line or the whole order, and absent
   * where none was.
   *
   * @param id Laoke's own number; 0 if the unit has no row
   * @param living whether it is there and counts as bought, and nobody who bought it was erased
   * @param exchanged when it was replaced
   * @param services that it, or its whole line, got
   */
  public record Unit(
      long id,
      String lineNo,
      int unitNo,
      String category,
      Optional<String> model,
      Optional<String> brand,
      boolean living,
      Optional<Instant> delivered,
      Optional<Instant> installed,
      Optional<Instant> completed,
      Optional<Instant> exchanged,
      List<Service> services) {
    /** Copies. */
    public Unit {
      services = List.copyOf(services);
    }
  }

  /**
   * A service that was done.
   *
   * @param id Laoke's own number
   * @param paidFen what was paid for it, by all units together if the whole line got it
   * @param document the ERP's number of it, or empty text
   * @param wholeLine whether all units of the line got it
   */
  public record Service(
      long id, String kind, Instant at, long paidFen, String document, boolean wholeLine) {}

  /** Which goods are serviced. */
  public interface Wanted {
    /** Whether units of these are. */
    boolean wants(String category, Optional<String> model, Optional<String> brand);
  }
}
