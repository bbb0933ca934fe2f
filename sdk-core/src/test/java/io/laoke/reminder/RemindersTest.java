package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ReminderFixture.cleaning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.base.Upserted;
import io.laoke.error.NotFoundException;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemindersTest {
  private static final LocalDate JAN = LocalDate.of(2026, 1, 12);

  @ParameterizedTest
  @EnumSource
  void aUnitStartsWhenItsStageArrivesAndALateCorrectionMovesIt(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.sold("SO-1", "C1", 1);
      assertThat(laoke.rules().put(cleaning())).isEqualTo(Upserted.CREATED);
      assertThat(laoke.rules().put(cleaning())).isEqualTo(Upserted.UNCHANGED);
      laoke.tick();
      assertThat(laoke.planned()).containsExactly("SO-1 1 1 CLEANING NOT_STARTED null null 0");

      laoke.dealer().orders().advance("SO-1", StageReport.of(Stage.DELIVERED, at(JAN)));
      laoke.tick();
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-07-12 2026-07-12 0");

      laoke.installed("SO-1", JAN.plusDays(3));
      assertThat(laoke.next("SO-1")).isEqualTo("installed 2026-01-15 + 6 months = 2026-07-15");
      laoke.tick();
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-07-15 2026-07-15 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDateComesDueOnceAndTheNextIsPlannedAtOnce(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.on(LocalDate.of(2026, 7, 11));
      assertThat(laoke.tasks()).isEmpty();
      laoke.on(LocalDate.of(2026, 7, 12));
      laoke.tick();
      laoke.on(LocalDate.of(2026, 7, 13));
      assertThat(laoke.contacts()).containsExactly("SO-1 1 1 CLEANING 2026-07-12 2026-07-12 OPEN");
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-12 1");
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2027-01-12 2027-01-12 1");

      laoke.be(LocalDate.of(2026, 7, 20));
      laoke
          .dealer()
          .services()
          .record(
              "SO-1",
              UnitServiceReport.of("1", "CLEANING", at(LocalDate.of(2026, 7, 20)))
                  .document("GD-1")
                  .paid("120"));
      assertThat(laoke.next("SO-1")).isEqualTo("last service 2026-07-20 + 6 months = 2027-01-20");
      laoke.tick();
      assertThat(laoke.tasks()).containsExactly("DONE 2026-07-12 1");
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2027-01-20 2027-01-20 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEarlyServiceMovesTheDateAndItsRemovalMovesItBack(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      UnitServiceReport done =
          UnitServiceReport.of("1", "CLEANING", at(LocalDate.of(2026, 6, 1))).document("GD-1");
      laoke.be(LocalDate.of(2026, 6, 1));
      assertThat(laoke.dealer().services().record("SO-1", done)).isEqualTo(Upserted.CREATED);
      assertThat(laoke.dealer().services().record("SO-1", done)).isEqualTo(Upserted.UNCHANGED);
      laoke.on(LocalDate.of(2026, 8, 1));
      assertThat(laoke.contacts()).isEmpty();
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-12-01 2026-12-01 1");
      assertThat(laoke.dealer().services().remove("SO-1", done)).isTrue();
      laoke.tick();
      assertThat(laoke.contacts()).containsExactly("SO-1 1 1 CLEANING 2026-07-12 2026-08-01 OPEN");
    }
  }

  @ParameterizedTest
  @EnumSource
  void returnsAndCancellationsCloseAndAnExchangeBeginsAnew(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 3);
      laoke.installed("SO-1", JAN);
      laoke.sold("SO-2", "C2", 1);
      laoke.installed("SO-2", JAN);
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-12 1", "OPEN 2026-07-12 3");
      laoke
          .dealer()
          .orders()
          .advance(
              "SO-1",
              StageReport.of(Stage.EXCHANGED, at(LocalDate.of(2026, 7, 14)))
                  .units("1", 2)
                  .document("HH-1"));
      laoke
          .dealer()
          .returns()
          .record(
              ReturnNote.of("TH-1", at(LocalDate.of(2026, 7, 15)))
                  .order("SO-1")
                  .line(ReturnLine.of("1", "kitchen/hood", 1, "3000").orderLine("1")));
      laoke.dealer().orders().advance("SO-2", StageReport.of(Stage.RETURNED, at(JAN.plusDays(1))));
      laoke.tick();
      assertThat(laoke.planned())
          .containsExactly(
              "SO-1 1 1 CLEANING PLANNED 2027-01-12 2027-01-12 1",
              "SO-1 1 2 CLEANING PLANNED 2027-01-14 2027-01-14 0");
      assertThat(laoke.contacts())
          .containsExactly(
              "SO-1 1 1 CLEANING 2026-07-12 2026-07-12 OPEN",
              "SO-1 1 2 CLEANING 2026-07-12 2026-07-12 GONE",
              "SO-1 1 3 CLEANING 2026-07-12 2026-07-12 GONE",
              "SO-2 1 1 CLEANING 2026-07-12 2026-07-12 GONE");
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-07-12 1", "OPEN 2026-07-12 3");

      laoke
          .dealer()
          .orders()
          .upsert(
              Order.of("SO-1", at(ReminderFixture.START))
                  .buyer(Buyer.of("C1", null, null))
                  .line(OrderLine.goods("9", "ac", 1, "3000")));
      laoke.tick();
      assertThat(laoke.planned()).as("the line was taken away").isEmpty();
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-07-12 1", "CLOSED 2026-07-12 3");
    }
  }

  private static void exchanged(ReminderFixture laoke, String orderNo, LocalDate day) {
    laoke
        .dealer()
        .orders()
        .advance(orderNo, StageReport.of(Stage.EXCHANGED, at(day)).document("HH-" + day));
  }

  private static UnitServiceReport cleaned(LocalDate day) {
    return UnitServiceReport.of("1", "CLEANING", at(day)).document("GD-" + day);
  }

  @ParameterizedTest
  @EnumSource
  void anExchangeEndsWhatWasToldAheadOfTheUnitThatWasThere(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke
          .rules()
          .put(cleaning().cycle(ServiceCycle.every(Period.ofMonths(6)).leadDays(8).times(1)));
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.tick();
      laoke.on(LocalDate.of(2026, 7, 7));
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-07 1");
      exchanged(laoke, "SO-1", LocalDate.of(2026, 7, 9));
      laoke.on(LocalDate.of(2026, 7, 9));
      assertThat(laoke.contacts()).containsExactly("SO-1 1 1 CLEANING 2026-07-12 2026-07-07 GONE");
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-07-07 1");
      assertThat(laoke.planned())
          .as("the one date that the new unit has is its own")
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2027-01-09 2027-01-01 0");

      laoke.be(LocalDate.of(2026, 9, 1));
      laoke.dealer().services().record("SO-1", cleaned(LocalDate.of(2026, 9, 1)));
      laoke.on(LocalDate.of(2026, 9, 1));
      assertThat(laoke.tasks())
          .as("what was done to the new unit was not owed to the old one")
          .containsExactly("CLOSED 2026-07-07 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasDoneBeforeAnExchangeStaysDoneAndIsNothingDoneToTheNewUnit(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning().cycle(ServiceCycle.every(Period.ofMonths(6)).leadDays(8)));
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.tick();
      laoke.on(LocalDate.of(2026, 7, 7));
      laoke.be(LocalDate.of(2026, 7, 8));
      laoke.dealer().services().record("SO-1", cleaned(LocalDate.of(2026, 7, 8)));
      laoke.on(LocalDate.of(2026, 7, 8));
      exchanged(laoke, "SO-1", LocalDate.of(2026, 7, 9));
      laoke.on(LocalDate.of(2027, 1, 9));
      assertThat(laoke.contacts())
          .containsExactly(
              "SO-1 1 1 CLEANING 2026-07-12 2026-07-07 DONE",
              "SO-1 1 1 CLEANING 2027-01-09 2027-01-09 OPEN");
      laoke.installed("SO-1", LocalDate.of(2026, 7, 9));
      laoke.tick();
      assertThat(laoke.contacts().get(1)).isEqualTo("SO-1 1 1 CLEANING 2027-01-09 2027-01-09 OPEN");
      assertThat(laoke.tasks()).containsExactly("DONE 2026-07-07 1", "OPEN 2027-01-09 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExchangeThatIsReportedLateEndsWhatIsOpenAndNotWhatIsDone(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      for (String no : new String[] {"SO-1", "SO-2"}) {
        laoke.sold(no, no, 1);
        laoke.installed(no, JAN);
      }
      laoke.tick();
      laoke.on(LocalDate.of(2026, 7, 20));
      laoke.dealer().services().record("SO-2", cleaned(LocalDate.of(2026, 7, 20)));
      laoke.tick();
      for (String no : new String[] {"SO-1", "SO-2"}) {
        exchanged(laoke, no, LocalDate.of(2026, 7, 15));
      }
      laoke.tick();
      assertThat(laoke.contacts())
          .containsExactly(
              "SO-1 1 1 CLEANING 2026-07-12 2026-07-20 GONE",
              "SO-2 1 1 CLEANING 2026-07-12 2026-07-20 DONE");
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-07-20 1", "DONE 2026-07-20 1");
    }
  }

  /** Reported late, or on the very day on which it was told. */
  @ParameterizedTest
  @EnumSource
  void aDateThatWasCountedBeforeAnExchangeIsNotTheNewUnits(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      for (String no : new String[] {"SO-1", "SO-2"}) {
        laoke.sold(no, no, 1);
        laoke.installed(no, JAN);
      }
      laoke.on(LocalDate.of(2026, 7, 12));
      exchanged(laoke, "SO-1", LocalDate.of(2026, 7, 12));
      laoke.on(LocalDate.of(2026, 7, 30));
      exchanged(laoke, "SO-2", LocalDate.of(2026, 7, 1));
      laoke.tick();
      assertThat(laoke.contacts())
          .containsExactly(
              "SO-1 1 1 CLEANING 2026-07-12 2026-07-12 GONE",
              "SO-2 1 1 CLEANING 2026-07-12 2026-07-12 GONE");
      assertThat(laoke.planned())
          .containsExactly(
              "SO-1 1 1 CLEANING PLANNED 2027-01-12 2027-01-12 0",
              "SO-2 1 1 CLEANING PLANNED 2027-01-01 2027-01-01 0");
    }
  }

  /** The new unit is due on a day that was told of the old one after that was gone. */
  @ParameterizedTest
  @EnumSource
  void aDayThatWasToldAfterAnExchangeNobodyHadReportedMayBeTheNewUnits(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning().cycle(ServiceCycle.every(Period.ofMonths(1))));
      laoke.sold("SO-1", "SO-1", 1);
      laoke.installed("SO-1", JAN);
      laoke.on(LocalDate.of(2026, 2, 12));
      laoke.on(LocalDate.of(2026, 8, 12));
      laoke.on(LocalDate.of(2026, 9, 12));
      exchanged(laoke, "SO-1", LocalDate.of(2026, 8, 12));
      laoke.on(LocalDate.of(2026, 9, 20));
      assertThat(laoke.contacts())
          .containsExactly(
              "SO-1 1 1 CLEANING 2026-02-12 2026-02-12 GONE",
              "SO-1 1 1 CLEANING 2026-03-12 2026-08-12 GONE",
              "SO-1 1 1 CLEANING 2026-09-12 2026-09-20 OPEN");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theDayThatWasToldOfTheOldUnitMayBeThatOfTheNewOne(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning().cycle(ServiceCycle.every(Period.ofDays(10)).leadDays(30)));
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.on(JAN);
      assertThat(laoke.contacts()).containsExactly("SO-1 1 1 CLEANING 2026-01-22 2026-01-12 OPEN");
      laoke.rules().put(cleaning().cycle(ServiceCycle.every(Period.ofDays(9)).leadDays(30)));
      exchanged(laoke, "SO-1", JAN.plusDays(1));
      laoke.on(JAN.plusDays(1));
      laoke.tick();
      assertThat(laoke.contacts()).containsExactly("SO-1 1 1 CLEANING 2026-01-22 2026-01-13 OPEN");
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-01-12 0", "OPEN 2026-01-13 1");
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-02-18 2026-01-19 1");
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalServicesOfAHouseholdAreOneContact(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke
          .rules()
          .put(
              ReminderRule.of(
                  "filter",
                  "kitchen/purifier",
                  "FILTER",
                  ServiceCycle.every(Period.ofMonths(6)).leadDays(10)));
      Place home = Place.of("浙江省杭州市西湖区", "文三路 1 号", "王芳", "13800138000");
      Place same = Place.of("浙江省杭州市西湖区", "文三路 1 号", "李雷", "13900139000");
      for (String no : new String[] {"SO-1", "SO-2"}) {
        laoke
            .dealer()
            .orders()
            .upsert(
                Order.of(no, at(ReminderFixture.START))
                    .place(no.equals("SO-1") ? home : same)
                    .line(OrderLine.goods("1", "kitchen/hood", 1, "3000"))
                    .line(OrderLine.goods("2", "kitchen/purifier", 1, "2000")));
        laoke.installed(no, JAN);
      }
      laoke.on(LocalDate.of(2026, 7, 2));
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-02 2");
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.tasks())
          .as("what comes due later joins what nobody has taken up")
          .containsExactly("OPEN 2026-07-02 4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOrderThatGoesToAnotherMemberTakesItsOpenDatesAlong(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.sold("SO-2", "C2", 1);
      laoke.installed("SO-2", JAN);
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-12 1", "OPEN 2026-07-12 1");
      long one = laoke.dealer().members().find("C1").orElseThrow().id();
      long two = laoke.dealer().members().find("C2").orElseThrow().id();
      long merge = laoke.dealer().members().merge(one, two, "店长", "同一人").id();
      laoke.tick();
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-07-12 0", "OPEN 2026-07-12 2");
      laoke.dealer().members().split(merge, "店长", "不是");
      laoke.tick();
      assertThat(laoke.tasks())
          .containsExactly("CLOSED 2026-07-12 0", "OPEN 2026-07-12 1", "OPEN 2026-07-12 1");

      assertThat(laoke.dealer().members().export(two))
          .contains("\"reminder\"", "\"reminder_item\"", "\"reminder_task\"");
      laoke.dealer().members().erase(two, "客服", "要求");
      assertThat(laoke.planned()).hasSize(1);
      assertThat(laoke.rows("SELECT state, open_party FROM {reminder_task}").toString())
          .containsOnlyOnce("OPEN M:" + one)
          .doesNotContain("M:" + two);
    }
  }

  /** A task of C1 that was done on the day it was opened, and the service taken out again later. */
  private static ReminderFixture withOneDone(TestServer server) {
    ReminderFixture laoke = new ReminderFixture(server);
    laoke.rules().put(cleaning());
    laoke.sold("SO-1", "C1", 1);
    laoke.installed("SO-1", JAN);
    laoke.sold("SO-2", "C2", 1);
    laoke.tick();
    laoke.on(LocalDate.of(2026, 7, 12));
    laoke.dealer().services().record("SO-1", cleaned(laoke.today()));
    laoke.tick();
    assertThat(laoke.tasks()).containsExactly("DONE 2026-07-12 1");
    return laoke;
  }

  private static void notCleaned(ReminderFixture laoke) {
    laoke.dealer().services().remove("SO-1", cleaned(LocalDate.of(2026, 7, 12)));
  }

  private static long member(ReminderFixture laoke, String customer) {
    return laoke.dealer().members().find(customer).orElseThrow().id();
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatIsOpenAgainTakesMoreAndGoesWithItsMember(TestServer server) {
    try (ReminderFixture laoke = withOneDone(server)) {
      long one = member(laoke, "C1");
      long two = member(laoke, "C2");
      notCleaned(laoke);
      laoke.tick();
      assertThat(laoke.rows("SELECT state, open_party, member_id FROM {reminder_task}"))
          .containsExactly("OPEN M:%d %d".formatted(one, one));
      assertThat(laoke.rows("SELECT action FROM {reminder_audit}"))
          .containsExactly("DONE", "REOPENED");
      laoke.on(LocalDate.of(2027, 1, 12));
      assertThat(laoke.tasks()).as("a later date joins it").containsExactly("OPEN 2026-07-12 2");
      laoke.dealer().members().merge(two, one, "店长", "同一人");
      laoke.tick();
      assertThat(laoke.strays()).isEmpty();
      assertThat(laoke.rows("SELECT open_party FROM {reminder_task} WHERE state = 'OPEN'"))
          .isEqualTo(laoke.rows("SELECT party FROM {reminder} WHERE contact_day IS NOT NULL"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOpenAgainJoinsWhatIsOpenAlready(TestServer server) {
    try (ReminderFixture laoke = withOneDone(server)) {
      laoke.sold("SO-3", "C1", 1);
      laoke.installed("SO-3", JAN.plusDays(1));
      laoke.on(LocalDate.of(2026, 7, 13));
      assertThat(laoke.tasks()).containsExactly("DONE 2026-07-12 1", "OPEN 2026-07-13 1");
      notCleaned(laoke);
      laoke.tick();
      assertThat(laoke.tasks()).containsExactly("CLOSED 2026-07-12 0", "OPEN 2026-07-13 2");
      assertThat(laoke.rows("SELECT action FROM {reminder_audit}"))
          .containsExactly("CLOSED", "DONE");
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTaskThatEndedIsOpenAgainForWhoHasTheOrderNow(TestServer server) {
    try (ReminderFixture laoke = withOneDone(server)) {
      laoke.sold("SO-1", "C2", 1);
      laoke.tick();
      assertThat(laoke.tasks()).containsExactly("DONE 2026-07-12 1");
      notCleaned(laoke);
      laoke.tick();
      long two = member(laoke, "C2");
      assertThat(laoke.rows("SELECT state, open_party, member_id FROM {reminder_task}"))
          .containsExactly("OPEN M:%d %d".formatted(two, two));
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterAnErasureATaskGoesOnForTheOtherAndNothingNamesWhoWasErased(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      Place[] homes = {
        Place.of("浙江省杭州市西湖区", "文三路 1 号", "王芳", "13800138000"),
        Place.of("浙江省杭州市西湖区", "文三路 1 号", "李雷", "13900139000")
      };
      for (int i = 1; i <= 2; i++) {
        Order order = ReminderFixture.order("SO-" + i, null, 1).place(homes[i - 1]);
        laoke.dealer().orders().upsert(order);
        laoke.installed("SO-" + i, JAN);
        laoke.tick();
      }
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-12 2");
      String first = laoke.rows("SELECT place_id FROM {reminder_task}").get(0);
      String whose = "SELECT order_no FROM {customer_order} WHERE place_id " + "%s " + first;
      String theirs = laoke.rows(whose.formatted("=")).get(0);
      String others = laoke.rows(whose.formatted("<>")).get(0);
      String home = laoke.rows("SELECT place_id FROM {reminder} WHERE place_id <> " + first).get(0);

      int number = theirs.equals("SO-1") ? 0 : 1;
      laoke.dealer().orders().upsert(ReminderFixture.order(theirs, "C1", 1).place(homes[number]));
      laoke.tick();
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-12 1", "OPEN 2026-07-12 1");
      assertThat(laoke.rows("SELECT place_id FROM {reminder_task}")).containsOnly(first);
      long one = member(laoke, "C1");
      laoke.dealer().members().erase(one, "客服", "要求");
      assertThat(laoke.rows("SELECT state, member_id, place_id FROM {reminder_task}"))
          .containsExactly("CLOSED null null", "OPEN null " + home);
      assertThat(laoke.strays()).isEmpty();
      laoke.on(LocalDate.of(2027, 1, 12));
      assertThat(laoke.contacts())
          .contains(others + " 1 1 CLEANING 2027-01-12 2027-01-12 OPEN")
          .hasSize(3);
      assertThat(laoke.tasks()).contains("OPEN 2026-07-12 2");
    }
  }

  /** The dates of an order that has gone to another remain in a task that was the first one's. */
  @ParameterizedTest
  @EnumSource
  void aTaskThatHasEndedForgetsWhoWasErasedThoughItsOrderIsAnothers(TestServer server) {
    try (ReminderFixture laoke = withOneDone(server)) {
      long one = member(laoke, "C1");
      laoke.sold("SO-1", "C2", 1);
      laoke.tick();
      laoke.dealer().members().erase(one, "客服", "要求");
      assertThat(laoke.rows("SELECT state, member_id FROM {reminder_task}"))
          .containsExactly("DONE null");
      assertThat(laoke.planned()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void daysOffAreCaughtUpWithOneContactEach(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke
          .rules()
          .put(
              ReminderRule.of(
                  "hood", "kitchen/hood", "CLEANING", ServiceCycle.every(Period.ofDays(3))));
      for (int i = 0; i < 10; i++) {
        laoke.sold("SO-" + i, "C" + i, 1);
        laoke.installed("SO-" + i, ReminderFixture.START.plusDays(i % 4));
      }
      laoke.tick();
      laoke.on(ReminderFixture.START.plusDays(14));
      assertThat(laoke.contacts()).hasSize(10);
      assertThat(laoke.tasks()).hasSize(10);
      laoke.on(ReminderFixture.START.plusDays(2));
      laoke.on(ReminderFixture.START.plusDays(14));
      assertThat(laoke.tasks()).as("the clock was moved back, and on again").hasSize(10);
      assertThat(laoke.rows("SELECT unit_id, kind, due FROM {reminder_item}"))
          .as("the first dates came due ahead, the second ones on the day they had been missed on")
          .hasSize(20)
          .doesNotHaveDuplicates();
    }
  }

  /** However far the clock was ahead: the date that it told is as if it had not come. */
  @ParameterizedTest
  @EnumSource
  void aServiceBeginsTheCountAnewAfterAClockWasAhead(TestServer server) {
    for (int months : new int[] {7, 13, 12 * 60}) {
      try (ReminderFixture laoke = new ReminderFixture(server)) {
        laoke.rules().put(cleaning());
        laoke.sold("SO-1", "C1", 1);
        laoke.installed("SO-1", JAN);
        LocalDate due = JAN.plusMonths(6);
        laoke.on(due);
        laoke.on(due.plusMonths(months));
        laoke.on(due.plusDays(1));
        assertThat(laoke.planned()).containsExactly(plan(JAN.plusMonths(18), 2));
        assertThat(laoke.contacts())
            .as("the later one came due ahead")
            .containsExactly(
                contact(due, due, "OPEN"),
                contact(JAN.plusMonths(12), due.plusMonths(months), "OPEN"));

        laoke.dealer().services().record("SO-1", UnitServiceReport.of("1", "CLEANING", at(due)));
        laoke.tick();
        LocalDate next = due.plusMonths(6);
        assertThat(next).as("on the very day that was told ahead").isEqualTo(JAN.plusMonths(12));
        assertThat(laoke.planned()).containsExactly(plan(next, 1));
        assertThat(laoke.contacts())
            .containsExactly(
                contact(due, due, "DONE"), contact(next, due.plusMonths(months), "DONE"));

        laoke.on(next);
        assertThat(laoke.contacts())
            .as("now it is told in its time")
            .containsExactly(contact(due, due, "DONE"), contact(next, next, "OPEN"));
        assertThat(laoke.planned()).containsExactly(plan(next.plusMonths(6), 2));
        assertThat(laoke.strays()).isEmpty();
      }
    }
  }

  private static String plan(LocalDate due, int over) {
    return "SO-1 1 1 CLEANING PLANNED %s %s %d".formatted(due, due, over);
  }

  private static String contact(LocalDate due, LocalDate opened, String state) {
    return "SO-1 1 1 CLEANING %s %s %s".formatted(due, opened, state);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOverdueFromTheStartIsSpread(TestServer server) {
    DealerSettings few =
        DealerSettings.defaults().reminders(ReminderSettings.standard().withOverdueADay(4));
    try (ReminderFixture laoke = new ReminderFixture(server, few)) {
      for (int i = 0; i < 10; i++) {
        laoke.sold("SO-" + i, "C" + i, 1);
        laoke.installed("SO-" + i, ReminderFixture.START.minusMonths(7).minusDays(i));
      }
      laoke.rules().put(cleaning());
      laoke.tick();
      assertThat(laoke.contacts()).hasSize(4);
      assertThat(laoke.contacts().toString()).as("the longest overdue first").contains("SO-9");
      var stored = laoke.everything();
      laoke.write(
          "UPDATE {reminder_change} SET next_ms = 1, first_step = 0, step = 0, after_id = 0, passes = 0");
      laoke.tick();
      assertThat(laoke.everything()).as("planning again changes nothing").isEqualTo(stored);
      laoke.on(ReminderFixture.START.plusDays(1));
      assertThat(laoke.contacts()).hasSize(8);
      laoke.on(ReminderFixture.START.plusDays(2));
      assertThat(laoke.contacts()).hasSize(10);
    }
  }

  private static List<String> opened(ReminderFixture laoke, String orders) {
    return laoke.contacts().stream()
        .filter(one -> one.startsWith(orders))
        .map(one -> one.split(" ")[5])
        .sorted()
        .toList();
  }

  private static void history(ReminderFixture laoke, String orders, LocalDate day) {
    for (int i = 0; i < 6; i++) {
      laoke.sold(orders + i, orders + i, 1);
      laoke.installed(orders + i, day);
    }
  }

  /** As a demo's clock, or that of a machine that was wrong. */
  @ParameterizedTest
  @EnumSource
  void afterAClockWasFarAheadDaysAreGivenFromTodayOnAndNoDateComesDueTwice(TestServer server) {
    DealerSettings few =
        DealerSettings.defaults().reminders(ReminderSettings.standard().withOverdueADay(4));
    try (ReminderFixture laoke = new ReminderFixture(server, few)) {
      LocalDate start = ReminderFixture.START;
      LocalDate ahead = start.plusYears(2);
      laoke.rules().put(cleaning());
      laoke.on(start);
      laoke.be(ahead);
      history(laoke, "F", start);
      laoke.tick();
      assertThat(opened(laoke, "F")).hasSize(4).containsOnly(ahead.toString());
      List<String> due = laoke.contacts();

      laoke.on(start.plusDays(1));
      assertThat(laoke.contacts()).as("what came due has").isEqualTo(due);
      history(laoke, "H", start.minusMonths(7));
      laoke.tick();
      laoke.on(start.plusDays(2));
      String first = start.plusDays(1).toString();
      String second = start.plusDays(2).toString();
      assertThat(opened(laoke, "H")).containsExactly(first, first, first, first, second, second);

      laoke.on(start.plusMonths(6));
      String own = start.plusMonths(6).toString();
      assertThat(opened(laoke, "F"))
          .as("those that were to come due a day after the far one, on their own day")
          .containsExactly(
              own, own, ahead.toString(), ahead.toString(), ahead.toString(), ahead.toString());
      assertThat(laoke.strays()).isEmpty();
      for (int i = 1; i < 40; i++) {
        laoke.on(start.plusMonths(6 + i));
      }
      assertThat(laoke.rows("SELECT unit_id, kind, due FROM {reminder_item}"))
          .doesNotHaveDuplicates();
    }
  }

  /** What was given its day before the clock was wrong is given one anew, of those as full. */
  @ParameterizedTest
  @EnumSource
  void aClockThatIsMovedBackGivesDaysAnewUnlessByOneDayOnly(TestServer server) {
    DealerSettings few =
        DealerSettings.defaults().reminders(ReminderSettings.standard().withOverdueADay(4));
    try (ReminderFixture laoke = new ReminderFixture(server, few)) {
      LocalDate start = ReminderFixture.START;
      laoke.rules().put(cleaning());
      history(laoke, "A", start.minusMonths(8));
      history(laoke, "B", start.minusMonths(8));
      laoke.on(start);
      List<String> given = laoke.planned();
      laoke.on(start.minusDays(1));
      assertThat(laoke.planned()).isEqualTo(given);
      laoke.on(start);
      assertThat(laoke.planned()).isEqualTo(given);
      assertThat(laoke.contacts()).hasSize(4);

      laoke.on(start.minusDays(2));
      assertThat(laoke.contacts()).hasSize(8);
      laoke.on(start.minusDays(1));
      assertThat(laoke.contacts()).hasSize(12);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedRuleMovesWhatIsToComeAsItsDryRunSaid(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.sold("SO-2", "C2", 2);
      laoke.installed("SO-2", JAN.plusMonths(1));
      laoke
          .dealer()
          .orders()
          .upsert(
              Order.of("SO-3", at(JAN)).line(OrderLine.goods("1", "kitchen/purifier", 2, "2000")));
      laoke.installed("SO-3", JAN.plusMonths(2));
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.contacts()).hasSize(1);

      ReminderRule wider =
          ReminderRule.of("hood", "kitchen", "CLEANING", ServiceCycle.every(Period.ofMonths(9)));
      assertThatThrownBy(() -> laoke.rules().put(ReminderRule.of("x", "bath", "K", wider.cycle())))
          .isInstanceOf(NotFoundException.class);
      RuleEffect told = laoke.rules().dryRun(wider);
      assertThat(told).isEqualTo(new RuleEffect(3, 0, 2));
      assertThat(told.toEnglish()).isEqualTo("3 reminders move, 0 vanish, 2 appear");
      var before = laoke.everything();
      assertThat(laoke.rules().put(wider)).isEqualTo(Upserted.CHANGED);
      assertThat(laoke.everything()).isEqualTo(before);
      laoke.tick();
      assertThat(laoke.rules().progress("hood").orElseThrow().effect()).isEqualTo(told);
      assertThat(laoke.rules().progress("hood").orElseThrow().doneAt()).isPresent();
      assertThat(laoke.planned())
          .containsExactly(
              "SO-1 1 1 CLEANING PLANNED 2026-10-12 2026-10-12 1",
              "SO-2 1 1 CLEANING PLANNED 2026-11-12 2026-11-12 0",
              "SO-2 1 2 CLEANING PLANNED 2026-11-12 2026-11-12 0",
              "SO-3 1 1 CLEANING PLANNED 2026-12-12 2026-12-12 0",
              "SO-3 1 2 CLEANING PLANNED 2026-12-12 2026-12-12 0");
      assertThat(laoke.contacts()).as("what has come due stays").hasSize(1);

      assertThat(laoke.rules().retire("hood")).isTrue();
      assertThat(laoke.rules().retire("hood")).isFalse();
      laoke.tick();
      assertThat(laoke.planned()).isEmpty();
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-12 1");
      assertThat(laoke.rules().find("hood").orElseThrow().active()).isFalse();
      assertThat(laoke.rules().list()).hasSize(1);
      assertThat(laoke.rules().put(wider)).isEqualTo(Upserted.CHANGED);
      laoke.tick();
      assertThat(laoke.planned()).hasSize(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyIsToldByARuleThatHasChanged(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.tick();
      laoke.rules().put(cleaning().cycle(ServiceCycle.every(Period.ofMonths(8))));
      // Its reminders have not followed yet, and another engine is at it.
      laoke.write("UPDATE {reminder_change} SET next_ms = next_ms + 600000");
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.contacts()).isEmpty();
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-09-12 2026-09-12 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleGoesWithItsCategory(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", JAN);
      laoke.tick();
      var planned = laoke.planned();
      laoke.dealer().catalog().move("kitchen/hood", "home/hood");
      laoke.tick();
      assertThat(laoke.rows("SELECT category FROM {reminder}")).containsExactly("home/hood");
      assertThat(laoke.planned()).isEqualTo(planned);
      laoke.sold("SO-2", "C2", 1);
      laoke.installed("SO-2", JAN);
      laoke.on(LocalDate.of(2026, 7, 12));
      assertThat(laoke.contacts()).hasSize(2);
    }
  }
}
