package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A date of a unit that came due, as it stands in a task.
 *
 * @param lineNo the ERP's number of the line
 * @param unitNo 1 to the line's quantity
 * @param kind the dealer's own code of the service
 * @param due the day of the service
 * @param state what became of it
 * @param name what the customer calls the goods
 * @param why how the date was counted, in words; empty for dates that came due before Laoke kept
 *     that, and where the rule's text is gone
 * @param served the day of the first service that came of it
 * @param incomeFen what was paid for services that came of it, in fen; empty while there is none
 */
public record TaskItem(
    String orderNo,
    String lineNo,
    int unitNo,
    String kind,
    LocalDate due,
    State state,
    Optional<String> name,
    Optional<String> model,
    Optional<String> brand,
    Optional<NextService.Due> why,
    Optional<LocalDate> served,
    OptionalLong incomeFen) {
  /** What became of a date that came due. */
  public enum State {
    /** It waits. */
    OPEN,
    /** A service followed. */
    DONE,
    /** Its unit is gone. */
    GONE,
    /** Its task was ended without a service. */
    DROPPED
  }
}
