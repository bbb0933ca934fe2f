package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is to come, page by page. */
class DueListTest {
  private static final LocalDate JUL = LocalDate.of(2026, 7, 1);
  private static final LocalDate AUG = LocalDate.of(2026, 8, 1);

  private static String shown(DueReminder one) {
    return "%s/%s/%d %s %s %s"
        .formatted(one.orderNo(), one.lineNo(), one.unitNo(), one.kind(), one.due(), one.contact());
  }

  private static List<String> pages(ReminderFixture laoke, DueQuery query, int limit) {
    List<String> all = new ArrayList<>();
    String cursor = null;
    do {
      DuePage page = laoke.dealer().reminders().due(query, cursor, limit);
      assertThat(page.reminders()).hasSizeLessThanOrEqualTo(limit);
      page.reminders().forEach(one -> all.add(shown(one)));
      cursor = page.next().orElse(null);
      assertThat(cursor == null || page.reminders().size() == limit).isTrue();
    } while (cursor != null);
    return all;
  }

  /** Three hoods and a purifier; the hoods of SO-2 on one day, and with filters besides. */
  private static ReminderFixture shop(TestServer server) {
    ReminderFixture laoke = new ReminderFixture(server);
    laoke.rules().put(ReminderFixture.cleaning());
    laoke
        .rules()
        .put(
            ReminderRule.of(
                "filter",
                "kitchen/hood",
                "FILTER",
                ServiceCycle.every(Period.ofMonths(6)).leadDays(10)));
    laoke.sold("SO-1", "C1", 1);
    laoke.installed("SO-1", LocalDate.of(2026, 1, 20));
    laoke.sold("SO-2", "C2", 2);
    laoke.installed("SO-2", LocalDate.of(2026, 1, 12));
    laoke
        .dealer()
        .orders()
        .upsert(
            Order.of("SO-3", ReminderFixture.at(ReminderFixture.START))
                .store("S2")
                .buyer(Buyer.of("C3", null, null))
                .line(OrderLine.goods("7", "kitchen/hood", 1, "3000").model("X-1").brand("老板")));
    laoke.installed("SO-3", LocalDate.of(2026, 2, 1));
    laoke.tick();
    return laoke;
  }

  @ParameterizedTest
  @EnumSource
  void whatIsToCome(TestServer server) {
    try (ReminderFixture laoke = shop(server)) {
      DueQuery july = DueQuery.between(JUL, AUG.minusDays(1));
      List<String> all =
          List.of(
              "SO-2/1/1 FILTER 2026-07-12 2026-07-02",
              "SO-2/1/2 FILTER 2026-07-12 2026-07-02",
              "SO-1/1/1 FILTER 2026-07-20 2026-07-10",
              "SO-2/1/1 CLEANING 2026-07-12 2026-07-12",
              "SO-2/1/2 CLEANING 2026-07-12 2026-07-12",
              "SO-1/1/1 CLEANING 2026-07-20 2026-07-20",
              "SO-3/7/1 FILTER 2026-08-01 2026-07-22");

      for (int limit : List.of(1, 2, 3, 7, 500)) {
        assertThat(pages(laoke, july, limit)).isEqualTo(all);
      }
      assertThat(pages(laoke, DueQuery.between(AUG, AUG), 5))
          .containsExactly("SO-3/7/1 CLEANING 2026-08-01 2026-08-01");
      assertThat(pages(laoke, july.kind("CLEANING"), 2)).isEqualTo(all.subList(3, 6));
      assertThat(pages(laoke, july.store("S2"), 1)).isEqualTo(all.subList(6, 7));
      assertThat(pages(laoke, july.store("S2").store(null), 500)).isEqualTo(all);
      assertThat(pages(laoke, july.store("S3"), 500)).isEmpty();

      DueReminder one =
          laoke.dealer().reminders().due(july.store("S2"), null, 1).reminders().get(0);
      long member =
          Long.parseLong(
              laoke.rows("SELECT member_id FROM {customer_order} WHERE order_no = 'SO-3'").get(0));
      assertThat(one.memberId()).hasValue(member);
      assertThat(one.ruleCode()).isEqualTo("filter");
      assertThat(one.category()).isEqualTo("kitchen/hood");
      assertThat(one.model()).isEqualTo(Optional.of("X-1"));
      assertThat(one.brand()).isEqualTo(Optional.of("老板"));
      assertThat(one.storeCode()).isEqualTo(Optional.of("S2"));
      assertThat(one.from()).isEqualTo(LocalDate.of(2026, 2, 1));
      assertThat(one.basis()).isEqualTo(Optional.of(Basis.INSTALLED));
      assertThat(one.assumed()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatCameDueIsNoLongerToCome(TestServer server) {
    try (ReminderFixture laoke = shop(server)) {
      laoke.on(LocalDate.of(2026, 7, 12));

      assertThat(pages(laoke, DueQuery.between(JUL, LocalDate.of(2026, 7, 20)), 500))
          .containsExactly("SO-1/1/1 CLEANING 2026-07-20 2026-07-20");
      DueReminder next =
          laoke
              .dealer()
              .reminders()
              .due(DueQuery.between(AUG, LocalDate.of(2027, 2, 1)).kind("CLEANING"), null, 500)
              .reminders()
              .stream()
              .filter(one -> one.orderNo().equals("SO-2"))
              .findFirst()
              .orElseThrow();
      assertThat(next.due()).isEqualTo(LocalDate.of(2027, 1, 12));
    }
  }

  /** Numbers have 18 digits today and 19 from the middle of 2027 on. */
  @ParameterizedTest
  @EnumSource(names = "H2")
  void aPageBeginsBehindAnyUnit(TestServer server) {
    try (ReminderFixture laoke = shop(server)) {
      DueQuery july = DueQuery.between(JUL, AUG);

      assertThat(
              laoke
                  .dealer()
                  .reminders()
                  .due(july, "2026-07-31_" + Long.MAX_VALUE + "_FILTER", 5)
                  .reminders())
          .extracting(DueReminder::orderNo)
          .containsExactly("SO-3");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whatIsWrongIsTold(TestServer server) {
    try (ReminderFixture laoke = shop(server)) {
      Reminders reminders = laoke.dealer().reminders();
      DueQuery july = DueQuery.between(JUL, AUG);
      Map<String, List<ThrowingCallable>> wrong =
          Map.of(
              "from",
              List.of(() -> DueQuery.between(LocalDate.MIN, JUL)),
              "to",
              List.of(() -> DueQuery.between(AUG, JUL), () -> DueQuery.between(JUL, LocalDate.MAX)),
              "store",
              List.of(() -> july.store("x".repeat(65))),
              "kind",
              List.of(() -> july.kind("x".repeat(33))),
              "limit",
              List.of(() -> reminders.due(july, null, 0), () -> reminders.due(july, null, 501)),
              "cursor",
              List.of(
                  () -> reminders.due(july, "", 1),
                  () -> reminders.due(july, "2026-13-01_1_X", 1),
                  () -> reminders.due(july, "2026-07-01_9999999999999999999_X", 1)));
      wrong.forEach(
          (field, calls) ->
              calls.forEach(
                  call ->
                      assertThatThrownBy(call)
                          .isInstanceOfSatisfying(
                              InvalidInputException.class,
                              refused -> assertThat(refused.field()).isEqualTo(field))));
    }
  }
}
