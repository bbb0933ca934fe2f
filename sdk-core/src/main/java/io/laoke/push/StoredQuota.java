package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.member.Members;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link PushQuota} over the tables. */
final class StoredQuota implements PushQuota {
  private final Database database;
  private final Tenant tenant;
  private final MemberBook members;
  private final Members all;
  private final Ids ids;
  private final Clock clock;

  StoredQuota(
      Database database, Tenant tenant, MemberBook members, Members all, Ids ids, Clock clock) {
    this.all = all;
    this.database = database;
    this.tenant = tenant;
    this.members = members;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public QuotaMonth month(String account, YearMonth month) {
    String of = key("account", account, 64);
    notNull("month", month);
    return database.read(
        "read a month's quota",
        tx ->
            new QuotaMonth(
                month,
                QuotaTable.histogram(tx, tenant, of, month),
                QuotaTable.console(tx, tenant, of, month)));
  }

  @Override
  public int used(String account, long memberId, YearMonth month) {
    String of = key("account", account, 64);
    notNull("month", month);
    return database.read(
        "read a follower's quota",
        tx -> {
          long living =
              all.get(memberId)
                  .orElseThrow(
                      () ->
                          new NotFoundException(
                              "There is no member %d, or the person was erased. Look the id up with members()."
                                  .formatted(memberId)))
                  .id();
          Set<String> openids =
              members
                  .reachableOpenids(tx, tenant, List.of(living))
                  .getOrDefault(living, List.of())
                  .stream()
                  .filter(one -> one.account().equals(of))
                  .map(MemberBook.OpenidIdentity::hash)
                  .collect(Collectors.toSet());
          int most =
              QuotaTable.used(tx, tenant, of, month, openids).values().stream()
                  .filter(Objects::nonNull)
                  .mapToInt(Integer::intValue)
                  .max()
                  .orElse(0);
          return most + QuotaTable.console(tx, tenant, of, month).size();
        });
  }

  @Override
  public long consoleSend(String account, LocalDate day, String by, String note) {
    String of = key("account", account, 64);
    notNull("day", day);
    String who = text("by", by, 64);
    String what = Check.optionalText("note", notNull("note", note), 200);
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, Allocation.WECHAT);
    if (day.isAfter(today)) {
      throw new InvalidInputException(
          "day", "must not be after today, %s; was %s".formatted(today, day));
    }
    return database.write(
        "note a send from WeChat's console",
        tx -> {
          long id = ids.next();
          QuotaTable.addConsole(
              tx,
              tenant,
              id,
              of,
              new QuotaTable.Console(
                  YearMonth.from(day), day, who, Objects.requireNonNullElse(what, "")),
              now.toEpochMilli());
          return id;
        });
  }

  @Override
  public boolean takeBack(long consoleSendId) {
    return database.write(
        "take back a send from WeChat's console",
        tx -> QuotaTable.removeConsole(tx, tenant, consoleSendId));
  }
}
