package io.laoke.reminder;

import static io.laoke.reminder.Basis.COMPLETED;
import static io.laoke.reminder.Basis.DELIVERED;
import static io.laoke.reminder.Basis.INSTALLED;
import static io.laoke.reminder.Basis.LAST_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceCycleTest {
  private static final ServiceCycle HALF_YEAR = ServiceCycle.every(Period.ofMonths(6));
  private static final Season SUMMER = new Season(MonthDay.of(4, 1), MonthDay.of(9, 30));

  private static LocalDate day(String text) {
    return LocalDate.parse(text);
  }

  private static UnitDays installed(String text) {
    return UnitDays.unknown().installed(day(text));
  }

  private static NextService.Due due(ServiceCycle cycle, UnitDays days) {
    assertThat(cycle.next(days)).isInstanceOf(NextService.Due.class);
    return (NextService.Due) cycle.next(days);
  }

  private static NextService.Reason never(ServiceCycle cycle, UnitDays days) {
    assertThat(cycle.next(days)).isInstanceOf(NextService.Never.class);
    return ((NextService.Never) cycle.next(days)).why();
  }

  @Test
  void theFirstDateIsExplained() {
    NextService.Due next = due(HALF_YEAR, installed("2025-03-31"));

    assertThat(next.due()).isEqualTo("2025-09-30");
    assertThat(next.contact()).isEqualTo("2025-09-30");
    assertThat(next.toEnglish()).isEqualTo("installed 2025-03-31 + 6 months = 2025-09-30");
    assertThat(next.toChinese()).isEqualTo("安装 2025-03-31 + 6个月 = 2025-09-30");
  }

  @Test
  void theFirstBasisThatHappenedIsCountedFrom() {
    UnitDays days = UnitDays.unknown().delivered(day("2025-01-10")).completed(day("2025-02-01"));

    assertThat(due(HALF_YEAR, days).basis()).contains(COMPLETED);
    assertThat(due(HALF_YEAR, days.installed(day("2025-01-20"))).due()).isEqualTo("2025-07-20");
    assertThat(due(HALF_YEAR.from(DELIVERED, INSTALLED), days).due()).isEqualTo("2025-07-10");
    assertThat(never(HALF_YEAR.from(INSTALLED), days)).isEqualTo(NextService.Reason.NOT_STARTED);
    assertThat(HALF_YEAR.from(INSTALLED, LAST_SERVICE).next(days).toEnglish())
        .isEqualTo("not installed or last serviced yet");
    assertThat(HALF_YEAR.from(INSTALLED).next(days).toChinese()).isEqualTo("尚无安装日期，未开始计时");
  }

  @Test
  void anEarlyServiceMovesTheNextDateAndALateOneToo() {
    UnitDays early = installed("2025-01-31").done(day("2025-03-05")).closed(1);
    UnitDays late = installed("2025-01-31").done(day("2025-10-01")).closed(2);

    assertThat(due(HALF_YEAR, early).due()).isEqualTo("2025-09-05");
    assertThat(due(HALF_YEAR, early).toEnglish())
        .isEqualTo("last service 2025-03-05 + 6 months = 2025-09-05");
    assertThat(due(HALF_YEAR, late).due()).isEqualTo("2026-04-01");
  }

  @Test
  void aServiceOfAnotherKindCountsOnlyWhereItIsABasis() {
    UnitDays days = installed("2025-01-31").serviced(day("2025-05-05"));

    assertThat(due(HALF_YEAR, days).due()).isEqualTo("2025-07-31");
    assertThat(due(HALF_YEAR.from(LAST_SERVICE, INSTALLED), days).due()).isEqualTo("2025-11-05");
  }

  @Test
  void theEndOfAMonthStaysTheEndWhateverWasSkipped() {
    UnitDays days = installed("2025-08-31");

    assertThat(due(HALF_YEAR, days).due()).isEqualTo("2026-02-28");
    NextService.Due second = due(HALF_YEAR, days.closed(1, day("2026-02-28")));
    assertThat(second.due()).isEqualTo("2026-08-31");
    assertThat(second.toEnglish()).isEqualTo("installed 2025-08-31 + 2 × 6 months = 2026-08-31");
    assertThat(due(HALF_YEAR, days.closed(5, day("2028-02-28"))).due()).isEqualTo("2028-02-29");
  }

  @Test
  void anInstallationThatNobodyReportsIsAssumedUntilItIs() {
    ServiceCycle cycle = HALF_YEAR.assumingInstalledAfter(3);
    UnitDays days = UnitDays.unknown().delivered(day("2025-03-28"));

    NextService.Due assumed = due(cycle, days);
    assertThat(assumed.assumed()).isTrue();
    assertThat(assumed.due()).isEqualTo("2025-09-30");
    assertThat(assumed.toEnglish())
        .isEqualTo("installed (assumed 3 days after delivery) 2025-03-31 + 6 months = 2025-09-30");
    assertThat(assumed.toChinese()).isEqualTo("安装（按送达后3天推定） 2025-03-31 + 6个月 = 2025-09-30");
    assertThat(due(cycle, days.installed(day("2025-04-02"))).assumed()).isFalse();
    assertThat(due(cycle.from(DELIVERED), days).assumed()).isFalse();
  }

  @Test
  void whatIsOutsideTheSeasonWaitsForIt() {
    NextService.Due next = due(HALF_YEAR.within(SUMMER).leadDays(7), installed("2025-06-15"));

    assertThat(next.due()).isEqualTo("2026-04-01");
    assertThat(next.contact()).isEqualTo("2026-03-25");
    assertThat(next.toEnglish())
        .isEqualTo(
            "installed 2025-06-15 + 6 months = 2025-12-15, outside the season (1 April to 30"
                + " September), so 2026-04-01; contact 7 days before, from 2026-03-25");
    assertThat(next.toChinese())
        .isEqualTo(
            "安装 2025-06-15 + 6个月 = 2025-12-15，不在服务季节（4月1日至9月30日），顺延至 2026-04-01；提前7天，2026-03-25 起联系");
    assertThat(due(HALF_YEAR.within(SUMMER), installed("2025-03-30")).toEnglish())
        .isEqualTo("installed 2025-03-30 + 6 months = 2025-09-30");
  }

  @Test
  void datesOfOneSeasonThatFallTogetherAreOne() {
    ServiceCycle monthly = ServiceCycle.every(Period.ofMonths(1)).within(SUMMER);
    UnitDays days = installed("2025-08-20");

    assertThat(due(monthly, days).due()).isEqualTo("2025-09-20");
    assertThat(due(monthly, days.closed(1, day("2025-09-20"))).due()).isEqualTo("2026-04-01");
    assertThat(due(monthly, days.closed(2, day("2026-04-01"))).due()).isEqualTo("2026-04-20");
  }

  @Test
  void aSeasonMayReachOverTheNewYear() {
    Season winter = new Season(MonthDay.of(11, 15), MonthDay.of(2, 29));

    assertThat(winter.notBefore(day("2025-12-31"))).isEqualTo("2025-12-31");
    assertThat(winter.notBefore(day("2025-02-28"))).isEqualTo("2025-02-28");
    assertThat(winter.notBefore(day("2025-03-01"))).isEqualTo("2025-11-15");
    assertThat(winter.notBefore(day("2028-02-29"))).isEqualTo("2028-02-29");
  }

  @Test
  void aRuleEndsAfterItsTimesOrItsYears() {
    UnitDays days = installed("2025-01-31");
    ServiceCycle twice = HALF_YEAR.times(2);
    ServiceCycle year = HALF_YEAR.years(1);

    assertThat(due(twice, days.closed(1, day("2025-07-31"))).due()).isEqualTo("2026-01-31");
    assertThat(never(twice, days.closed(2, day("2026-01-31"))))
        .isEqualTo(NextService.Reason.TIMES_OVER);
    assertThat(due(year, days.closed(1, day("2025-07-31"))).due()).isEqualTo("2026-01-31");
    assertThat(never(year, days.closed(2, day("2026-01-31"))))
        .isEqualTo(NextService.Reason.YEARS_OVER);
    assertThat(never(year, days.done(day("2025-08-01")).closed(1)))
        .isEqualTo(NextService.Reason.YEARS_OVER);
    // Years run from the first that is known, not from what is counted from.
    assertThat(never(year, days.delivered(day("2025-01-30")).closed(1, day("2025-07-31"))))
        .isEqualTo(NextService.Reason.YEARS_OVER);
    assertThat(year.next(days.closed(2, day("2026-01-31"))).toChinese()).isEqualTo("已过规则的年限，不再提醒");
  }

  @Test
  void periodsOfAllPartsAreTold() {
    ServiceCycle cycle = ServiceCycle.every(Period.of(1, 14, 10));

    assertThat(cycle.every()).isEqualTo(Period.of(2, 2, 10));
    assertThat(due(cycle, installed("2024-12-31")).toEnglish())
        .isEqualTo("installed 2024-12-31 + 2 years 2 months 10 days = 2027-03-10");
    assertThat(due(cycle, installed("2024-12-31")).toChinese())
        .isEqualTo("安装 2024-12-31 + 2年2个月10天 = 2027-03-10");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    for (Period wrong :
        List.of(Period.ZERO, Period.ofMonths(-1), Period.of(0, 1, -1), Period.ofYears(31))) {
      assertThatThrownBy(() -> ServiceCycle.every(wrong))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("every: must be between one day and 30 years")
          .hasMessageContaining(wrong.toString());
    }
    assertThatThrownBy(() -> HALF_YEAR.from(INSTALLED, INSTALLED))
        .hasMessageContaining("bases: must name one or more")
        .hasMessageContaining("[INSTALLED, INSTALLED]");
    assertThatThrownBy(() -> HALF_YEAR.from(List.of())).hasMessageContaining("was []");
    assertThatThrownBy(() -> HALF_YEAR.leadDays(181)).hasMessageContaining("leadDays");
    assertThatThrownBy(() -> HALF_YEAR.times(0)).hasMessageContaining("times");
    assertThatThrownBy(() -> HALF_YEAR.years(51)).hasMessageContaining("years");
    assertThatThrownBy(() -> HALF_YEAR.assumingInstalledAfter(-1))
        .hasMessageContaining("assumedDays");
    assertThatThrownBy(() -> new Season(MonthDay.of(3, 1), MonthDay.of(2, 28)))
        .hasMessageContaining("from 03-01 to 02-28 is the whole year");
    assertThatThrownBy(() -> new Season(MonthDay.of(2, 29), MonthDay.of(2, 28)))
        .hasMessageContaining("the whole year");
    assertThatThrownBy(() -> new Season(MonthDay.of(1, 1), MonthDay.of(12, 31)))
        .hasMessageContaining("the whole year");
    assertThatThrownBy(() -> installed("2025-01-31").closed(0, day("2025-07-31")))
        .hasMessageContaining("skipped: must be one of the dates that are over");
  }
}
