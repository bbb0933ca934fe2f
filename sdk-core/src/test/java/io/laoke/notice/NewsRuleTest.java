package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.binding.World;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Decision;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.order.Buyer;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is still worth telling when its turn comes, by Laoke's own defaults. */
class NewsRuleTest {
  private static final NoticeTemplate PLAIN =
      NoticeTemplate.of("tpl").field("phrase1", "{stage.name}").field("thing2", "{stage.items}");

  private static World world(TestServer server) {
    World on = new World(server);
    on.noticeSettings = NoticeSettings.standard();
    for (Stage stage :
        List.of(Stage.APPROVED, Stage.SHIPPED, Stage.SCHEDULED, Stage.DELIVERED, Stage.INSTALLED)) {
      on.engine.notices().template(stage, PLAIN);
    }
    return on;
  }

  private static List<String> told(World on, String openid) {
    return on.sentTo(openid).stream()
        .map(message -> message.body().fields().get("phrase1").value())
        .toList();
  }

  private static List<String> codes(World on, String order) {
    return on.engine.decisions(order).stream()
        .filter(one -> one.result() != Decision.Result.REPLIED)
        .map(one -> one.reason().map(Reason::code).orElse(one.result().name()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void ofSeveralWaitingStagesOnlyTheNewestIsToldToEach(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.scan("o2", order);
      on.advance(order, Stage.APPROVED);
      on.advance(order, Stage.SHIPPED);
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();

      assertThat(told(on, "o1")).containsExactly("已送达");
      assertThat(told(on, "o2")).containsExactly("已送达");
      assertThat(codes(on, order))
          .containsExactly("SUPERSEDED", "SUPERSEDED", "SUPERSEDED", "SUPERSEDED", "SENT", "SENT");
      on.advance(order, Stage.INSTALLED);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已送达", "已安装");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOneThatMadeWayDoesNotSayThatTheNewerWasTold(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.main.script.add(new SendOutcome.Refused(Reason.of("43101", "refused"), false, false));
      on.advance(order, Stage.APPROVED);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();

      assertThat(codes(on, order)).containsExactly("SUPERSEDED", "43101");
      assertThat(
              on.engine.decisions(order).stream()
                  .flatMap(one -> one.reason().stream())
                  .filter(reason -> reason.code().equals("SUPERSEDED")))
          .singleElement()
          .satisfies(
              reason -> {
                assertThat(reason.text()).contains("waits", "instead").doesNotContain("told");
                assertThat(reason.adviceZh()).contains("等待", "判定");
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNoticeThatTakesTheFirstOnesPlaceSaysAlsoThatTheOrderWasBoundByItself(TestServer server) {
    try (World on = world(server)) {
      NoticeTemplate hinting = PLAIN.field("thing3", "{recipient.hint|感谢您的购买}");
      for (Stage stage : List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED)) {
        on.engine.notices().template(stage, hinting);
      }
      Buyer wang = Buyer.of("C1", "王伟", "13800138000");
      on.scan("o1", on.order(wang));
      String later = on.order(wang); // bound by itself
      on.advance(later, Stage.APPROVED);
      on.advance(later, Stage.SHIPPED);
      on.engine.tick();
      on.advance(later, Stage.DELIVERED);
      on.engine.tick();

      assertThat(told(on, "o1")).containsExactly("已出库", "已送达");
      assertThat(on.sentTo("o1"))
          .extracting(message -> message.body().fields().get("thing3").value())
          .containsExactly(on.noticeSettings.hint(), "感谢您的购买");
    }
  }

  @ParameterizedTest
  @EnumSource
  void stagesOfOtherLinesAreNoNewerNews(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.engine.orders().advance(order, StageReport.of(Stage.SHIPPED, on.now).line("1"));
      on.engine.orders().advance(order, StageReport.of(Stage.SHIPPED, on.now).line("2"));
      on.engine.orders().advance(order, StageReport.of(Stage.DELIVERED, on.now).line("2"));
      on.engine.tick();

      assertThat(told(on, "o1")).containsExactly("已出库", "已送达");
      assertThat(codes(on, order)).containsExactly("SENT", "SUPERSEDED", "SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHappenedLongAgoIsRecordedNotTold(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      Instant old = on.now.minus(Duration.ofHours(48)).minusMillis(1);
      on.engine.orders().advance(order, StageReport.of(Stage.APPROVED, old));
      on.engine.tick();
      on.engine.orders().advance(order, StageReport.of(Stage.SHIPPED, old.plusMillis(1)));
      on.engine.tick();

      assertThat(told(on, "o1")).containsExactly("已出库");
      assertThat(codes(on, order)).containsExactly("STALE", "SENT");
      long stale = on.engine.decisions(order).get(1).deliveryId().orElseThrow();
      on.engine.messages.deliveries(on.database, on.dealer).retry(stale);
      on.engine.tick();
      assertThat(told(on, "o1")).as("a person asked for it").containsExactly("已出库", "已审核");
    }
  }

  @ParameterizedTest
  @EnumSource
  void atNightItWaitsAndInTheMorningOnlyTheNewestIsTold(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.now = Instant.parse("2026-05-01T14:00:00Z"); // 22:00 in Shanghai
      on.advance(order, Stage.APPROVED);
      on.engine.tick();
      on.now = Instant.parse("2026-05-01T16:30:00Z");
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      on.now = Instant.parse("2026-05-01T23:59:59Z");
      on.engine.tick();
      assertThat(told(on, "o1")).isEmpty();
      assertThat(codes(on, order)).startsWith("NIGHT");

      on.now = Instant.parse("2026-05-02T00:00:00Z"); // 8:00
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已出库");
      assertThat(codes(on, order)).containsExactly("SUPERSEDED", "SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDealerMayTellEverythingAtAnyHour(TestServer server) {
    try (World on = world(server)) {
      on.noticeSettings =
          NoticeSettings.standard()
              .withoutNight()
              .withNewestOnly(false)
              .withStaleAfter(Duration.ofDays(30));
      String order = on.guestOrder();
      on.scan("o1", order);
      on.now = Instant.parse("2026-05-01T18:00:00Z");
      on.engine
          .orders()
          .advance(order, StageReport.of(Stage.APPROVED, on.now.minus(Duration.ofDays(20))));
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();

      assertThat(told(on, "o1")).containsExactly("已审核", "已出库");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCollectingWaitGivesNewerStagesTheChance(TestServer server) {
    try (World on = world(server)) {
      on.noticeSettings = NoticeSettings.standard().withCollect(Duration.ofMinutes(5));
      String order = on.guestOrder();
      on.scan("o1", order);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      on.now = on.now.plus(Duration.ofMinutes(4));
      on.advance(order, Stage.DELIVERED);
      on.now = on.now.plus(Duration.ofMinutes(1));
      on.engine.tick();
      assertThat(told(on, "o1")).isEmpty();
      on.now = on.now.plus(Duration.ofMinutes(4));
      on.engine.tick();

      assertThat(told(on, "o1")).containsExactly("已送达");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyRecipientWithoutATemplateHasADecision(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.scan("o2", order);
      on.advance(order, Stage.COMPLETED);

      assertThat(on.engine.decisions(order))
          .filteredOn(
              one -> one.reason().map(Reason::code).filter("NO_TEMPLATE"::equals).isPresent())
          .extracting(Decision::recipient)
          .containsExactlyInAnyOrder(on.hash("o1"), on.hash("o2"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoThePlatformCallsGoneIsLeftAloneUntilTheyFollow(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.main.script.add(
          new SendOutcome.Refused(Reason.of("43004", "require subscribe"), true, false));
      on.advance(order, Stage.APPROVED);
      on.engine.tick();
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(codes(on, order)).containsExactly("43004", "NO_ADDRESS");
      assertThat(on.main.sent()).hasSize(1);

      on.engine.receive(
          new io.laoke.message.Inbound.Followed("back", Instant.now().plusSeconds(60), "o1"));
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已审核", "已送达");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "22:00, 08:00, 2026-05-01T21:59:59.999, ",
    "22:00, 08:00, 2026-05-01T22:00:00, 2026-05-02T08:00:00",
    "22:00, 08:00, 2026-05-02T00:00:00, 2026-05-02T08:00:00",
    "22:00, 08:00, 2026-05-02T07:59:59.999, 2026-05-02T08:00:00",
    "22:00, 08:00, 2026-05-02T08:00:00, ",
    "01:00, 05:00, 2026-05-02T00:59:00, ",
    "01:00, 05:00, 2026-05-02T01:00:00, 2026-05-02T05:00:00",
    "01:00, 05:00, 2026-05-02T05:00:00, ",
    "20:00, 00:00, 2026-05-01T23:00:00, 2026-05-02T00:00:00",
    "20:00, 00:00, 2026-05-02T00:00:00, ",
  })
  void knowsTheMorningAfter(String from, String until, String now, String morning) {
    ZoneId shanghai = ZoneId.of("Asia/Shanghai");
    NoticeSettings.Night night =
        new NoticeSettings.Night(LocalTime.parse(from), LocalTime.parse(until));
    assertThat(night.morning(at(now, shanghai), shanghai))
        .isEqualTo(java.util.Optional.ofNullable(morning).map(text -> at(text, shanghai)));
  }

  private static Instant at(String local, ZoneId zone) {
    return java.time.LocalDateTime.parse(local).atZone(zone).toInstant();
  }

  @Test
  void refusesRulesThatMakeNoSense() {
    NoticeSettings standard = NoticeSettings.standard();
    List<Runnable> bad = new ArrayList<>();
    bad.add(() -> standard.withStaleAfter(Duration.ofMinutes(59)));
    bad.add(() -> standard.withStaleAfter(Duration.ofDays(10_000)));
    bad.add(() -> standard.withCollect(Duration.ofSeconds(-1)));
    bad.add(() -> standard.withCollect(Duration.ofHours(25)));
    bad.add(() -> standard.withNight(LocalTime.NOON, LocalTime.NOON));
    bad.add(() -> standard.withNight(null, LocalTime.NOON));
    for (Runnable call : bad) {
      assertThatThrownBy(call::run).isInstanceOf(InvalidInputException.class);
    }
  }
}
