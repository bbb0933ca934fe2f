package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ToldCustomers.DUE;
import static io.laoke.reminder.ToldCustomers.steps;
import static io.laoke.reminder.ToldCustomers.toCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.laoke.DealerSettings;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.message.Inbound;
import io.laoke.message.Outbound;
import io.laoke.message.Reply;
import io.laoke.notice.NoticeTemplate;
import io.laoke.notice.WebRequest;
import io.laoke.notice.WebResponse;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Customers answer what they were told. */
class AnswersTest {
  private static final String WEB = "https://m.hengxin.example/laoke";
  private static final Instant FROM = at(DUE.plusDays(4)).minusSeconds(3 * 3600);
  private static final Instant TO = at(DUE.plusDays(4));

  /** The follower of SO-1 was told today, with a link. */
  private static ReminderFixture told(TestServer server) {
    ReminderFixture laoke = ToldCustomers.laoke(server, DealerSettings.defaults().webAddress(WEB));
    laoke.on(DUE);
    assertThat(laoke.platform.sent()).hasSize(1);
    return laoke;
  }

  private static String token(Outbound sent) {
    String url = sent.body().url().orElseThrow();
    assertThat(url).startsWith(WEB + "/s/");
    return url.substring(url.lastIndexOf('/') + 1);
  }

  private static String token(ReminderFixture laoke) {
    return token(laoke.platform.sent().get(laoke.platform.sent().size() - 1));
  }

  private static Answers answers(ReminderFixture laoke) {
    return laoke.dealer().reminders().answers();
  }

  private static List<String> history(ReminderFixture laoke, long task) {
    return laoke.work().history(task).stream()
        .map(
            one ->
                one.action()
                    + " "
                    + one.by()
                    + " "
                    + one.from().orElseThrow()
                    + ">"
                    + one.to().orElseThrow())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void aTimeIsBookedOnceAndTheHostIsTold(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      List<ReminderBooked> booked = new CopyOnWriteArrayList<>();
      laoke.engine(booked::add);
      String token = token(laoke);
      long task = laoke.task("SO-1");

      // As much as a variable of a text message takes.
      assertThat(token).hasSizeLessThanOrEqualTo(35);
      assertThat(answers(laoke).open(token))
          .isInstanceOfSatisfying(
              AnswerState.Open.class,
              open -> {
                assertThat(open.facts().service()).isEqualTo("油烟机清洗");
                assertThat(open.facts().due()).isEqualTo(DUE);
                assertThat(open.slots()).hasSize(28).contains(new Task.Slot(FROM, TO));
                assertThat(open.laterDays()).containsExactly(7, 30, 90);
                assertThat(open.assumed()).isEmpty();
              });
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.OPEN);

      Instant now = at(DUE);
      Instant behind = DUE.plusYears(1).plusDays(1).atStartOfDay(ReminderFixture.ZONE).toInstant();
      for (Instant wrong : List.of(Instant.MIN, now, behind, Instant.MAX.minusSeconds(60))) {
        assertThatThrownBy(() -> answers(laoke).book(token, wrong, wrong.plusSeconds(60)))
            .isInstanceOfSatisfying(
                InvalidInputException.class,
                refused -> assertThat(refused.field()).isEqualTo("from"));
      }
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.OPEN);

      assertThat(answers(laoke).book(token, FROM, TO))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              answered -> {
                assertThat(answered.applied()).isTrue();
                assertThat(answered.answer().slot()).hasValue(new Task.Slot(FROM, TO));
              });
      assertThat(answers(laoke).book(token, TO, TO.plusSeconds(60)))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              again -> {
                assertThat(again.applied()).isFalse();
                assertThat(again.answer().slot()).hasValue(new Task.Slot(FROM, TO));
              });
      assertThat(answers(laoke).decline(token))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              again -> assertThat(again.answer().word()).isEqualTo(AnswerWord.BOOK));

      laoke.engine(1).tick(at(DUE));
      assertThat(booked)
          .singleElement()
          .satisfies(one -> assertThat(one.task().booked()).hasValue(new Task.Slot(FROM, TO)));
      assertThat(history(laoke, task)).containsExactly("BOOKED customer OPEN>BOOKED");
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE ENDED ANSWERED");
      assertThat(toCall(laoke)).contains("SO-1");
      assertThat(laoke.strays()).isEmpty();

      laoke.work().workOrder(task, "GD-1");
      laoke.be(DUE.plusDays(4));
      assertThat(laoke.work().done("GD-1", ServiceDone.at(at(DUE.plusDays(4))).paidFen(12_000)))
          .isTrue();
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.DONE);
      laoke.on(DUE.plusDays(8));
      assertThat(laoke.platform.sent()).hasSize(1);
      ReportRow came =
          laoke.dealer().reminders().report(ReportQuery.month(YearMonth.from(DUE))).total();
      assertThat(List.of(came.booked(), came.done())).containsExactly(1L, 1L);
      assertThat(came.incomeFen()).isEqualTo(12_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWantsToBeAskedLaterIsToldAgainThenByANewLink(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String first = token(laoke);
      long task = laoke.task("SO-1");

      assertThat(answers(laoke).later(first, 30)).isInstanceOf(AnswerState.Answered.class);
      assertThat(answers(laoke).later(first, 7))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              again -> assertThat(again.answer().day()).hasValue(DUE.plusDays(30)));
      assertThat(laoke.work().list(TaskQuery.todo(), null, 9).tasks())
          .extracting(Task::id)
          .doesNotContain(task);
      laoke.on(DUE.plusDays(3));
      laoke.on(DUE.plusDays(29));
      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(toCall(laoke)).doesNotContain("SO-1");

      laoke.on(DUE.plusDays(30));
      assertThat(laoke.platform.sent()).hasSize(2);
      String second = token(laoke);
      assertThat(answers(laoke).open(first)).isInstanceOf(AnswerState.Answered.class);
      assertThat(answers(laoke).open(second)).isInstanceOf(AnswerState.Open.class);
      assertThat(answers(laoke).decline(second))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              one -> assertThat(one.answer().word()).isEqualTo(AnswerWord.DECLINE));
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(history(laoke, task))
          .containsExactly("SNOOZED customer OPEN>OPEN", "REFUSED customer OPEN>REFUSED");
      laoke.on(DUE.plusDays(40));
      assertThat(laoke.platform.sent()).hasSize(2);
      assertThat(laoke.strays()).isEmpty();
      assertThat(laoke.next("SO-1")).as("next dates come all the same").contains("2027-01-10");
    }
  }

  /** The engine that took the answer has a clock that is behind. */
  @Test
  void anAnswerIsThatOfItsMessageWhateverTheClocks() {
    try (ReminderFixture laoke = told(TestServer.H2)) {
      String token = token(laoke);
      answers(laoke).later(token, 30);
      laoke.write("UPDATE {reminder_answer} SET id = contact_id - 1");

      assertThat(answers(laoke).later(token, 7))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class, again -> assertThat(again.applied()).isFalse());
      assertThat(history(laoke, laoke.task("SO-1"))).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatElseComesDueIsNotPutOffWithIt(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      answers(laoke).later(token(laoke), 90);
      laoke.sold("SO-9", "C-SO-1", 1);
      laoke.installed("SO-9", ReminderFixture.START.plusDays(2));
      laoke.on(DUE.plusDays(1));
      assertThat(todo(laoke)).doesNotContain("SO-1");

      laoke.on(DUE.plusDays(2));
      assertThat(laoke.task("SO-9")).isEqualTo(laoke.task("SO-1"));
      assertThat(todo(laoke)).as("staff see it").contains("SO-1", "SO-9");
      laoke.on(DUE.plusDays(13));
      assertThat(laoke.platform.sent()).as("told thirteen days ago").hasSize(1);
      laoke.on(DUE.plusDays(14));
      assertThat(laoke.platform.sent()).hasSize(2);
      assertThat(answers(laoke).open(token(laoke)))
          .isInstanceOfSatisfying(
              AnswerState.Open.class, open -> assertThat(open.facts().count()).isEqualTo(2));
      answers(laoke).later(token(laoke), 60);

      laoke.sold("SO-10", "C-SO-1", 1);
      laoke.installed("SO-10", ReminderFixture.START.plusDays(30));
      laoke.on(ReminderFixture.START.plusDays(30).plusMonths(6));
      assertThat(todo(laoke)).contains("SO-10");
      assertThat(laoke.platform.sent()).as("the last time is long ago").hasSize(3);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  private static List<String> todo(ReminderFixture laoke) {
    return laoke.work().list(TaskQuery.todo(), null, 100).tasks().stream()
        .flatMap(task -> task.items().stream())
        .map(TaskItem::orderNo)
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void anInstallationThatWasAssumedIsCorrectedAndWhatIsNotDueGoes(TestServer server) {
    try (ReminderFixture laoke = assumed(server)) {
      String token = token(laoke);
      long task = laoke.task("SO-7");
      assertThat(answers(laoke).open(token))
          .isInstanceOfSatisfying(
              AnswerState.Open.class,
              open -> assertThat(open.assumed()).hasValue(ReminderFixture.START.plusDays(10)));
      LocalDate real = ReminderFixture.START.plusMonths(2);
      assertThatThrownBy(() -> answers(laoke).installed(token, laoke.today().plusDays(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("day");
      assertThatThrownBy(() -> answers(laoke).installed(token, ReminderFixture.START.minusDays(31)))
          .isInstanceOf(InvalidInputException.class);

      assertThat(answers(laoke).installed(token, real))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              answered -> assertThat(answered.answer().day()).hasValue(real));
      assertThat(answers(laoke).installed(token, real))
          .isInstanceOfSatisfying(
              AnswerState.Answered.class, again -> assertThat(again.applied()).isFalse());

      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.CLOSED);
      assertThat(history(laoke, task)).containsExactly("INSTALLED customer OPEN>CLOSED");
      assertThat(laoke.next("SO-7")).isEqualTo("installed 2026-03-10 + 6 months = 2026-09-10");
      assertThat(laoke.dealer().orders().find("SO-7").orElseThrow().stage())
          .isEqualTo(Stage.INSTALLED);
      int sent = laoke.platform.sent().size();
      laoke.on(laoke.today().plusDays(5));
      assertThat(laoke.platform.sent()).hasSize(sent);
      assertThat(laoke.strays()).isEmpty();
      laoke.on(real.plusMonths(6));
      assertThat(laoke.platform.sent()).hasSize(sent + 1);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  /** Delivered on the first day, taken for installed ten days later, and told. */
  private static ReminderFixture assumed(TestServer server) {
    ReminderFixture laoke = new ReminderFixture(server, DealerSettings.defaults().webAddress(WEB));
    laoke
        .dealer()
        .notices()
        .reminderTemplate(NoticeTemplate.of("T").field("thing1", "{service.name}"));
    laoke
        .rules()
        .put(
            ReminderRule.of(
                    "hood",
                    "kitchen/hood",
                    "CLEANING",
                    ServiceCycle.every(Period.ofMonths(6)).assumingInstalledAfter(10))
                .named("油烟机清洗"));
    laoke.sold("SO-7", "C7", 1);
    laoke
        .dealer()
        .orders()
        .advance("SO-7", StageReport.of(Stage.DELIVERED, at(ReminderFixture.START)));
    laoke.follows("o-7", "SO-7");
    laoke.tick();
    laoke.on(ReminderFixture.START.plusDays(10).plusMonths(6));
    assertThat(laoke.platform.sent()).isNotEmpty();
    return laoke;
  }

  @Test
  void whatIsDueAllTheSameStaysToBeAnswered() {
    try (ReminderFixture laoke = assumed(TestServer.H2)) {
      String token = token(laoke);
      LocalDate real = ReminderFixture.START.plusDays(4);

      assertThat(answers(laoke).installed(token, real))
          .isInstanceOfSatisfying(
              AnswerState.Open.class, open -> assertThat(open.assumed()).isEmpty());

      assertThat(laoke.work().find(laoke.task("SO-7")).orElseThrow().state())
          .isEqualTo(TaskState.OPEN);
      assertThat(answers(laoke).installed(token, real)).isInstanceOf(AnswerState.Open.class);
      assertThat(history(laoke, laoke.task("SO-7"))).hasSize(1);
      assertThat(
              answers(laoke)
                  .book(token, at(laoke.today().plusDays(2)), at(laoke.today().plusDays(3))))
          .isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofManyAnswersAtOnceOneCounts(TestServer server) throws Exception {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      laoke.engine(DealerSettings.defaults().webAddress(WEB));
      List<Callable<AnswerState>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        Answers of = laoke.engine(i % 2).dealer("hengxin").reminders().answers();
        Instant from = FROM.plusSeconds(60L * i);
        int days = i + 1;
        all.add(
            switch (i % 3) {
              case 0 -> () -> of.book(token, from, from.plusSeconds(3600));
              case 1 -> () -> of.later(token, days);
              default -> () -> of.decline(token);
            });
      }

      List<AnswerState> seen = AtOnce.all(all);

      assertThat(seen).hasSize(64).allMatch(AnswerState.Answered.class::isInstance);
      List<AnswerState.Answered> answered =
          seen.stream().map(AnswerState.Answered.class::cast).toList();
      assertThat(answered.stream().filter(AnswerState.Answered::applied)).hasSize(1);
      assertThat(answered.stream().map(AnswerState.Answered::answer).collect(Collectors.toSet()))
          .as("all see the same")
          .hasSize(1);
      assertThat(history(laoke, laoke.task("SO-1"))).hasSize(1);
      assertThat(laoke.count("reminder_answer")).isEqualTo(1);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  /** Customers answer while staff take tasks up and steps of ladders are taken. */
  @ParameterizedTest
  @EnumSource
  void answersStaffAndStepsTogetherLeaveOneTruth(TestServer server) throws Exception {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(server, DealerSettings.defaults().webAddress(WEB))) {
      for (int i = 3; i < 11; i++) {
        laoke.sold("SO-" + i, "C-SO-" + i, 1);
        laoke.installed("SO-" + i, ReminderFixture.START);
        laoke.follows("o-" + i, "SO-" + i);
      }
      laoke.tick();
      laoke.on(DUE);
      List<String> tokens = laoke.platform.sent().stream().map(AnswersTest::token).toList();
      assertThat(tokens).hasSize(9);
      laoke.be(DUE.plusDays(3));
      List<Callable<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        long task = laoke.task(i == 0 ? "SO-1" : "SO-" + (i + 2));
        all.add(() -> answers(laoke).decline(token) != null);
        all.add(() -> answers(laoke).later(token, 30) != null);
        all.add(
            () -> {
              try {
                laoke.work().claim(task, "P-7");
                return laoke.work().refused(task, "P-7", null);
              } catch (ConflictException answered) {
                return false;
              }
            });
      }
      for (int i = 0; i < 3; i++) {
        all.add(
            () -> {
              laoke.tick();
              return true;
            });
      }

      AtOnce.all(all);
      laoke.tick();

      assertThat(laoke.strays()).isEmpty();
      assertThat(
              laoke.rows(
                  """
                  SELECT task_id FROM {reminder_answer} GROUP BY task_id HAVING COUNT(*) > 1"""))
          .isEmpty();
      laoke.on(DUE.plusDays(33));
      laoke.tick();
      assertThat(
              laoke.rows(
                  """
                  SELECT c.id FROM {reminder_contact} c
                  JOIN {reminder_task} t ON t.dealer_id = c.dealer_id AND t.id = c.task_id
                  WHERE c.next_ms IS NOT NULL AND t.state = 'REFUSED'"""))
          .as("nobody is told of what was refused")
          .isEmpty();
      assertThat(laoke.platform.sent().stream().map(Outbound::to))
          .as("told at most once more, a month later")
          .allMatch(
              to -> laoke.platform.sent().stream().filter(one -> one.to().equals(to)).count() <= 2);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @Test
  void anotherProcessKnowsTheLinkAndNobodyElseCanMakeOne() {
    try (ReminderFixture laoke = told(TestServer.H2)) {
      String token = token(laoke);
      Answers elsewhere = laoke.over(laoke.pool).dealer("hengxin").reminders().answers();

      assertThat(elsewhere.open(token)).isInstanceOf(AnswerState.Open.class);
      for (int i = 0; i < token.length(); i++) {
        char other = token.charAt(i) == 'x' ? 'y' : 'x';
        String forged = token.substring(0, i) + other + token.substring(i + 1);
        assertThat(elsewhere.decline(forged)).isInstanceOf(AnswerState.Unknown.class);
      }
      for (String forged :
          List.of("", "-", token + "a", token.substring(1), "1-1-1-aaaaaaaaaaaaaaaa")) {
        assertThat(elsewhere.decline(forged)).isInstanceOf(AnswerState.Unknown.class);
      }
      assertThat(laoke.engine(0).dealer("hengxin").reminders().answers().open(token))
          .isInstanceOf(AnswerState.Open.class);
    }
  }

  @Test
  void aLinkEndsAndWhatStaffHaveSettledIsNotAnswered() {
    try (ReminderFixture laoke = told(TestServer.H2)) {
      String token = token(laoke);
      long task = laoke.task("SO-1");
      laoke.be(DUE.plusDays(30));
      assertThat(answers(laoke).open(token)).isInstanceOf(AnswerState.Open.class);
      laoke.be(DUE.plusDays(31));
      assertThat(answers(laoke).open(token)).isInstanceOf(AnswerState.Expired.class);
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Expired.class);

      laoke.be(DUE.plusDays(1));
      laoke.work().claim(task, "P-7");
      assertThat(answers(laoke).open(token)).as("in hand").isInstanceOf(AnswerState.Open.class);
      laoke.work().book(task, "P-7", FROM, TO, null);
      assertThat(answers(laoke).decline(token))
          .isInstanceOfSatisfying(
              AnswerState.Settled.class,
              settled -> assertThat(settled.booked()).hasValue(new Task.Slot(FROM, TO)));
      laoke.work().cancelBooking(task, "P-7", null);
      assertThat(answers(laoke).later(token, 7)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(task).orElseThrow())
          .satisfies(
              one -> {
                assertThat(one.assignee()).as("theirs to ask again").hasValue("P-7");
                assertThat(one.snoozedUntil()).hasValue(DUE.plusDays(8));
              });
      laoke.on(DUE.plusDays(9));
      assertThat(laoke.platform.sent()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasAnsweredAndGivenBackIsStillToBeCalled(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      long task = laoke.task("SO-1");
      laoke.work().claim(task, "P-7");
      answers(laoke).later(token(laoke), 7);
      laoke.work().release(task, "P-7");
      laoke.on(DUE.plusDays(6));
      assertThat(toCall(laoke)).doesNotContain("SO-1");
      laoke.on(DUE.plusDays(7));
      assertThat(toCall(laoke)).contains("SO-1");
    }
    try (ReminderFixture laoke = told(server)) {
      long task = laoke.task("SO-1");
      answers(laoke).book(token(laoke), FROM, TO);
      laoke.work().cancelBooking(task, "boss", null);
      laoke.work().claim(task, "P-7");
      laoke.work().release(task, "P-7");
      laoke.tick();
      assertThat(toCall(laoke)).contains("SO-1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWasToldOfWhatIsAnothersByNowAnswersNothing(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      long task = laoke.task("SO-1");
      laoke.work().claim(task, "P-7");
      laoke.dealer().orders().upsert(ReminderFixture.order("SO-1", "C9", 1));
      laoke.tick();
      assertThat(laoke.task("SO-1")).isEqualTo(task);

      assertThat(answers(laoke).open(token)).isInstanceOf(AnswerState.Expired.class);
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Expired.class);
      assertThat(says(laoke, "m1", "不需要")).isEmpty();
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.CLAIMED);

      String staffs = answers(laoke).token(task).orElseThrow();
      laoke.work().release(task, "P-7");
      laoke.tick();
      assertThat(toCall(laoke)).contains("SO-1");
      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(answers(laoke).book(staffs, FROM, TO)).isInstanceOf(AnswerState.Answered.class);
      assertThat(answers(laoke).open(token))
          .as("nor when somebody comes to them")
          .isInstanceOf(AnswerState.Expired.class);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  /** The customer's dates go to a task of whom they were merged into, and so does their answer. */
  @ParameterizedTest
  @EnumSource
  void whoIsMergedAfterTheyWereToldAnswersForWhereTheirDatesWent(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      long old = laoke.task("SO-1");
      laoke.dealer().members().put(MemberProfile.of("C-NEW"));
      merge(laoke, "C-NEW", "SO-1");
      assertThat(answers(laoke).open(token)).isInstanceOf(AnswerState.Open.class);
      laoke.tick();
      long task = laoke.task("SO-1");
      assertThat(task).isNotEqualTo(old);

      assertThat(answers(laoke).open(token))
          .isInstanceOfSatisfying(
              AnswerState.Open.class, open -> assertThat(open.facts().taskId()).isEqualTo(task));
      assertThat(answers(laoke).book(token, FROM, TO)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(task).orElseThrow().booked()).hasValue(new Task.Slot(FROM, TO));
      assertThat(laoke.work().find(old).orElseThrow().state()).isEqualTo(TaskState.CLOSED);
      assertThat(laoke.strays()).isEmpty();
      laoke.on(DUE.plusDays(10));
      assertThat(laoke.platform.sent()).as("and is told no further").hasSize(1);
    }
  }

  /** The survivor has a task of their own by then; what was answered is for staff to know. */
  @ParameterizedTest
  @EnumSource
  void whoIsMergedAfterAnAnswerIsCalledAndCanAnswerAnew(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      answers(laoke).later(token, 30);
      merge(laoke, "C-SO-2", "SO-1");
      laoke.tick();
      long task = laoke.task("SO-2");
      assertThat(laoke.task("SO-1")).isEqualTo(task);
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");

      assertThat(answers(laoke).open(token))
          .isInstanceOfSatisfying(
              AnswerState.Open.class, open -> assertThat(open.facts().count()).isEqualTo(2));
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(says(laoke, "m1", "不需要")).startsWith("您已回复过");
    }
  }

  /** A merge was a mistake: who was told answers for their own dates again, and nobody else's. */
  @ParameterizedTest
  @EnumSource
  void afterASplitTheLinkIsOfTheirOwnDates(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      long merge = merge(laoke, "C-SO-2", "SO-1");
      laoke.tick();
      long others = laoke.task("SO-2");
      assertThat(ofTask(laoke, token)).isEqualTo(others);
      split(laoke, merge);
      assertThat(answers(laoke).decline(token))
          .as("while it is still in the other's task")
          .isInstanceOf(AnswerState.Expired.class);
      assertThat(says(laoke, "m1", "不需要")).isEmpty();

      laoke.tick();
      long own = laoke.task("SO-1");
      assertThat(own).isNotEqualTo(others);
      assertThat(ofTask(laoke, token)).isEqualTo(own);
      for (long task : List.of(own, others)) {
        assertThat(ofTask(laoke, answers(laoke).token(task).orElseThrow())).isEqualTo(task);
      }
      assertThat(says(laoke, "m2", "不需要")).startsWith("好的");
      assertThat(laoke.work().find(own).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(laoke.work().find(others).orElseThrow().state()).isEqualTo(TaskState.OPEN);
      assertThat(answers(laoke).book(token, FROM, TO))
          .as("what they have said stays said")
          .isInstanceOfSatisfying(
              AnswerState.Answered.class,
              answered -> assertThat(answered.answer().word()).isEqualTo(AnswerWord.DECLINE));
      assertThat(laoke.work().find(others).orElseThrow().state()).isEqualTo(TaskState.OPEN);
      assertThat(laoke.strays()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWasMergedIntoOneWithoutDatesHasTheirsAgainAfterASplit(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      laoke.dealer().members().put(MemberProfile.of("C-NEW"));
      long merge = merge(laoke, "C-NEW", "SO-1");
      laoke.tick();
      String staffs = answers(laoke).token(laoke.task("SO-1")).orElseThrow();
      split(laoke, merge);
      laoke.tick();

      long own = laoke.task("SO-1");
      assertThat(ofTask(laoke, token)).isEqualTo(own);
      assertThat(answers(laoke).open(staffs)).isNotInstanceOf(AnswerState.Open.class);
      assertThat(answers(laoke).book(token, FROM, TO)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(own).orElseThrow().booked()).hasValue(new Task.Slot(FROM, TO));
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(own).orElseThrow().state()).isEqualTo(TaskState.BOOKED);
    }
  }

  /** The task is the survivor's all along, the message went to the openid of the other. */
  @ParameterizedTest
  @EnumSource
  void whatWasToldWhileTheyWereOneIsOfWhoseOpenidItWas(TestServer server) {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(server, DealerSettings.defaults().webAddress(WEB))) {
      long merge = merge(laoke, "C-SO-2", "SO-1");
      laoke.on(DUE);
      String token = token(laoke);
      long task = laoke.task("SO-2");
      assertThat(ofTask(laoke, token)).isEqualTo(task);
      split(laoke, merge);
      laoke.tick();

      long own = laoke.task("SO-1");
      assertThat(own).isNotEqualTo(task);
      assertThat(ofTask(laoke, token)).isEqualTo(own);
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(own).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.OPEN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void afterASplitTheReplyToATextMessageIsOfTheirOwnDates(TestServer server) {
    try (ReminderFixture laoke = ToldCustomers.laoke(server)) {
      ToldCustomers.text(laoke, "您的${items}该${service}了，回复“预约”，我们给您打电话。");
      laoke.on(DUE);
      long merge = merge(laoke, "C-SO-1", "SO-2");
      laoke.tick();
      split(laoke, merge);
      laoke.tick();
      long others = laoke.task("SO-1");
      long own = laoke.task("SO-2");
      assertThat(own).isNotEqualTo(others);

      laoke
          .engine(0)
          .receive(
              "sms1", new Inbound.SmsReply("r1", at(laoke.today()), "13800000002", "恒信电器", "不需要"));
      assertThat(laoke.work().find(own).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(laoke.work().find(others).orElseThrow().state()).isEqualTo(TaskState.OPEN);
    }
  }

  /** No message says for whom it is: staff made it for whom the task concerned then. */
  @ParameterizedTest
  @EnumSource
  void afterASplitTheLinkOfStaffIsOfWhomItWasMadeFor(TestServer server) {
    try (ReminderFixture laoke =
        new ReminderFixture(server, DealerSettings.defaults().webAddress(WEB))) {
      laoke.due(2);
      String first = answers(laoke).token(laoke.task("SO-1")).orElseThrow();
      String second = answers(laoke).token(laoke.task("SO-2")).orElseThrow();
      long merge = merge(laoke, "C1", "SO-2");
      laoke.tick();
      long others = laoke.task("SO-1");
      assertThat(laoke.task("SO-2")).isEqualTo(others);
      assertThat(ofTask(laoke, second)).as("one and the same now").isEqualTo(others);
      String both = answers(laoke).token(others).orElseThrow();

      split(laoke, merge);
      laoke.tick();
      long own = laoke.task("SO-2");
      assertThat(own).isNotEqualTo(others);
      assertThat(ofTask(laoke, first)).isEqualTo(others);
      assertThat(ofTask(laoke, second)).isEqualTo(own);
      assertThat(ofTask(laoke, both)).as("for the one whom it concerned").isEqualTo(others);
      assertThat(answers(laoke).open(second.replaceFirst("-[^-]*-(?=.{14}$)", "-1-")))
          .as("made for somebody else")
          .isInstanceOf(AnswerState.Unknown.class);
      assertThat(answers(laoke).decline(second)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(own).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(laoke.work().find(others).orElseThrow().state()).isEqualTo(TaskState.OPEN);
    }
  }

  private static long ofTask(ReminderFixture laoke, String token) {
    AnswerState state = answers(laoke).open(token);
    assertThat(state).isInstanceOf(AnswerState.Open.class);
    return ((AnswerState.Open) state).facts().taskId();
  }

  private static long merge(ReminderFixture laoke, String survivor, String orderNo) {
    long kept = laoke.dealer().members().find(survivor).orElseThrow().id();
    long other = laoke.dealer().orders().find(orderNo).orElseThrow().memberId().orElseThrow();
    return laoke.dealer().members().merge(kept, other, "M", "same").id();
  }

  private static void split(ReminderFixture laoke, long merge) {
    laoke.dealer().members().split(merge, "M", "not the same after all");
  }

  /** Its dates go to a task of somebody else. */
  @ParameterizedTest
  @EnumSource
  void whoWasToldOfWhatWentToAnothersTaskAnswersNothing(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      laoke.dealer().orders().upsert(ReminderFixture.order("SO-1", "C-SO-2", 1));
      laoke.tick();
      long task = laoke.task("SO-1");
      assertThat(task).isEqualTo(laoke.task("SO-2"));

      assertThat(answers(laoke).open(token)).isInstanceOf(AnswerState.Settled.class);
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Settled.class);
      assertThat(says(laoke, "m1", "不需要")).isEmpty();
      assertThat(laoke.work().find(task).orElseThrow().state()).isEqualTo(TaskState.OPEN);
    }
  }

  /**
   * Two kinds of one hood, and what was missed of one of them; the message goes out all the same.
   */
  @ParameterizedTest
  @EnumSource
  void oneHoodIsOnePieceHoweverManyOfItsServicesAreDue(TestServer server) {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(server, DealerSettings.defaults().webAddress(WEB))) {
      ToldCustomers.text(laoke, "您的${items}该${service}了，回电预约。");
      laoke
          .rules()
          .put(
              ReminderRule.of(
                      "check", "kitchen/hood", "CHECK", ServiceCycle.every(Period.ofMonths(6)))
                  .named("检修"));
      laoke.tick();
      laoke.on(DUE);
      assertThat(laoke.dealer().reminders().of("SO-1")).as("dates of one hood").hasSize(2);

      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(laoke.platform.sent().get(0).body().fields().get("thing2").value())
          .isEqualTo("商品");
      assertThat(laoke.sms.sent()).hasSize(1);
      assertThat(laoke.sms.sent().get(0).values()).containsEntry("items", "商品");
      assertThat(answers(laoke).open(token(laoke)))
          .isInstanceOfSatisfying(
              AnswerState.Open.class,
              open -> {
                assertThat(open.facts().count()).isEqualTo(1);
                assertThat(open.facts().items()).isEqualTo("商品");
                assertThat(open.facts().service()).contains("检修", "油烟机清洗");
              });

      laoke.on(DUE.plusMonths(6)); // the second date of either
      assertThat(answers(laoke).open(answers(laoke).token(laoke.task("SO-1")).orElseThrow()))
          .isInstanceOfSatisfying(
              AnswerState.Open.class, open -> assertThat(open.facts().count()).isEqualTo(1));
      assertThat(laoke.work().find(laoke.task("SO-1")).orElseThrow().items())
          .as("services of the one piece")
          .hasSizeGreaterThan(2);
    }
  }

  @Test
  void whatWaitsToBeSentIsStoppedByAnAnswer() {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(TestServer.H2, DealerSettings.defaults().webAddress(WEB))) {
      ToldCustomers.held(laoke);
      long task = laoke.task("SO-1");
      String token = answers(laoke).token(task).orElseThrow();
      assertThat(answers(laoke).link(task)).hasValue(WEB + "/s/" + token);

      answers(laoke).later(token, 7);
      ToldCustomers.tickAt(laoke, DUE, 14);

      assertThat(laoke.platform.sent()).as("no second try").hasSize(1);
      assertThat(laoke.dealer().deliveries().decisions("SO-1").toString()).contains("ANSWERED");
      laoke.on(DUE.plusDays(7));
      assertThat(laoke.platform.sent()).hasSize(2);
      answers(laoke).decline(answers(laoke).token(task).orElseThrow());
      assertThat(answers(laoke).token(task)).as("nothing more to answer").isEmpty();
    }
  }

  @Test
  void theWordsOfATextMessageHaveTheToken() {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(TestServer.H2, DealerSettings.defaults().webAddress(WEB))) {
      ToldCustomers.text(
          laoke, "您的${items}该${service}了，点 https://m.hengxin.example/laoke/s/${answer} 预约。", 40);
      laoke.on(DUE);

      String token = laoke.sms.sent().get(0).values().get("answer");
      assertThat(answers(laoke).decline(token)).isInstanceOf(AnswerState.Answered.class);
      assertThat(laoke.work().find(laoke.task("SO-2")).orElseThrow().state())
          .isEqualTo(TaskState.REFUSED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplyToATextMessageAnswersIt(TestServer server) {
    try (ReminderFixture laoke = ToldCustomers.laoke(server)) {
      ToldCustomers.text(laoke, "您的${items}该${service}了，回复“预约”，我们给您打电话。");
      laoke.on(DUE);
      laoke.on(DUE.plusDays(3));
      assertThat(toCall(laoke)).containsExactly("SO-2");
      long task = laoke.task("SO-2");

      for (String key : List.of("r1", "r2")) {
        laoke
            .engine(0)
            .receive(
                "sms1",
                new Inbound.SmsReply(key, at(laoke.today()), "13800000002", "恒信电器", "稍后 2周"));
      }

      assertThat(history(laoke, task)).containsExactly("SNOOZED customer OPEN>OPEN");
      assertThat(toCall(laoke)).doesNotContain("SO-2");
      laoke.on(DUE.plusDays(17));
      assertThat(toCall(laoke)).as("told again first").doesNotContain("SO-2");
      assertThat(steps(laoke, "SO-2").get(4)).isEqualTo("SMS TOLD");
    }
  }

  @Test
  void aTokenThatHasNoRoomInATextIsNotCut() {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(TestServer.H2, DealerSettings.defaults().webAddress(WEB))) {
      ToldCustomers.text(
          laoke, "您的${items}该${service}了，点 https://m.hengxin.example/laoke/s/${answer} 预约。", 20);
      laoke.on(DUE);

      assertThat(laoke.sms.sent()).isEmpty();
      assertThat(steps(laoke, "SO-2").get(1)).startsWith("SMS ENDED");
      assertThat(toCall(laoke)).containsExactly("SO-2");
    }
  }

  @Test
  void aHostsOwnPageGetsTheToken() {
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2)) {
      laoke
          .dealer()
          .notices()
          .reminderTemplate(
              NoticeTemplate.of("T-CARE")
                  .field("thing1", "{service.name}")
                  .url("https://erp.example/a?t={service.answer}"));
      laoke.on(DUE);

      String url = laoke.platform.sent().get(0).body().url().orElseThrow();
      assertThat(answers(laoke).open(url.substring(url.indexOf('=') + 1)))
          .isInstanceOf(AnswerState.Open.class);
    }
  }

  // ---- the page

  private static WebResponse get(ReminderFixture laoke, String token) {
    return laoke
        .engine(0)
        .web()
        .handle(WebRequest.of("GET", "/laoke/s/" + token, null, Map.of(), new byte[0]));
  }

  private static WebResponse post(ReminderFixture laoke, String token, String... form) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < form.length; i += 2) {
      body.append(form[i])
          .append('=')
          .append(URLEncoder.encode(form[i + 1], StandardCharsets.UTF_8))
          .append('&');
    }
    return laoke
        .engine(0)
        .web()
        .handle(
            WebRequest.of(
                "POST",
                "/laoke/s/" + token,
                null,
                Map.of(
                    "Content-Type", List.of("application/x-www-form-urlencoded"),
                    "Sec-Fetch-Site", List.of("same-origin")),
                body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(WebResponse page) {
    return new String(page.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void thePageBooksATimeByPostAndNothingByLooking(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      String token = token(laoke);
      WebResponse page = get(laoke, token);
      assertThat(page.status()).isEqualTo(200);
      assertThat(text(page))
          .contains("油烟机清洗", "预约上门时间", "7月14日 星期二 9:00–12:00", "7 天后再提醒我", "这次不需要")
          .contains(" · 7月10日到期")
          .doesNotContain("已安装", "C-SO-1");
      LocalDate due = LocalDate.of(2026, 7, 10);
      assertThat(AnswerPages.day(due, due.plusYears(1)))
          .as("a year of which nobody would think")
          .isEqualTo("2026年7月10日");
      assertThat(get(laoke, token).headers()).containsEntry("Cache-Control", List.of("no-store"));
      String slot = FROM.getEpochSecond() + "-" + TO.getEpochSecond();

      assertThat(post(laoke, token, "do", "book", "slot", "1-2").status()).isEqualTo(422);
      assertThat(post(laoke, token, "do", "later", "days", "x").status()).isEqualTo(422);
      assertThat(post(laoke, token, "do", "nothing").status()).isEqualTo(422);
      assertThat(laoke.count("reminder_answer")).isZero();

      WebResponse booked = post(laoke, token, "do", "book", "slot", slot);
      assertThat(booked.status()).isEqualTo(303);
      assertThat(booked.headers()).containsEntry("Location", List.of(WEB + "/s/" + token));
      assertThat(text(get(laoke, token))).contains("已预约", "7月14日 星期二 9:00–12:00");
      assertThat(post(laoke, token, "do", "decline").status()).isEqualTo(303);
      assertThat(text(get(laoke, token))).contains("已预约");
      assertThat(history(laoke, laoke.task("SO-1"))).hasSize(1);
      assertThat(get(laoke, token.substring(0, token.length() - 1) + "!").status()).isEqualTo(404);
    }
  }

  @Test
  void anotherSitesPageAnswersNothing() {
    try (ReminderFixture laoke = told(TestServer.H2)) {
      String token = token(laoke);
      WebResponse page =
          laoke
              .engine(0)
              .web()
              .handle(
                  WebRequest.of(
                      "POST",
                      "/laoke/s/" + token,
                      null,
                      Map.of(
                          "Content-Type", List.of("application/x-www-form-urlencoded"),
                          "Sec-Fetch-Site", List.of("cross-site")),
                      "do=decline".getBytes(StandardCharsets.UTF_8)));
      assertThat(page.status()).isEqualTo(200);
      assertThat(answers(laoke).open(token)).isInstanceOf(AnswerState.Open.class);
      laoke.be(DUE.plusDays(31));
      assertThat(text(get(laoke, token))).contains("链接已过期");
    }
  }

  @Test
  void thePageCorrectsAnInstallationAndAsksToBeCalled() {
    try (ReminderFixture laoke = assumed(TestServer.H2)) {
      String token = token(laoke);
      assertThat(text(get(laoke, token))).contains("已安装", "1月20日", "type=\"date\"");
      assertThat(text(post(laoke, token, "do", "installed", "day", "2999-01-01")))
          .contains("请填写正确的安装日期");
      assertThat(toCall(laoke)).isEmpty();
      assertThat(post(laoke, token, "do", "call").status()).isEqualTo(303);
      assertThat(post(laoke, token, "do", "call").status()).isEqualTo(303);
      assertThat(text(get(laoke, token))).contains("他们会打电话和您约时间");
      assertThat(toCall(laoke)).containsExactly("SO-7");
      assertThat(history(laoke, laoke.task("SO-7"))).containsExactly("ASKED customer OPEN>OPEN");
      laoke.on(laoke.today().plusDays(4));
      assertThat(laoke.sms.sent()).isEmpty();

      assertThat(post(laoke, token, "do", "installed", "day", "2026-03-10").status())
          .isEqualTo(303);
      assertThat(text(get(laoke, token))).contains("已更正安装日期", "3月10日");
      assertThat(toCall(laoke)).isEmpty();
    }
  }

  // ---- texts

  private static String says(ReminderFixture laoke, String key, String text) {
    return says(laoke, key, "o-1", text);
  }

  private static String says(ReminderFixture laoke, String key, String openid, String text) {
    Reply reply =
        laoke.engine(0).receive("wx1", new Inbound.Said(key, at(laoke.today()), openid, text));
    return reply instanceof Reply.Text words ? words.text() : "";
  }

  @ParameterizedTest
  @EnumSource
  void aWordAnswersOnceHoweverOftenItIsTold(TestServer server) {
    try (ReminderFixture laoke = told(server)) {
      assertThat(says(laoke, "m1", "请问几点下班")).isEmpty();
      assertThat(says(laoke, "m2", "不需要发票")).isEmpty();
      assertThat(says(laoke, "m3", "o-2", "不需要")).as("nobody told them").isEmpty();

      String first = says(laoke, "m4", "稍后30天");
      assertThat(first).isEqualTo("好的，油烟机清洗8月9日再提醒您。");
      assertThat(says(laoke, "m4", "稍后30天")).isEqualTo(first);
      assertThat(says(laoke, "m5", "不需要")).isEqualTo("您已回复过：" + first);
      assertThat(history(laoke, laoke.task("SO-1"))).containsExactly("SNOOZED customer OPEN>OPEN");

      laoke.on(DUE.plusDays(30));
      assertThat(laoke.platform.sent()).hasSize(2);
      assertThat(says(laoke, "m6", " 不需要。")).isEqualTo("好的，这次油烟机清洗不再提醒。");
      assertThat(laoke.work().find(laoke.task("SO-1")).orElseThrow().state())
          .isEqualTo(TaskState.REFUSED);
    }
  }

  @Test
  void whoWantsATimeIsCalledAndShownWhereToChooseOne() {
    try (ReminderFixture laoke = told(TestServer.H2)) {
      String reply = says(laoke, "m1", "预约");
      assertThat(reply).contains("会打电话和您约油烟机清洗的时间", WEB + "/s/");
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
      assertThat(says(laoke, "m2", "预约")).isEqualTo(reply);
      assertThat(history(laoke, laoke.task("SO-1"))).containsExactly("ASKED customer OPEN>OPEN");
      String token = reply.substring(reply.lastIndexOf('/') + 1);
      assertThat(answers(laoke).book(token, FROM, TO)).isInstanceOf(AnswerState.Answered.class);
      assertThat(says(laoke, "m3", "稍后")).contains("您已回复过", "7月14日 星期二 9:00–12:00");
    }
  }

  @Test
  void ofSeveralTheNumberSaysWhich() {
    try (ReminderFixture laoke = told(TestServer.H2)) {
      laoke.work().claim(laoke.task("SO-1"), "P-7");
      laoke.sold("SO-9", "C-SO-1", 1);
      laoke.installed("SO-9", ReminderFixture.START.plusDays(2));
      laoke.on(DUE.plusDays(2));
      assertThat(laoke.platform.sent()).hasSize(2);
      long newest = laoke.task("SO-9");

      assertThat(says(laoke, "m1", "不需要"))
          .startsWith("您有 2 项服务待回复：\n1. 油烟机清洗")
          .endsWith("请在“不需要”后面加上编号，例如“不需要1”。");
      assertThat(says(laoke, "m2", "不需要3")).startsWith("您有 2 项服务待回复");
      assertThat(says(laoke, "m3", "不需要 1")).contains("不再提醒");
      assertThat(laoke.work().find(newest).orElseThrow().state()).isEqualTo(TaskState.REFUSED);
      assertThat(says(laoke, "m4", "不需要")).contains("不再提醒");
      assertThat(laoke.work().find(laoke.task("SO-1")).orElseThrow().state())
          .isEqualTo(TaskState.REFUSED);
    }
  }

  /** Nobody can be asked in return by a text message. */
  @Test
  void ofSeveralAReplyToATextMessageAnswersTheLast() {
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2)) {
      ToldCustomers.text(laoke, "您的${items}该${service}了，回复“预约”，我们给您打电话。");
      laoke.on(DUE);
      long first = laoke.task("SO-2");
      laoke.work().claim(first, "P-7");
      laoke.sold("SO-9", "C-SO-2", 1);
      laoke.installed("SO-9", ReminderFixture.START.plusDays(2));
      laoke.on(DUE.plusDays(2));
      assertThat(laoke.sms.sent()).hasSize(2);

      laoke
          .engine(0)
          .receive(
              "sms1", new Inbound.SmsReply("r1", at(laoke.today()), "13800000002", "恒信电器", "不需要"));
      assertThat(laoke.work().find(laoke.task("SO-9")).orElseThrow().state())
          .isEqualTo(TaskState.REFUSED);
      assertThat(laoke.work().find(first).orElseThrow().state()).isEqualTo(TaskState.CLAIMED);
    }
  }

  /** The orders are told one after the other; one of them has just lost a unit. */
  @Test
  void aTextThatCannotBeTakenLeavesNothingHalf() {
    try (ReminderFixture laoke = assumed(TestServer.H2)) {
      laoke.sold("SO-8", "C7", 2);
      laoke
          .dealer()
          .orders()
          .advance("SO-8", StageReport.of(Stage.DELIVERED, at(ReminderFixture.START)));
      laoke.tick();
      laoke.tick();
      assertThat(laoke.task("SO-8")).isEqualTo(laoke.task("SO-7"));
      laoke.sold("SO-8", "C7", 1);

      assertThatThrownBy(() -> says(laoke, "m1", "o-7", "已安装3月10日"))
          .isInstanceOf(LaokeException.class);
      assertThat(laoke.dealer().orders().find("SO-7").orElseThrow().stage())
          .isEqualTo(Stage.DELIVERED);
      laoke.tick();
      assertThat(says(laoke, "m1", "o-7", "已安装3月10日")).as("told again").contains("已更正安装日期");
      assertThat(laoke.dealer().orders().find("SO-8").orElseThrow().stage())
          .isEqualTo(Stage.INSTALLED);
    }
  }

  @Test
  void anInstallationIsCorrectedByATextWithItsDay() {
    try (ReminderFixture laoke = assumed(TestServer.H2)) {
      assertThat(says(laoke, "m1", "o-7", "已安装")).contains("请告诉我们安装日期");
      assertThat(says(laoke, "m2", "o-7", "已安装 7月25日")).contains("安装日期不对");
      assertThat(says(laoke, "m3", "o-7", "已安装3月10日")).isEqualTo("已更正安装日期为3月10日，谢谢！油烟机清洗到期时再提醒您。");
      assertThat(laoke.next("SO-7")).isEqualTo("installed 2026-03-10 + 6 months = 2026-09-10");
    }
  }

  @Test
  void aDealersOwnWordsAndNoOthers() {
    DealerSettings settings = DealerSettings.defaults();
    settings =
        settings.reminders(
            settings
                .reminders()
                .withAnswers(
                    AnswerSettings.standard()
                        .withWords(AnswerWord.DECLINE, "N")
                        .withWords(AnswerWord.LATER, "ＯＫ！")
                        .withLaterDays(3)));
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2, settings)) {
      laoke.on(DUE);
      assertThat(says(laoke, "m1", "不需要")).isEmpty();
      assertThat(says(laoke, "m2", "预约")).doesNotContain("http");
      assertThat(says(laoke, "m3", "n")).isEmpty();
      assertThat(says(laoke, "m5", "OK 500天")).isEmpty();
      assertThat(says(laoke, "m6", "OK")).contains("再提醒您");
      laoke.on(DUE.plusDays(3));
      assertThat(says(laoke, "m4", "Ｎ！")).contains("不再提醒");
    }
  }

  @Test
  void aWordThatRefusesMarketingIsNoAnswerUnlessTheDealerSaysSo() {
    DealerSettings settings = DealerSettings.defaults();
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2, settings)) {
      laoke.on(DUE);
      assertThat(says(laoke, "m1", "退订")).contains("已为您退订");
      assertThat(laoke.work().find(laoke.task("SO-1")).orElseThrow().state())
          .isEqualTo(TaskState.OPEN);
      assertThat(says(laoke, "m2", "不需要")).contains("不再提醒");
      assertThat(consents(laoke)).containsExactly("MARKETING false");
    }
    settings =
        settings.reminders(
            settings
                .reminders()
                .withAnswers(AnswerSettings.standard().withWords(AnswerWord.DECLINE, "退订")));
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2, settings)) {
      laoke.on(DUE);
      assertThat(says(laoke, "m1", "退订")).contains("已为您退订");
      assertThat(laoke.work().find(laoke.task("SO-1")).orElseThrow().state())
          .isEqualTo(TaskState.REFUSED);
      assertThat(consents(laoke)).containsExactly("MARKETING false");
    }
  }

  private static List<String> consents(ReminderFixture laoke) {
    Members members = laoke.dealer().members();
    return members.consents(members.byOpenid("wx1", "o-1").orElseThrow().id()).stream()
        .map(one -> one.purpose() + " " + one.given())
        .toList();
  }

  @Test
  void settingsAreKeptAsTheyWere() {
    AnswerSettings own =
        AnswerSettings.standard()
            .withLinkDays(9)
            .withHours()
            .withDays(0, 3)
            .withLaterDays(1, 2)
            .withWords(AnswerWord.BOOK)
            .withWords(AnswerWord.LATER, "等等", "以后");
    assertThat(AnswerSettings.restored(own.stored())).isEqualTo(own);
    assertThat(AnswerSettings.restored(AnswerSettings.standard().stored()))
        .isEqualTo(AnswerSettings.standard());
    assertThat(AnswerSettings.standard().words())
        .hasEntrySatisfying(AnswerWord.BOOK, words -> assertThat(words).contains("预约"));
    assertThatThrownBy(() -> own.withWords(AnswerWord.DECLINE, "以后"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("以后");
    assertThat(List.of(tuple(AnswerText.read("稍后 2周", AnswerSettings.standard().words(), DUE))))
        .containsExactly(
            tuple(java.util.Optional.of(new AnswerText(AnswerWord.LATER, 0, 14, null))));
  }
}
