package io.laoke.reminder;

import java.time.LocalDate;

/**
 * What a member of staff has to do on a day, as it is when the day's digests are made.
 *
 * @param dealer the host's name of the dealer
 * @param staff on whose list it is, by the ERP's code
 * @param day of the dealer's zone
 * @param due 待跟进 how many tasks are on their list that are due on that day or later
 * @param overdue 已逾期 how many were due before, or had a slot that is over
 * @param booked 已预约 how many have a slot that is not over
 */
public record Digest(
    String dealer, String staff, LocalDate day, int due, int overdue, int booked) {}
