package io.laoke.reminder;

import java.time.YearMonth;
import java.util.Optional;

/**
 * A row of a {@link Report}. Of the first five those are there by which rows are told apart, where
 * there is something to tell.
 *
 * @param month 进入清单的月份 in which dates came onto the work list; of services that came of none, in
 *     which they were done
 * @param kind 服务 the dealer's own code of the service
 * @param store 门店 that of the task; of services that came of no date, that of the order
 * @param staff 员工 who has the task, or had it when it ended; empty for the pool, and for services
 *     that came of no date
 * @param channel 渠道 by what they were reached
 * @param due 到期 how many dates came due, and so onto the work list
 * @param reached 已触达 of how many of them the customer was reached; messages to somebody else, whose
 *     they were before, do not count
 * @param booked 已预约 for how many of them a slot was agreed on, be it cancelled since
 * @param done 已完成 of how many of them a service came
 * @param incomeFen 收入 what was paid for services that came of them, in fen
 * @param ownServices 自发服务 how many services came of no date
 * @param ownIncomeFen 自发收入 what was paid for these, in fen
 */
public record ReportRow(
    Optional<YearMonth> month,
    Optional<String> kind,
    Optional<String> store,
    Optional<String> staff,
    Optional<ReportChannel> channel,
    long due,
    long reached,
    long booked,
    long done,
    long incomeFen,
    long ownServices,
    long ownIncomeFen) {
  ReportRow and(ReportRow other) {
    return new ReportRow(
        month,
        kind,
        store,
        staff,
        channel,
        due + other.due,
        reached + other.reached,
        booked + other.booked,
        done + other.done,
        Math.addExact(incomeFen, other.incomeFen),
        ownServices + other.ownServices,
        Math.addExact(ownIncomeFen, other.ownIncomeFen));
  }
}
