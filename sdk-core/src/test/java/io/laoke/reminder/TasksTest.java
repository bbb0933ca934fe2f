package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.UnitService;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Staff at work on what came due. */
class TasksTest {
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  private static List<String> pages(Tasks tasks, TaskQuery query, int limit) {
    List<String> all = new ArrayList<>();
    String cursor = null;
    do {
      TaskPage page = tasks.list(query, cursor, limit);
      assertThat(page.tasks()).hasSizeLessThanOrEqualTo(limit);
      page.tasks().forEach(task -> all.add(task.items().get(0).orderNo()));
      cursor = page.next().orElse(null);
    } while (cursor != null);
    return all;
  }

  private static List<TaskEvent.Action> actions(Tasks tasks, long id) {
    return tasks.history(id).stream().map(TaskEvent::action).toList();
  }

  // ---- lists

  private static void sold(ReminderFixture laoke, String no, String store, String region, int day) {
    laoke
        .dealer()
        .orders()
        .upsert(
            Order.of(no, at(ReminderFixture.START))
                .store(store)
                .buyer(Buyer.of("C" + no, "王芳", null))
                .place(Place.of(region, "文三路1号", "=李雷,\"先生\"", "13800138000"))
                .line(
                    OrderLine.goods("1", "kitchen/hood", 1, "3000")
                        .name("油烟机")
                        .model("X-1")
                        .brand("老板")));
    laoke.installed(no, ReminderFixture.START.plusDays(day));
  }

  @ParameterizedTest
  @EnumSource
  void areListedPageByPage(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(ReminderFixture.cleaning());
      laoke
          .rules()
          .put(
              ReminderRule.of(
                  "filter", "kitchen/hood", "FILTER", ServiceCycle.every(Period.ofMonths(7))));
      sold(laoke, "SO-1", "S1", "浙江/杭州/西湖区", 3);
      sold(laoke, "SO-2", "S2", "浙江/杭州", 1);
      sold(laoke, "SO-3", "S1", "浙江/杭州市", 1);
      sold(laoke, "SO-4", "S2", "江苏", 0);
      laoke.on(DUE.plusDays(2));
      laoke.on(DUE.plusDays(3));
      Tasks tasks = laoke.work();
      TaskQuery todo = TaskQuery.todo();
      List<String> all = List.of("SO-4", "SO-2", "SO-3", "SO-1");

      List<String> found = pages(tasks, todo, 500);
      assertThat(found)
          .containsExactlyInAnyOrderElementsOf(all)
          .startsWith("SO-4")
          .endsWith("SO-1");
      for (int limit : List.of(1, 2, 3)) {
        assertThat(pages(tasks, todo, limit)).isEqualTo(found);
      }
      assertThat(pages(tasks, todo.overdue(), 2)).isEqualTo(found.subList(0, 3));
      assertThat(pages(tasks, todo.due(DUE.plusDays(1), DUE.plusDays(2)), 9))
          .containsExactlyInAnyOrder("SO-2", "SO-3");
      assertThat(pages(tasks, todo.store("S2"), 1)).containsExactly("SO-4", "SO-2");
      assertThat(pages(tasks, todo.region("浙江/杭州"), 1)).containsExactly("SO-2", "SO-1");
      assertThat(pages(tasks, todo.region("%"), 1)).isEmpty();
      assertThat(pages(tasks, todo.store("S2").region("浙江/杭州").kind("CLEANING").toBeCalled(), 9))
          .as("all that can be asked for at once")
          .isSubsetOf("SO-2");
      assertThat(pages(tasks, todo.store("S2").region("浙江/杭州").kind("CLEANING"), 9))
          .containsExactly("SO-2");
      assertThat(pages(tasks, todo.kind("FILTER"), 9)).isEmpty();
      assertThat(pages(tasks, todo.kind("CLEANING"), 3)).isEqualTo(found);

      long one = laoke.task("SO-1");
      tasks.claim(one, "li");
      tasks.claim(laoke.task("SO-4"), "li");
      tasks.refused(laoke.task("SO-4"), "li", "搬走了");
      assertThat(pages(tasks, todo.assignee("li"), 9)).containsExactly("SO-1");
      assertThat(pages(tasks, todo.unassigned(), 1)).containsExactlyElementsOf(found.subList(1, 3));
      assertThat(pages(tasks, todo.states(TaskState.REFUSED), 9)).containsExactly("SO-4");
      assertThat(pages(tasks, todo.states(TaskState.values()), 1)).isEqualTo(found);
      assertThat(pages(tasks, todo.states(TaskState.values()).assignee("li"), 1))
          .containsExactly("SO-4", "SO-1");
      tasks.snooze(one, "li", DUE.plusDays(5));
      assertThat(pages(tasks, todo.assignee("li"), 9)).isEmpty();
      assertThat(pages(tasks, todo.assignee("li").withSnoozed(), 9)).containsExactly("SO-1");
      laoke.be(DUE.plusDays(5));
      assertThat(pages(tasks, todo.assignee("li"), 9)).containsExactly("SO-1");

      Task shown = tasks.find(one).orElseThrow();
      assertThat(shown.due()).isEqualTo(DUE.plusDays(3));
      assertThat(shown.overdueDays()).isEqualTo(2);
      assertThat(shown.contactName()).hasValue("=李雷,\"先生\"");
      assertThat(shown.phone().orElseThrow().value()).isEqualTo("13800138000");
      assertThat(shown.toString() + shown.phone()).doesNotContain("李雷", "13800138000");
      assertThat(shown.region()).hasValue("浙江/杭州/西湖区");
      assertThat(shown.storeCode()).hasValue("S1");
      TaskItem item = shown.items().get(0);
      assertThat(item.why().orElseThrow().toEnglish())
          .isEqualTo("installed 2026-01-13 + 6 months = 2026-07-13");
      assertThat(item.model()).hasValue("X-1");
      assertThat(item.state()).isEqualTo(TaskItem.State.OPEN);

      StringBuilder csv = new StringBuilder();
      assertThat(tasks.exportCsv(todo.assignee("li"), csv)).isEqualTo(1);
      String[] lines = csv.toString().split("\r\n");
      assertThat(lines).hasSize(2);
      assertThat(lines[0]).startsWith("task_id,state,task_due,overdue_days,contact_name,phone,");
      assertThat(lines[1])
          .startsWith(
              one
                  + ",CLAIMED,2026-07-13,2,\"'=李雷,\"\"先生\"\"\","
                  + shown.phone().orElseThrow().masked()
                  + ",浙江/杭州/西湖区,文三路1号,S1,li,2026-07-15,,,,,,,TEMPLATE 2026-07-13 12:00 NO_FOLLOWER; SMS 2026-07-13 12:00 NO_SMS;"
                  + " CALL 2026-07-13 12:00,SO-1,1,1,CLEANING,2026-07-13,"
                  + "OPEN,油烟机,X-1,老板,安装 2026-01-13 + 6个月 = 2026-07-13,,")
          .doesNotContain("13800138000");
      csv.setLength(0);
      assertThat(tasks.exportCsv(todo.states(TaskState.values()), csv)).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whatIsWrongIsTold(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(1);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      tasks.claim(id, "li");
      TaskQuery todo = TaskQuery.todo();
      wrong("last", () -> todo.due(DUE, DUE.minusDays(1)));
      wrong("first", () -> todo.due(LocalDate.MIN, DUE));
      wrong("states", () -> todo.states());
      wrong("staff", () -> todo.assignee(""));
      wrong("region", () -> todo.region("x".repeat(300)));
      wrong("cursor", () -> tasks.list(todo, "1", 1));
      wrong("limit", () -> tasks.list(todo, null, 0));
      wrong("staff", () -> tasks.claim(id, " "));
      wrong("until", () -> tasks.snooze(id, "li", DUE));
      wrong("to", () -> tasks.book(id, "li", at(DUE), at(DUE), null));
      wrong("from", () -> tasks.book(id, "li", Instant.MAX, at(DUE), null));
      wrong(
          "note",
          () ->
              tasks.contacted(id, "li", ContactChannel.SMS, ContactResult.LATER, "长".repeat(201)));
      wrong("successor", () -> tasks.leave("li", "li", "boss"));
      wrong("paidFen", () -> ServiceDone.at(at(DUE)).paidFen(-1));
      wrong(
          "only",
          () -> tasks.done(id, "li", ServiceDone.at(at(DUE)).only("SO-1", "1", 2, "CLEANING")));
      assertThatThrownBy(() -> tasks.claim(7, "li"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no task 7", "tasks().list");
      assertThatThrownBy(() -> tasks.done("GD-9", ServiceDone.at(at(DUE))))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("GD-9", "workOrder");
      assertThat(tasks.find(7)).isEmpty();
    }
  }

  private static void wrong(
      String field, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidInputException.class, refused -> assertThat(refused.field()).isEqualTo(field));
  }

  /** Of the dealer's days, whatever the hour. */
  @ParameterizedTest
  @EnumSource
  void slotsBeginTodayToAYearAhead(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(1);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      tasks.claim(id, "li");
      Instant today = DUE.atStartOfDay(ReminderFixture.ZONE).toInstant();
      Instant behind = DUE.plusYears(1).plusDays(1).atStartOfDay(ReminderFixture.ZONE).toInstant();
      for (Instant wrong :
          List.of(
              Instant.MIN,
              Instant.parse("1900-01-01T00:00:00Z"),
              today.minusMillis(1),
              behind,
              behind.plus(Duration.ofDays(199 * 365)),
              Instant.MAX.minusSeconds(60))) {
        wrong("from", () -> tasks.book(id, "li", wrong, wrong.plusSeconds(60), null));
      }
      wrong("to", () -> tasks.book(id, "li", today, today, null));
      assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.CLAIMED);

      assertThat(tasks.book(id, "li", behind.minusMillis(1), behind, null)).isTrue();
      assertThat(tasks.book(id, "li", today, today.plusSeconds(3600), null))
          .as("agreed on this morning")
          .isTrue();
      laoke.be(DUE.plusDays(1));
      assertThat(tasks.book(id, "li", today, today.plusSeconds(3600), null))
          .as("a repeat changes nothing")
          .isFalse();
      wrong("from", () -> tasks.book(id, "li", today, today.plusSeconds(60), null));
    }
  }

  // ---- who has it

  @ParameterizedTest
  @EnumSource
  void aClaimLapsesByTheDatabasesClock(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(2);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      Task claimed = tasks.claim(id, "li");
      assertThat(claimed.assignee()).hasValue("li");
      assertThat(claimed.leaseUntil().orElseThrow())
          .isBetween(Instant.now().plusSeconds(1_500), Instant.now().plusSeconds(2_100));

      laoke.be(DUE.plusYears(1)); // whatever business time says
      assertThatThrownBy(() -> tasks.claim(id, "wang"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("'li' has it until 20", "reassign");
      laoke.be(DUE);
      assertThat(tasks.claimNext("wang", TaskQuery.todo()).orElseThrow().id())
          .isEqualTo(laoke.task("SO-2"));
      assertThat(tasks.claimNext("zhao", TaskQuery.todo())).isEmpty();

      laoke.lapse();
      assertThat(
              tasks.contacted(
                  laoke.task("SO-2"), "wang", ContactChannel.PHONE, ContactResult.LATER, null))
          .as("nobody has taken it over")
          .isTrue();
      laoke.lapse();
      assertThat(tasks.claimNext("zhao", TaskQuery.todo()).orElseThrow().id())
          .as("what somebody has contacted is theirs for good")
          .isEqualTo(id);
      assertThatThrownBy(() -> tasks.refused(id, "li", null))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'zhao' has it");
      assertThat(tasks.claimNext("li", TaskQuery.todo())).isEmpty();
      laoke.write("UPDATE {reminder_task} SET lease_ms = 1 + 4102444800000 WHERE lease_ms > 1");
      assertThat(tasks.claim(id, "zhao").leaseUntil().orElseThrow())
          .as("kept for as long again")
          .isBefore(Instant.now().plusSeconds(2_100));
      assertThat(actions(tasks, id))
          .containsExactly(
              TaskEvent.Action.CLAIMED, TaskEvent.Action.CLAIMED, TaskEvent.Action.RENEWED);
      assertThat(tasks.history(id).get(1).detail()).isEqualTo("from li");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatComesDueAfterItWasTakenUpIsATaskOfItsOwn(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(1);
      laoke.sold("SO-B", "C1", 1); // the same customer
      laoke.installed("SO-B", ReminderFixture.START.plusDays(5));
      laoke.sold("SO-C", "C1", 1);
      laoke.installed("SO-C", ReminderFixture.START.plusDays(6));
      Tasks tasks = laoke.work();
      long first = laoke.task("SO-1");
      tasks.claim(first, "li");
      laoke.on(DUE.plusDays(5));
      long second = laoke.task("SO-B");
      assertThat(second).isNotEqualTo(first);
      assertThat(laoke.task("SO-1")).isEqualTo(first);
      laoke.on(DUE.plusDays(6));
      assertThat(laoke.task("SO-C")).isEqualTo(second);
      assertThat(tasks.find(second).orElseThrow().due()).isEqualTo(DUE.plusDays(5));
      // Planned anew, all stays where it is.
      laoke.dealer().orders().advance("SO-1", StageReport.of(Stage.COMPLETED, at(DUE)));
      laoke.tick();
      assertThat(laoke.task("SO-1")).isEqualTo(first);

      assertThat(tasks.release(first, "li")).isTrue();
      assertThat(tasks.release(first, "li")).isFalse();
      Task joined = tasks.find(first).orElseThrow();
      assertThat(joined.state()).isEqualTo(TaskState.OPEN);
      assertThat(joined.items())
          .extracting(TaskItem::orderNo)
          .containsExactly("SO-1", "SO-B", "SO-C");
      assertThat(tasks.find(second).orElseThrow().state()).isEqualTo(TaskState.CLOSED);
      assertThat(actions(tasks, first))
          .containsExactly(
              TaskEvent.Action.CLAIMED, TaskEvent.Action.JOINED, TaskEvent.Action.RELEASED);
      laoke.tick();
      assertThat(laoke.strays()).isEmpty();

      // The order goes to another customer while staff have the task.
      tasks.claim(first, "li");
      laoke.dealer().orders().upsert(ReminderFixture.order("SO-B", "C9", 1));
      laoke.tick();
      assertThat(laoke.task("SO-B")).isEqualTo(first);
      assertThat(tasks.find(first).orElseThrow().memberId())
          .hasValue(laoke.dealer().members().find("C1").orElseThrow().id());
      tasks.release(first, "li");
      laoke.tick();
      assertThat(laoke.task("SO-B")).isNotEqualTo(first);
      assertThat(laoke.strays()).isEmpty();
      tasks.claim(first, "li");
      laoke.dealer().orders().upsert(ReminderFixture.order("SO-1", "C9", 1));
      laoke.dealer().orders().upsert(ReminderFixture.order("SO-C", "C9", 1));
      laoke.tick();
      assertThat(tasks.find(first).orElseThrow().memberId())
          .hasValue(laoke.dealer().members().find("C9").orElseThrow().id());
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasPutOffAndGivenBackHidesNothingElse(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(2);
      for (int i = 1; i <= 2; i++) {
        laoke.sold("SO-B" + i, "C" + i, 1); // the same customer
        laoke.installed("SO-B" + i, ReminderFixture.START.plusDays(5));
      }
      Tasks tasks = laoke.work();
      long first = laoke.task("SO-1");
      tasks.claim(first, "li");
      tasks.snooze(first, "li", DUE.plusYears(2));
      tasks.release(first, "li");
      long second = laoke.task("SO-2");
      tasks.claim(second, "li");
      tasks.snooze(second, "li", DUE.plusYears(2));
      laoke.on(DUE.plusDays(4));
      assertThat(tasks.list(TaskQuery.todo(), null, 9).tasks()).isEmpty();

      laoke.on(DUE.plusDays(5));
      assertThat(laoke.task("SO-B1")).as("joins it").isEqualTo(first);
      assertThat(laoke.task("SO-B2")).as("a task of its own").isNotEqualTo(second);
      assertThat(tasks.leave("li", null, "boss")).isEqualTo(1);
      assertThat(laoke.task("SO-B2")).as("joined").isEqualTo(second);
      assertThat(tasks.list(TaskQuery.todo(), null, 9).tasks())
          .extracting(Task::id)
          .containsExactlyInAnyOrder(first, second);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLeaversTasksGoToASuccessorOrThePool(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(4);
      Tasks tasks = laoke.work();
      for (int i = 1; i <= 4; i++) {
        tasks.claim(laoke.task("SO-" + i), "li");
      }
      long booked = laoke.task("SO-2");
      tasks.book(booked, "li", at(DUE.plusDays(1)), at(DUE.plusDays(2)), null);
      tasks.refused(laoke.task("SO-4"), "li", null);

      assertThat(tasks.leave("li", "wang", "boss")).isEqualTo(3);
      assertThat(tasks.leave("li", "wang", "boss")).isZero();
      assertThat(pages(tasks, TaskQuery.todo().assignee("wang"), 2)).hasSize(3);
      laoke.lapse();
      assertThat(tasks.claimNext("zhao", TaskQuery.todo())).as("given for good").isEmpty();

      assertThat(tasks.leave("wang", null, "boss")).isEqualTo(3);
      assertThat(tasks.leave("wang", null, "boss")).isZero();
      assertThat(tasks.find(booked).orElseThrow().state()).isEqualTo(TaskState.BOOKED);
      assertThat(tasks.find(booked).orElseThrow().assignee()).isEmpty();
      assertThat(laoke.strays()).isEmpty();
      for (int i = 0; i < 3; i++) {
        assertThat(tasks.claimNext("zhao", TaskQuery.todo())).isPresent();
      }
      assertThat(tasks.claimNext("zhao", TaskQuery.todo())).isEmpty();
      assertThat(tasks.find(booked).orElseThrow().state()).isEqualTo(TaskState.BOOKED);
      assertThat(tasks.find(booked).orElseThrow().booked()).isPresent();
      assertThat(tasks.history(booked))
          .extracting(event -> event.action() + " " + event.by() + " " + event.detail())
          .endsWith("REASSIGNED boss to wang", "RELEASED boss from wang", "CLAIMED zhao ");

      assertThatThrownBy(() -> tasks.reassign(booked, "wang", "li", "boss"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("'zhao' has it");
      assertThat(tasks.reassign(booked, "zhao", "li", "boss")).isTrue();
      assertThat(tasks.reassign(booked, "zhao", "li", "boss")).isFalse();
    }
  }

  // ---- booked and done

  @ParameterizedTest
  @EnumSource
  void whatIsBookedIsToldUntilItIsHeardAndDoneByItsWorkOrder(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(1);
      Tasks tasks = laoke.work();
      List<ReminderBooked> heard = new ArrayList<>();
      boolean[] deaf = {true};
      laoke.engine(
          booking -> {
            heard.add(booking);
            if (deaf[0]) {
              throw new IllegalStateException("the ERP is down");
            }
            laoke.work().workOrder(booking.task().id(), "GD-1");
          });
      long id = laoke.task("SO-1");
      tasks.claim(id, "li");
      assertThat(tasks.book(id, "li", at(DUE.plusDays(1)), at(DUE.plusDays(2)), "上午")).isTrue();
      assertThat(tasks.book(id, "li", at(DUE.plusDays(1)), at(DUE.plusDays(2)), null)).isFalse();

      laoke.tick(); // of an engine that tells nobody
      laoke.engine(1).tick(at(DUE));
      assertThat(heard).hasSize(1);
      assertThat(heard.get(0).dealer()).isEqualTo("hengxin");
      assertThat(heard.get(0).task().booked())
          .hasValue(new Task.Slot(at(DUE.plusDays(1)), at(DUE.plusDays(2))));
      laoke.engine(1).tick(at(DUE));
      assertThat(heard).as("not before a minute is over").hasSize(1);
      deaf[0] = false;
      laoke.write("UPDATE {reminder_task} SET tell_ms = 1 WHERE tell_ms IS NOT NULL");
      laoke.engine(1).tick(at(DUE));
      assertThat(heard).hasSize(2);
      assertThat(laoke.rows("SELECT tell_ms FROM {reminder_task}")).containsExactly("null");
      assertThat(tasks.workOrder(id, "GD-1")).isFalse();

      assertThat(tasks.cancelBooking("GD-1", "客户改期")).isTrue();
      assertThat(tasks.cancelBooking(id, "li", null)).isFalse();
      assertThatThrownBy(() -> tasks.cancelBooking("GD-1", null))
          .isInstanceOf(NotFoundException.class);
      Task again = tasks.find(id).orElseThrow();
      assertThat(again.state()).isEqualTo(TaskState.CONTACTED);
      assertThat(again.assignee()).hasValue("li");
      assertThat(again.booked()).isEmpty();
      assertThat(tasks.history(id).get(tasks.history(id).size() - 1).note()).hasValue("客户改期");

      tasks.book(id, "li", at(DUE.plusDays(3)), at(DUE.plusDays(4)), null);
      tasks.workOrder(id, "GD-2");
      ServiceDone done = ServiceDone.at(at(DUE.plusDays(3))).paidFen(12_000).technician("赵师傅");
      laoke.be(DUE.plusDays(4));
      assertThat(tasks.done("GD-2", done)).isTrue();
      assertThat(tasks.done("GD-2", done)).isFalse();
      assertThat(tasks.done(id, "li", done)).isFalse();
      assertThatThrownBy(() -> tasks.done("GD-2", done.paidFen(1)))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("done already", "services().record");
      UnitService recorded = laoke.dealer().services().of("SO-1").get(0);
      assertThat(recorded.document()).isEqualTo("GD-2");
      assertThat(recorded.paidFen()).isEqualTo(12_000);
      assertThat(recorded.technician()).hasValue("赵师傅");
      assertThat(laoke.planned())
          .as("counted from that day at once")
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2027-01-13 2027-01-13 1");
      Task ended = tasks.find(id).orElseThrow();
      assertThat(ended.state()).isEqualTo(TaskState.DONE);
      assertThat(ended.items().get(0).incomeFen()).isEqualTo(OptionalLong.of(12_000));
      assertThat(ended.items().get(0).served()).hasValue(DUE.plusDays(3));
      List<String> all = laoke.everything();
      laoke.tick();
      assertThat(laoke.everything()).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCancelledWhileOthersAreToldIsNot(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(3);
      Tasks tasks = laoke.work();
      List<Long> heard = new ArrayList<>();
      List<Long> all = new ArrayList<>();
      Laoke telling =
          laoke.engine(
              booking -> {
                heard.add(booking.task().id());
                all.stream()
                    .filter(one -> one != booking.task().id())
                    .forEach(one -> tasks.cancelBooking(one, "li", null));
              });
      for (int i = 1; i <= 3; i++) {
        long id = laoke.task("SO-" + i);
        all.add(id);
        tasks.claim(id, "li");
        tasks.book(id, "li", at(DUE.plusDays(1)), at(DUE.plusDays(2)), null);
      }

      telling.tick(at(DUE));
      assertThat(heard).hasSize(1);
      assertThat(laoke.rows("SELECT id FROM {reminder_task} WHERE tell_ms IS NOT NULL")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsDoneBeforeItIsThereUnlessThatIsOnlyAssumed(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(ReminderFixture.cleaning());
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", ReminderFixture.START);
      laoke.on(DUE);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      tasks.claim(id, "li");

      assertThatThrownBy(
              () -> tasks.done(id, "li", ServiceDone.at(at(ReminderFixture.START.minusDays(1)))))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll("doneAt", "2026-01-10", "installed", "was 2026-01-09");
      assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.CLAIMED);
      assertThat(laoke.dealer().services().of("SO-1")).isEmpty();
      assertThat(tasks.done(id, "li", ServiceDone.at(at(ReminderFixture.START.plusDays(1)))))
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void someOfItIsDoneAndWhatDoesNotAnswerItIsRefused(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(ReminderFixture.cleaning());
      laoke.sold("SO-1", "C1", 3);
      laoke.installed("SO-1", ReminderFixture.START);
      laoke.be(ReminderFixture.START.plusDays(30));
      laoke
          .dealer()
          .services()
          .record(
              "SO-1",
              UnitServiceReport.of("1", "CLEANING", at(ReminderFixture.START.plusDays(30)))
                  .document("GD-0"));
      LocalDate due = ReminderFixture.START.plusDays(30).plusMonths(6);
      laoke.on(due);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      tasks.claim(id, "li");
      tasks.book(id, "li", at(due), at(due.plusDays(1)), null);
      tasks.workOrder(id, "GD-1");
      assertThatThrownBy(
              () -> tasks.done("GD-1", ServiceDone.at(at(ReminderFixture.START.plusDays(20)))))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("does not follow the service before", "really done");
      assertThat(laoke.dealer().services().of("SO-1")).hasSize(1);
      assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.BOOKED);

      ServiceDone one = ServiceDone.at(at(due)).paidFen(100).only("SO-1", "1", 2, "CLEANING");
      assertThat(tasks.done("GD-1", one)).isTrue();
      assertThat(tasks.done("GD-1", one)).isFalse();
      Task rest = tasks.find(id).orElseThrow();
      assertThat(rest.state()).isEqualTo(TaskState.CONTACTED);
      assertThat(rest.items())
          .extracting(TaskItem::state)
          .containsExactly(TaskItem.State.OPEN, TaskItem.State.DONE, TaskItem.State.OPEN);
      laoke.tick();
      assertThat(
              tasks.done(
                  id, "li", ServiceDone.at(at(due.plusDays(0)).plusSeconds(60)).paidFen(101)))
          .isTrue();
      assertThat(laoke.dealer().services().of("SO-1"))
          .extracting(UnitService::paidFen)
          .containsExactly(0L, 100L, 51L, 50L);
      assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.DONE);
      assertThat(actions(tasks, id)).endsWith(TaskEvent.Action.PARTLY_DONE, TaskEvent.Action.DONE);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusedDatesStaySoAndTheNextOnesComeDue(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(1);
      Tasks tasks = laoke.work();
      long id = laoke.task("SO-1");
      tasks.claim(id, "li");
      assertThat(tasks.refused(id, "li", "明年再说")).isTrue();
      assertThat(tasks.refused(id, "li", "明年再说")).isFalse();
      laoke.dealer().orders().advance("SO-1", StageReport.of(Stage.COMPLETED, at(DUE)));
      laoke.tick();
      assertThat(laoke.task("SO-1")).isEqualTo(id);
      assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(laoke.count("reminder_task")).isEqualTo(1);
      assertThat(laoke.strays()).isEmpty();
      laoke.on(DUE.plusMonths(6));
      assertThat(laoke.task("SO-1")).isNotEqualTo(id);
      assertThat(tasks.find(laoke.task("SO-1")).orElseThrow().state()).isEqualTo(TaskState.OPEN);
    }
  }

  // ---- what came of it

  @ParameterizedTest
  @EnumSource
  void aServiceComesOfTheLatestDateBeforeItForSixtyDays(TestServer server) {
    try (ReminderFixture laoke =
        new ReminderFixture(
            server,
            DealerSettings.defaults()
                .reminders(ReminderSettings.standard().withAttributedDays(20)))) {
      laoke.due(2);
      Tasks tasks = laoke.work();
      service(laoke, "SO-1", "GD-1", DUE.plusDays(20), 100);
      service(laoke, "SO-2", "GD-2", DUE.plusDays(21), 100);
      laoke.on(DUE.plusDays(22));
      assertThat(income(laoke, "SO-1")).isEqualTo("2026-07-30 100");
      assertThat(income(laoke, "SO-2")).isEqualTo("null null");

      // A correction follows, and what was not done takes its income with it.
      service(laoke, "SO-1", "GD-1", DUE.plusDays(20), 170);
      laoke.tick();
      assertThat(income(laoke, "SO-1")).isEqualTo("2026-07-30 170");
      laoke
          .dealer()
          .services()
          .remove(
              "SO-1",
              UnitServiceReport.of("1", "CLEANING", at(DUE.plusDays(20))).unit(1).document("GD-1"));
      laoke.tick();
      assertThat(income(laoke, "SO-1")).isEqualTo("null null");

      // A contact begins the days anew; what a task was done by counts whenever it was.
      long id = laoke.task("SO-1");
      assertThat(tasks.find(id).orElseThrow().state()).isEqualTo(TaskState.OPEN);
      tasks.claim(id, "li");
      tasks.contacted(id, "li", ContactChannel.PHONE, ContactResult.REACHED, null);
      service(laoke, "SO-1", "GD-3", DUE.plusDays(42), 300);
      laoke.on(DUE.plusDays(43));
      assertThat(income(laoke, "SO-1")).isEqualTo("2026-08-21 300");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasPaidForAWholeLineCountsOnce(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(ReminderFixture.cleaning());
      laoke.sold("SO-1", "C1", 3);
      laoke.installed("SO-1", ReminderFixture.START);
      laoke.on(DUE);
      laoke
          .dealer()
          .services()
          .record(
              "SO-1", UnitServiceReport.of("1", "CLEANING", at(DUE)).document("GD-1").paidFen(900));
      laoke.tick();
      assertThat(laoke.rows("SELECT served, income_fen FROM {reminder_item}"))
          .containsExactly("2026-07-10 0", "2026-07-10 0", "2026-07-10 900");
      // By its task, however late: it was 100 days after.
      laoke.on(DUE.plusMonths(6));
      LocalDate late = DUE.plusMonths(6).plusDays(100);
      laoke.be(late);
      long id = laoke.task("SO-1");
      laoke.work().claim(id, "li");
      laoke.work().done(id, "li", ServiceDone.at(at(late)).paidFen(90));
      assertThat(laoke.rows("SELECT served, income_fen FROM {reminder_item} WHERE task_id = " + id))
          .containsExactly(late + " 30", late + " 30", late + " 30");
    }
  }

  private static void service(
      ReminderFixture laoke, String order, String document, LocalDate day, long fen) {
    laoke.be(ReminderRow.later(day, laoke.today()));
    laoke
        .dealer()
        .services()
        .record(
            order,
            UnitServiceReport.of("1", "CLEANING", at(day)).unit(1).document(document).paidFen(fen));
  }

  private static String income(ReminderFixture laoke, String order) {
    return laoke
        .rows(
            """
            SELECT i.served, i.income_fen FROM {reminder_item} i
            JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
            JOIN {customer_order} o ON o.dealer_id = u.dealer_id AND o.id = u.order_id
            WHERE o.order_no = '%s'"""
                .formatted(order))
        .get(0);
  }

  // ---- the host's transaction, people

  @ParameterizedTest
  @EnumSource
  void aCallIsPartOfTheHostsTransaction(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(2);
      long id = laoke.task("SO-1");
      List<String> before = laoke.everything();
      try (Connection connection = laoke.pool.getConnection()) {
        connection.setAutoCommit(false);
        Tasks joined = laoke.dealer().in(connection).reminders().tasks();
        joined.claim(id, "li");
        joined.book(id, "li", at(DUE), at(DUE.plusDays(1)), "上午");
        joined.workOrder(id, "GD-1");
        assertThatThrownBy(() -> joined.claim(id, "wang")).isInstanceOf(ConflictException.class);
        joined.done("GD-1", ServiceDone.at(at(DUE)));
        assertThat(joined.claimNext("wang", TaskQuery.todo())).isPresent();
        joined.leave("wang", null, "boss");
        assertThat(joined.find(id).orElseThrow().state()).isEqualTo(TaskState.DONE);
        connection.rollback();
      }
      assertThat(laoke.everything()).isEqualTo(before);
      assertThat(laoke.dealer().services().of("SO-1")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaffWroteDownGoesWithThePerson(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.due(2);
      Tasks tasks = laoke.work();
      for (String no : List.of("SO-1", "SO-2")) {
        long id = laoke.task(no);
        tasks.claim(id, "li");
        tasks.contacted(id, "li", ContactChannel.PHONE, ContactResult.LATER, "王女士在住院");
      }
      long member = laoke.dealer().members().find("C1").orElseThrow().id();
      assertThat(laoke.dealer().members().export(member).toString()).contains("王女士在住院");
      laoke.dealer().members().erase(member, "客服", "要求");
      assertThat(tasks.history(laoke.task("SO-1"))).noneMatch(event -> event.note().isPresent());
      assertThat(tasks.history(laoke.task("SO-2"))).anyMatch(event -> event.note().isPresent());
      Task gone = tasks.find(laoke.task("SO-1")).orElseThrow();
      assertThat(gone.state()).isEqualTo(TaskState.CLOSED);
      assertThat(gone.memberId()).isEmpty();
      assertThat(gone.contactName()).isEqualTo(Optional.empty());
      assertThat(laoke.rows("SELECT party FROM {reminder_task} WHERE id = " + gone.id()))
          .containsExactly("null");
    }
  }
}
