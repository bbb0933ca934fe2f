package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.UnitServiceReport;
import io.laoke.reminder.ReportQuery.Part;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import org.junit.jupiter.api.Test;

/** The guide's part about reminders, whose code is cut from here. */
class ReminderGuideTest {
  @Test
  void aRuleIsTriedPutAndFollowed() {
    try (ReminderFixture fixture = new ReminderFixture(TestServer.H2)) {
      fixture.sold("SO-1001", "C1", 1);
      fixture.installed("SO-1001", LocalDate.of(2026, 1, 31));
      Laoke laoke = fixture.engine(0);
      Dealer dealer = fixture.dealer();
      fixture.be(LocalDate.of(2026, 2, 1));
      Instant now = at(fixture.today());
      // begin guide-reminders
      ReminderRule rule =
          ReminderRule.of(
                  "hood", // the dealer's own code of the rule
                  "kitchen/hood", // and whatever is below it
                  "CLEANING", // as services are recorded
                  ServiceCycle.every(Period.ofMonths(6))
                      .from(Basis.INSTALLED, Basis.DELIVERED)
                      .leadDays(14))
              .named("油烟机清洗");
      ReminderRules rules = dealer.reminders().rules();
      System.out.println(rules.dryRun(rule).toChinese()); // 0 个提醒改期，0 个取消，1 个新增
      rules.put(rule); // or put(ReminderRuleJson.read(json))
      laoke.tick(now); // or laoke.start(): units get their dates

      for (UnitReminder next : dealer.reminders().of("SO-1001")) {
        System.out.println(next.next().toEnglish());
        // installed 2026-01-31 + 6 months = 2026-07-31; contact 14 days before, from 2026-07-17
      }
      dealer
          .services()
          .record(
              "SO-1001", UnitServiceReport.of("1", "CLEANING", now).document("GD-77").paid("120"));
      // end guide-reminders
      assertThat(fixture.next("SO-1001"))
          .startsWith("last service 2026-02-01 + 6 months = 2026-08-01");
      assertThat(rules.progress("hood").orElseThrow().effect()).isEqualTo(new RuleEffect(0, 0, 1));
    }
  }

  @Test
  void customersAreTold() {
    try (ReminderFixture fixture = new ReminderFixture(TestServer.H2)) {
      Laoke laoke = fixture.engine(0);
      Dealer dealer = fixture.dealer();
      fixture.sold("SO-1001", "C1", 1);
      fixture.installed("SO-1001", LocalDate.of(2026, 1, 31));
      fixture.follows("o-1", "SO-1001");
      ReminderRule rule = ReminderFixture.cleaning().named("油烟机清洗");
      // begin guide-contact
      dealer
          .notices()
          .reminderTemplate(
              NoticeTemplate.of("TPL-CARE") // its id in the account
                  .field("thing1", "{service.name}")
                  .field("thing2", "{service.items}")
                  .field("time3", "{service.due}"));
      dealer
          .reminders()
          .rules()
          .put(
              rule.contact(
                  ContactPlan.auto().steps(ContactStep.TEMPLATE, ContactStep.CALL).silenceDays(2)));
      // end guide-contact
      laoke.tick(at(LocalDate.of(2026, 2, 1)));
      laoke.tick(at(LocalDate.of(2026, 7, 31)));
      assertThat(fixture.platform.sent()).hasSize(1);
      assertThat(fixture.platform.sent().get(0).body().fields().get("thing1").value())
          .isEqualTo("油烟机清洗");
    }
  }

  @Test
  void staffWorkOnWhatCameDue() throws Exception {
    try (ReminderFixture fixture = new ReminderFixture(TestServer.H2)) {
      LocalDate due = fixture.due(1);
      Dealer dealer = fixture.dealer();
      Instant tomorrow = at(due.plusDays(1));
      fixture.be(due.plusDays(1)); // as it is once that is done
      StringBuilder file = new StringBuilder();
      // begin guide-tasks
      Tasks tasks = dealer.reminders().tasks();
      TaskQuery mine = TaskQuery.todo().store("S1");
      Task task = tasks.claimNext("P-7", mine).orElseThrow(); // for 30 minutes nobody else's
      System.out.println(task.items().get(0).why().orElseThrow().toChinese());
      // 安装 2026-01-10 + 6个月 = 2026-07-10
      tasks.contacted(task.id(), "P-7", ContactChannel.PHONE, ContactResult.REACHED, "下午在家");
      tasks.book(task.id(), "P-7", tomorrow, tomorrow.plus(Duration.ofHours(2)), null);

      tasks.workOrder(task.id(), "GD-1001"); // the ERP's answer to what BookingListener tells
      tasks.done("GD-1001", ServiceDone.at(tomorrow).paidFen(12_000).technician("赵师傅"));

      for (TaskEvent event : tasks.history(task.id())) {
        System.out.println(event.by() + " " + event.action() + " " + event.detail());
      }
      tasks.exportCsv(TaskQuery.todo().overdue(), file); // any Appendable, such as a Writer
      // end guide-tasks
      assertThat(tasks.find(task.id()).orElseThrow().state()).isEqualTo(TaskState.DONE);
      assertThat(tasks.history(task.id()))
          .extracting(TaskEvent::action)
          .containsExactly(
              TaskEvent.Action.CLAIMED,
              TaskEvent.Action.CONTACTED,
              TaskEvent.Action.BOOKED,
              TaskEvent.Action.WORK_ORDER,
              TaskEvent.Action.DONE);
      assertThat(task.items().get(0).why().orElseThrow().toChinese())
          .isEqualTo("安装 2026-01-10 + 6个月 = 2026-07-10");
      assertThat(fixture.next("SO-1")).isEqualTo("last service 2026-07-11 + 6 months = 2027-01-11");
      assertThat(file.toString()).startsWith("task_id,");
    }
  }

  @Test
  void whatCameOfItAndWhatIsToCome() throws Exception {
    try (ReminderFixture fixture = new ReminderFixture(TestServer.H2)) {
      fixture.due(3);
      Dealer dealer = fixture.dealer();
      StringBuilder file = new StringBuilder();
      // begin guide-report
      YearMonth july = YearMonth.of(2026, 7);
      ReportQuery query = ReportQuery.months(july, july.plusMonths(2)).by(Part.MONTH, Part.STAFF);
      for (ReportRow row : dealer.reminders().report(query).rows()) {
        System.out.println(row.staff().orElse("-") + ": " + row.done() + " of " + row.due());
      }
      dealer.reminders().report(query).writeCsv(file);

      Forecast forecast =
          dealer.reminders().forecast(ForecastQuery.ninetyDays().capacity(20).capacity("S1", 35));
      for (ForecastDay day : forecast.days()) {
        System.out.println(day.day() + ": " + day.planned() + ", " + day.over() + " too many");
      }
      // end guide-report
      assertThat(file.toString()).contains("2026-07,,,,,3,0,0,0,0,0,0");
      assertThat(forecast.days())
          .singleElement()
          .satisfies(day -> assertThat(day.waiting().planned()).isEqualTo(3));
    }
  }
}
