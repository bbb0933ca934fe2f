package io.laoke.order;

import java.time.Instant;
import java.util.Optional;

/**
 * A unit 件 of a line of goods: one that something happened to alone, or that is serviced.
 *
 * @param id Laoke's own number of the unit
 * @param lineNo the ERP's number of the line
 * @param unitNo 1 to the line's quantity
 * @param serial its serial number now; that of the replacement after an exchange
 * @param stage of this unit
 * @param present false once the line was taken away or its quantity lowered
 * @param counted whether it is one of those that count as bought
 * @param installedAt when it was installed, if that was reported; the last time if there are
 *     several
 * @param servicedAt when it, or the whole line, got its last service
 */
public record OrderUnit(
    long id,
    String lineNo,
    int unitNo,
    Optional<String> serial,
    Stage stage,
    boolean present,
    boolean counted,
    Optional<Instant> installedAt,
    Optional<Instant> servicedAt) {}
