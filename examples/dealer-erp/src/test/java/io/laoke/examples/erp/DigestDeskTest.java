package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.reminder.AssigneeRule;
import io.laoke.reminder.Digest;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.ServiceCycle;
import io.laoke.reminder.TaskQuery;
import io.laoke.simulator.SmsGateway;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each has to do is told once a day, and is still known after a restart. */
class DigestDeskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void digestsAreKeptOverARestart(@TempDir Path dir) throws Exception {
    String database =
        "--spring.datasource.url=jdbc:h2:file:" + dir.resolve("erp") + ";WRITE_DELAY=0";
    LocalDate next;
    DigestDesk.Row told;
    try (Running erp = new Running(database)) {
      Reminders reminders = erp.bean(Laoke.class).dealer("hengxin").reminders();
      reminders
          .rules()
          .put(
              ReminderRule.of("hood", "kitchen/hood", "清洗", ServiceCycle.every(Period.ofMonths(6)))
                  .named("油烟机清洗")
                  .assignee(AssigneeRule.store().withRole("售后")));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  reminders
                      .rules()
                      .progress("hood")
                      .filter(one -> one.doneAt().isPresent())
                      .isPresent());
      DemoDate date = erp.bean(DemoDate.class);
      LocalDate due = date.today().plusMonths(6);
      assertThat(date.go(due)).isTrue();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  reminders.tasks().list(TaskQuery.todo().assignee("D1002"), null, 9).tasks().size()
                      == 1);
      next = due.plusDays(1);
      assertThat(date.go(next)).isTrue();
      DigestDesk desk = erp.bean(DigestDesk.class);
      await().atMost(PATIENCE).until(() -> ofDay(desk, next).isPresent());
      told = ofDay(desk, next).orElseThrow();
      assertThat(told.staff()).isEqualTo("陈志强");
      assertThat(told.overdue()).isEqualTo(1);
      assertThat(told.due()).isZero();
      assertThat(told.channel()).isEqualTo("本页，短信 154****1002");
      SmsGateway gateway = erp.bean(SmsGateway.class);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(gateway.accepted("15499991002"))
                      .extracting(sms -> sms.text())
                      .contains("【恒信家电】今天的服务提醒：待跟进0项，逾期1项，已预约0项，请到销售系统处理。"));

      // Told again, as after a failure, it is the same; who has no phone reads it on the page.
      desk.digest(new Digest("hengxin", "D1002", next, 0, 1, 0));
      desk.digest(new Digest("hengxin", "D9", next, 2, 0, 1));
      assertThat(desk.list().stream().filter(one -> one.day().equals(next))).hasSize(2);
      assertThat(desk.list())
          .filteredOn(one -> one.staff().equals("D9"))
          .extracting(DigestDesk.Row::channel)
          .containsExactly("只在本页（没有登记手机号）");
      told = ofDay(desk, next).orElseThrow();
    }
    try (Running erp = new Running(database)) {
      DigestDesk.Row kept = ofDay(erp.bean(DigestDesk.class), next).orElseThrow();
      assertThat(kept.toldAt()).isEqualTo(told.toldAt());
      assertThat(kept.channel()).isEqualTo(told.channel());
      assertThat(kept.arrival()).as("known by Laoke, over a restart").isNotEmpty();
      assertThat(page(erp))
          .contains(next.toString(), "陈志强", "本页，短信 154****1002")
          .doesNotContain("往回调过");

      // Back in time: what that day was told is not this day's, nor is it listed.
      assertThat(erp.bean(DemoDate.class).go(next.minusDays(1))).isTrue();
      assertThat(ofDay(erp.bean(DigestDesk.class), next)).isEmpty();
      assertThat(page(erp)).contains("往回调过").doesNotContain("digest-" + next);
      Salesperson whose = erp.bean(Salespeople.class).findById("D1002").orElseThrow();
      assertThat(erp.bean(DigestDesk.class).today(whose).stream())
          .allSatisfy(row -> assertThat(row.day()).isEqualTo(next.minusDays(1)));
    }
  }

  private static String page(Running erp) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(erp.url() + "/reminders/digests")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static Optional<DigestDesk.Row> ofDay(DigestDesk desk, LocalDate day) {
    return desk.list().stream()
        .filter(one -> one.day().equals(day) && one.staff().equals("陈志强"))
        .findFirst();
  }
}
