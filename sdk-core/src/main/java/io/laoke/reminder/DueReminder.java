package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A service that is to come.
 *
 * @param lineNo the ERP's number of the line
 * @param unitNo 1 to the line's quantity
 * @param kind the dealer's own code of the service
 * @param ruleCode by which rule
 * @param category where the goods stand now
 * @param storeCode the order's store
 * @param memberId whose order it is; empty while nobody is known
 * @param due the day of the service
 * @param contact from when on the customer is told: before {@code due} by the rule's lead days, or
 *     after it where it was overdue when it was planned
 * @param from the day from which the cycle was counted
 * @param basis what that day was; empty if it was the date before, which no service followed
 * @param assumed whether {@code from} is an installation that nobody reported
 */
public record DueReminder(
    String orderNo,
    String lineNo,
    int unitNo,
    String kind,
    String ruleCode,
    String category,
    Optional<String> model,
    Optional<String> brand,
    Optional<String> storeCode,
    OptionalLong memberId,
    LocalDate due,
    LocalDate contact,
    LocalDate from,
    Optional<Basis> basis,
    boolean assumed) {}
