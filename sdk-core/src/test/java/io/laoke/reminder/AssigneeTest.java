package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.catalog.CatalogBook.Seat;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets what comes due. */
class AssigneeTest {
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  private static Seat seat(String code, String role, String store, boolean active, String region) {
    return new Seat(
        code,
        Optional.ofNullable(role),
        Optional.ofNullable(store),
        active,
        Optional.ofNullable(region));
  }

  private static final List<Seat> SEATS =
      List.of(
          seat("wang", "售后", "S1", true, "浙江/杭州"),
          seat("li", "售后", "S1", true, "浙江/杭州"),
          seat("chen", "销售", "S1", true, "浙江/杭州"),
          seat("gone", "售后", "S1", false, "浙江/杭州"),
          seat("zhao", "售后", "S2", true, "浙江"),
          seat("sun", "售后", "S3", true, null),
          seat("qian", null, null, true, null));

  private static AssigneeRule rule(String rule) {
    return switch (rule) {
      case "store" -> AssigneeRule.store();
      case "store 售后" -> AssigneeRule.store().withRole("售后");
      case "region" -> AssigneeRule.region();
      case "region 售后" -> AssigneeRule.region().withRole("售后");
      case "in turn" -> AssigneeRule.roundRobin("wang", "gone", "stranger", "li");
      default -> AssigneeRule.pool();
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pool        | S1 | 浙江/杭州        |
          store       | S1 |                 | chen li wang
          store 售后   | S1 |                 | li wang
          store       | S3 | 浙江/杭州        | sun
          store       | S9 | 浙江/杭州        |
          store       |    | 浙江/杭州        |
          region      | S3 | 浙江/杭州/西湖区  | chen li wang
          region 售后  | S3 | 浙江/杭州        | li wang
          region      | S1 | 浙江/杭州市      | zhao
          region      | S1 | 浙江/宁波        | zhao
          region      | S1 | 江苏            |
          region      | S1 |                 |
          in turn     |    |                 | wang li
          """)
  void mayGetIt(String rule, String store, String region, String staff) {
    assertThat(rule(rule).candidates(SEATS, store, region))
        .isEqualTo(staff == null ? List.of() : List.of(staff.split(" ")));
  }

  @Test
  void whoIsNamedGetsItWhereNoStaffAreKnown() {
    assertThat(rule("in turn").candidates(List.of(), null, null))
        .containsExactly("wang", "gone", "stranger", "li");
  }

  @Test
  void theOneWithoutATurnForTheLongestIsNext() {
    assertThat(AssigneeRule.next(List.of(), Map.of())).isEmpty();
    assertThat(AssigneeRule.next(List.of("wang", "li"), Map.of())).contains("wang");
    assertThat(AssigneeRule.next(List.of("wang", "li"), Map.of("wang", 1L))).contains("li");
    assertThat(AssigneeRule.next(List.of("wang", "li"), Map.of("wang", 3L, "li", 4L, "a", 1L)))
        .contains("wang");
  }

  @Test
  void isCheckedAndWrittenAsJson() {
    ReminderRule rule = ReminderFixture.cleaning().assignee(AssigneeRule.region().withRole("售后"));
    assertThat(ReminderRuleJson.read(ReminderRuleJson.write(rule))).isEqualTo(rule);
    assertThat(rule).isNotEqualTo(ReminderFixture.cleaning());
    assertThat(ReminderRuleJson.write(rule))
        .contains("\"assign\":{\"by\":\"REGION\",\"role\":\"售后\"}");
    ReminderRule inTurn =
        ReminderFixture.cleaning().assignee(AssigneeRule.roundRobin("li", "wang")).priority(3);
    assertThat(ReminderRuleJson.read(ReminderRuleJson.write(inTurn))).isEqualTo(inTurn);
    assertThat(ReminderRuleJson.write(ReminderFixture.cleaning())).doesNotContain("assign");
    String start =
        "{\"code\":\"a\",\"category\":\"ac\",\"kind\":\"C\",\"every\":\"P6M\",\"assign\":";
    for (String wrong :
        List.of(
            "{}|/assign/by",
            "{\"by\":\"BOSS\"}|/assign/by",
            "{\"by\":\"ROUND_ROBIN\"}|/assign/staff",
            "{\"by\":\"ROUND_ROBIN\",\"staff\":\"li\"}|/assign/staff",
            "{\"by\":\"ROUND_ROBIN\",\"staff\":[\"li\",\"li\"]}|/assign/staff",
            "{\"by\":\"STORE\",\"staff\":[\"li\"]}|/assign/staff",
            "{\"by\":\"POOL\",\"role\":\"x\"}|/assign/role",
            "{\"by\":\"STORE\",\"rolle\":\"x\"}|/assign/rolle")) {
      String[] parts = wrong.split("\\|");
      assertThatThrownBy(() -> ReminderRuleJson.read(start + parts[0] + "}"))
          .as(wrong)
          .isInstanceOfSatisfying(
              InvalidInputException.class,
              refused -> assertThat(refused.field()).isEqualTo(parts[1]));
    }
    assertThat(ReminderRuleJson.stored(start + "{\"by\":\"BOSS\"}}").assignee())
        .as("of a newer version")
        .isEqualTo(AssigneeRule.pool());
  }

  // ---- tasks

  private static void staff(ReminderFixture laoke) {
    laoke.dealer().catalog().put(Store.of("S1", "一店").withRegion("浙江/杭州"));
    laoke.dealer().catalog().put(Store.of("S2", "二店").withRegion("浙江"));
    laoke.dealer().catalog().put(Staff.of("li", "李").withStore("S1"));
    laoke.dealer().catalog().put(Staff.of("wang", "王").withStore("S1"));
    laoke.dealer().catalog().put(Staff.of("zhao", "赵").withStore("S2"));
  }

  private static void sold(ReminderFixture laoke, String no, String store, String region) {
    Order order =
        Order.of(no, at(ReminderFixture.START))
            .store(store)
            .buyer(Buyer.of("C" + no, "王芳", null))
            .line(OrderLine.goods("1", "kitchen/hood", 1, "3000"));
    laoke
        .dealer()
        .orders()
        .upsert(region == null ? order : order.place(Place.of(region, no, "李雷", "13800138000")));
    laoke.installed(no, ReminderFixture.START);
  }

  private static List<String> assigned(ReminderFixture laoke) {
    return laoke.work().list(TaskQuery.todo(), null, 500).tasks().stream()
        .map(
            task ->
                task.items().get(0).orderNo()
                    + " "
                    + task.state()
                    + " "
                    + task.assignee().orElse("-"))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void theTaskIsOnTheirListAndOpenUntilTheyClaimIt(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      staff(laoke);
      laoke.rules().put(ReminderFixture.cleaning().assignee(AssigneeRule.region()));
      sold(laoke, "SO-1", "S1", "浙江/杭州/西湖区");
      sold(laoke, "SO-2", "S1", "浙江/宁波");
      sold(laoke, "SO-3", "S1", null);
      laoke.on(DUE);
      assertThat(assigned(laoke)).containsExactly("SO-1 OPEN li", "SO-2 OPEN zhao", "SO-3 OPEN -");
      Tasks tasks = laoke.work();
      long first = laoke.task("SO-1");
      assertThat(tasks.history(first))
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.action()).isEqualTo(TaskEvent.Action.ASSIGNED);
                assertThat(event.by()).isEqualTo("laoke");
                assertThat(event.detail()).isEqualTo("to li");
              });
      assertThat(laoke.dealer().reminders().contacts(first))
          .as("the customer is told all the same")
          .isNotEmpty();
      assertThatThrownBy(() -> tasks.claim(first, "wang"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'li' has it");
      assertThatThrownBy(
              () -> tasks.contacted(first, "li", ContactChannel.PHONE, ContactResult.REACHED, null))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("Claim it first");
      assertThat(tasks.claimNext("wang", TaskQuery.todo()).orElseThrow().id())
          .isEqualTo(laoke.task("SO-3"));
      assertThat(tasks.claimNext("wang", TaskQuery.todo())).isEmpty();

      Task claimed = tasks.claim(first, "li");
      assertThat(claimed.state()).isEqualTo(TaskState.CLAIMED);
      assertThat(claimed.leaseUntil()).as("for good").isEmpty();
      laoke.lapse();
      assertThatThrownBy(() -> tasks.claim(first, "wang")).isInstanceOf(ConflictException.class);

      long second = laoke.task("SO-2");
      assertThat(tasks.leave("zhao", "wang", "boss")).isEqualTo(1);
      assertThat(tasks.find(second).orElseThrow().state()).isEqualTo(TaskState.OPEN);
      assertThat(tasks.release(second, "wang")).isTrue();
      assertThat(tasks.find(second).orElseThrow().assignee()).isEmpty();
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void turnsAreFairWithTwoEngines(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      staff(laoke);
      laoke.engine(DealerSettings.defaults());
      laoke
          .rules()
          .put(ReminderFixture.cleaning().assignee(AssigneeRule.roundRobin("li", "wang", "zhao")));
      for (int i = 1; i <= 30; i++) {
        sold(laoke, "SO-" + i, "S1", null);
        if (i <= 15) {
          laoke.installed("SO-" + i, ReminderFixture.START.plusDays(1));
        }
      }
      laoke.tick();
      laoke.be(DUE);
      AtOnce.all(List.of(() -> laoke.engine(0).tick(at(DUE)), () -> laoke.engine(1).tick(at(DUE))));
      laoke.be(DUE.plusDays(1));
      AtOnce.all(
          List.of(
              () -> laoke.engine(1).tick(at(DUE.plusDays(1))),
              () -> laoke.engine(0).tick(at(DUE.plusDays(1)))));
      laoke.tick();

      Map<String, Long> each =
          laoke.work().list(TaskQuery.todo(), null, 500).tasks().stream()
              .collect(
                  Collectors.groupingBy(
                      task -> task.assignee().orElse("-"), Collectors.counting()));
      assertThat(each).isEqualTo(Map.of("li", 10L, "wang", 10L, "zhao", 10L));
      assertThat(laoke.rows("SELECT given FROM {reminder_turn} WHERE code = 'hood' AND staff = ''"))
          .containsExactly("30");
    }
  }

  @Test
  void whoIsNewHasOneTurnAndWhoHasLeftNone() {
    try (ReminderFixture laoke = new ReminderFixture(TestServer.H2)) {
      staff(laoke);
      laoke.rules().put(ReminderFixture.cleaning().assignee(AssigneeRule.store()));
      List<String> got = new ArrayList<>();
      for (int i = 1; i <= 9; i++) {
        sold(laoke, "SO-" + i, "S1", null);
        laoke.installed("SO-" + i, ReminderFixture.START.plusDays(i));
      }
      for (int i = 1; i <= 9; i++) {
        if (i == 5) {
          laoke.dealer().catalog().put(Staff.of("an", "安").withStore("S1"));
        }
        if (i == 8) {
          laoke.dealer().catalog().put(Staff.of("li", "李").withStore("S1").withActive(false));
        }
        laoke.on(DUE.plusDays(i));
        got.add(laoke.work().find(laoke.task("SO-" + i)).orElseThrow().assignee().orElse("-"));
      }
      assertThat(got).containsExactly("li", "wang", "li", "wang", "an", "li", "wang", "an", "wang");
    }
  }
}
