package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The next service of a kind of a unit.
 *
 * @param lineNo the ERP's number of the line
 * @param unitNo 1 to the line's quantity
 * @param kind the dealer's own code of the service
 * @param ruleCode by which rule
 * @param next when it is due and why, or why it is not
 * @param contact from when on the customer is told: as {@code next} says, or later where it was
 *     overdue when it was planned and that day was full; empty if it is not due
 */
public record UnitReminder(
    String lineNo,
    int unitNo,
    String kind,
    String ruleCode,
    NextService next,
    Optional<LocalDate> contact) {}
