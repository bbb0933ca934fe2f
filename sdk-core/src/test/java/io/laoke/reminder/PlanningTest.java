package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ReminderFixture.cleaning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.base.Upserted;
import io.laoke.catalog.Category;
import io.laoke.error.StoreException;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What keeps reminders from being planned, and whom it does not keep waiting. */
class PlanningTest {
  private static final LocalDate INSTALLED = LocalDate.of(2026, 1, 12);
  private static final String IN_SIX_MONTHS = "PLANNED 2026-07-12 2026-07-12 0";
  private static final String IN_EIGHT_MONTHS = "PLANNED 2026-09-12 2026-09-12 0";

  private static void installed(ReminderFixture laoke, String orderNo) {
    laoke.sold(orderNo, "C-" + orderNo, 1);
    laoke.installed(orderNo, INSTALLED);
  }

  /** No date of a database holds that; at the border it would be refused. */
  private static void stagesAt(ReminderFixture laoke, long millis, String... orderNos) {
    for (String orderNo : orderNos) {
      laoke.write(
          "UPDATE {order_stage} SET at_ms = %d WHERE order_id = %d"
              .formatted(millis, id(laoke, orderNo)));
    }
  }

  // ---- orders that others hold

  private static long id(ReminderFixture laoke, String orderNo) {
    return Long.parseLong(
        laoke
            .rows("SELECT id FROM {customer_order} WHERE order_no = '%s'".formatted(orderNo))
            .get(0));
  }

  /** While a host holds SO-1, SO-2 alone is planned; once it is free, both are. */
  private static void plannedThoughHeld(ReminderFixture laoke) {
    long held = id(laoke, "SO-1");
    laoke.in(
        tx -> {
          tx.query("SELECT id FROM {customer_order} WHERE dealer_id = 1 AND id = :id FOR UPDATE")
              .bind("id", held)
              .mapTo(Long.class)
              .one();
          laoke.tick();
          assertThat(laoke.planned()).containsExactly("SO-2 1 1 CLEANING " + IN_SIX_MONTHS);
          return true;
        });
    laoke.tick();

    assertThat(laoke.planned())
        .containsExactly(
            "SO-1 1 1 CLEANING " + IN_SIX_MONTHS, "SO-2 1 1 CLEANING " + IN_SIX_MONTHS);
    assertThat(laoke.count("reminder_todo")).isZero();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void anOrderThatAHostHoldsKeepsNoOtherWaiting(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      installed(laoke, "SO-1");
      installed(laoke, "SO-2");

      plannedThoughHeld(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void aNewRuleComesLaterToAnOrderThatAHostHolds(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      installed(laoke, "SO-1");
      installed(laoke, "SO-2");
      laoke.rules().put(cleaning());

      plannedThoughHeld(laoke);
    }
  }

  // ---- orders that cannot be planned

  /** H2's dates are wide enough for all that there is. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void anOrderThatCannotBePlannedKeepsNoOtherWaiting(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      installed(laoke, "SO-1");
      laoke.tick();
      laoke.be(LocalDate.of(2026, 7, 12));
      installed(laoke, "SO-2");
      installed(laoke, "SO-3");
      stagesAt(laoke, Long.MAX_VALUE, "SO-2");

      laoke.tick();

      assertThat(laoke.contacts())
          .containsExactly(
              "SO-1 1 1 CLEANING 2026-07-12 2026-07-12 OPEN",
              "SO-3 1 1 CLEANING 2026-07-12 2026-07-12 OPEN");
      assertThat(laoke.count("reminder_todo")).isPositive();

      stagesAt(laoke, ReminderFixture.at(INSTALLED).toEpochMilli(), "SO-2");
      laoke.engine(DealerSettings.defaults()).tick(ReminderFixture.at(laoke.today()));

      assertThat(laoke.contacts()).hasSize(3);
      assertThat(laoke.count("reminder_todo")).isZero();
    }
  }

  /** More dates than an engine looks at together are due before those of others. */
  @ParameterizedTest
  @EnumSource
  void datesOfAnOrderThatCannotBePlannedKeepNoOthersFromComingDue(TestServer server)
      throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      Order big = Order.of("SO-1", ReminderFixture.at(ReminderFixture.START)).store("S1");
      for (int line = 1; line <= 11; line++) {
        big = big.line(OrderLine.goods(String.valueOf(line), "kitchen/hood", 200, "3000"));
      }
      laoke.dealer().orders().upsert(big);
      laoke.installed("SO-1", ReminderFixture.START);
      installed(laoke, "SO-2");
      installed(laoke, "SO-3");
      laoke.tick();
      assertThat(laoke.planned()).hasSize(2202);
      laoke.dealer().orders().advance("SO-1", StageReport.of(Stage.COMPLETED, at(INSTALLED)));
      laoke.write(
          "ALTER TABLE {reminder} ADD CONSTRAINT no_plan CHECK (order_id <> %d OR completed IS NULL)"
              .formatted(id(laoke, "SO-1")));
      laoke.be(LocalDate.of(2026, 7, 12));

      Laoke other = laoke.engine(DealerSettings.defaults());
      AtOnce.all(
          List.of(
              () -> laoke.engine(0).tick(at(laoke.today())), () -> other.tick(at(laoke.today()))));
      laoke.tick();

      assertThat(laoke.contacts())
          .containsExactly(
              "SO-2 1 1 CLEANING 2026-07-12 2026-07-12 OPEN",
              "SO-3 1 1 CLEANING 2026-07-12 2026-07-12 OPEN");
      assertThat(laoke.count("reminder_contact")).as("and their customers are told").isPositive();

      laoke.write("ALTER TABLE {reminder} DROP CONSTRAINT no_plan");
      laoke.engine(DealerSettings.defaults()).tick(at(laoke.today()));
      assertThat(laoke.contacts()).as("each once, as it can be planned again").hasSize(2202);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void aNewRulePassesAnOrderThatCannotBePlanned(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      installed(laoke, "SO-1");
      installed(laoke, "SO-2");
      stagesAt(laoke, Long.MAX_VALUE, "SO-1");
      laoke.rules().put(cleaning());

      laoke.tick();

      assertThat(laoke.planned()).containsExactly("SO-2 1 1 CLEANING " + IN_SIX_MONTHS);
      assertThat(laoke.rules().progress("hood").orElseThrow().doneAt()).isPresent();
      assertThat(laoke.count("reminder_todo")).isEqualTo(1);
    }
  }

  /**
   * Several in a row may be no fault of theirs; it is told, and the next round looks behind them.
   */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void whereNoneCanBePlannedItIsTold(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.tick();
      List<String> bad = List.of("SO-1", "SO-2", "SO-3");
      bad.forEach(orderNo -> installed(laoke, orderNo));
      installed(laoke, "SO-4");
      stagesAt(laoke, Long.MAX_VALUE, bad.toArray(String[]::new));

      assertThatThrownBy(laoke::tick).isInstanceOf(StoreException.class);
      // On a slow machine they may be tried once more before the next round.
      for (int i = 0; i < 5 && laoke.planned().isEmpty(); i++) {
        assertThat(catchThrowable(laoke::tick))
            .satisfiesAnyOf(
                one -> assertThat(one).isNull(),
                one -> assertThat(one).isInstanceOf(StoreException.class));
      }

      assertThat(laoke.planned()).containsExactly("SO-4 1 1 CLEANING " + IN_SIX_MONTHS);
    }
  }

  // ---- categories that moved

  @ParameterizedTest
  @EnumSource
  void aRuleOfACategoryThatMovedCanBeChanged(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      installed(laoke, "SO-1");
      laoke.tick();
      laoke.dealer().catalog().move("kitchen/hood", "home/hood");
      laoke.tick();
      assertThat(laoke.planned()).containsExactly("SO-1 1 1 CLEANING " + IN_SIX_MONTHS);
      assertThat(laoke.rules().put(cleaning())).isEqualTo(Upserted.UNCHANGED);
      ReminderRule longer = cleaning().cycle(ServiceCycle.every(Period.ofMonths(8)));

      assertThat(laoke.rules().dryRun(longer)).isEqualTo(new RuleEffect(1, 0, 0));
      assertThat(laoke.rules().put(longer)).isEqualTo(Upserted.CHANGED);
      laoke.tick();
      assertThat(laoke.planned()).containsExactly("SO-1 1 1 CLEANING " + IN_EIGHT_MONTHS);

      laoke.rules().retire("hood");
      laoke.tick();
      assertThat(laoke.planned()).isEmpty();

      assertThat(laoke.rules().dryRun(longer)).isEqualTo(new RuleEffect(0, 0, 1));
      assertThat(laoke.rules().put(longer)).isEqualTo(Upserted.CHANGED);
      laoke.tick();
      assertThat(laoke.planned()).containsExactly("SO-1 1 1 CLEANING " + IN_EIGHT_MONTHS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRuleIsMadeByThePathThatACategoryHad(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      installed(laoke, "SO-1");
      laoke.dealer().catalog().move("kitchen/hood", "home/hood");
      laoke.tick();

      assertThat(laoke.rules().dryRun(cleaning())).isEqualTo(new RuleEffect(0, 0, 1));
      assertThat(laoke.rules().put(cleaning())).isEqualTo(Upserted.CREATED);
      laoke.tick();

      assertThat(laoke.planned()).containsExactly("SO-1 1 1 CLEANING " + IN_SIX_MONTHS);
      assertThat(laoke.rules().find("hood").map(one -> one.rule().category()))
          .isEqualTo(Optional.of("kitchen/hood"));
    }
  }

  /** By their paths as given the second would lie below the first, and no order be looked at. */
  @ParameterizedTest
  @EnumSource
  void aRuleThatFollowsItsCategoryOutOfAnotherCoversMore(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.dealer().catalog().put(Category.of("kitchen", "厨房"));
      installed(laoke, "SO-1");
      ReminderRule kitchen =
          ReminderRule.of("hood", "kitchen", "CLEANING", ServiceCycle.every(Period.ofMonths(6)));
      laoke.dealer().catalog().move("kitchen/hood", "home/hood");
      laoke.tick();
      laoke.rules().put(kitchen);
      laoke.tick();
      assertThat(laoke.planned()).isEmpty();

      assertThat(laoke.rules().dryRun(cleaning())).isEqualTo(new RuleEffect(0, 0, 1));
      laoke.rules().put(cleaning());
      laoke.tick();

      assertThat(laoke.planned()).containsExactly("SO-1 1 1 CLEANING " + IN_SIX_MONTHS);
    }
  }
}
