package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.binding.AutoBind;
import io.laoke.binding.RecipientState;
import io.laoke.binding.World;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.message.Outbound;
import io.laoke.message.TemplateCatalog;
import io.laoke.notice.Notices.StageTemplate;
import io.laoke.notice.Notices.TemplateProblem;
import io.laoke.order.Buyer;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which stage is told to whom, in which words. */
class NoticesTest {
  private static final Buyer WANG = Buyer.of("C1", "王伟", "13800138000");
  private static final NoticeTemplate PLAIN =
      NoticeTemplate.of("tpl")
          .field("character_string1", "{order.no}")
          .field("phrase2", "{stage.name}")
          .field("thing3", "{stage.text|已更新}");

  private static World world(TestServer server) {
    World on = new World(server);
    for (Stage stage : List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED)) {
      on.engine.notices().template(stage, PLAIN);
    }
    return on;
  }

  private static List<String> told(World on, String openid) {
    return on.sentTo(openid).stream()
        .map(message -> message.body().fields().get("phrase2").value())
        .toList();
  }

  private static List<String> codes(World on, String order) {
    return on.engine.decisions(order).stream()
        .map(one -> one.reason().map(why -> why.code()).orElse(one.result().name()))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void tellsEveryRecipientEveryStageAfterTheirScan(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.advance(order, Stage.APPROVED);
      on.scan("o1", order);
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
      on.advance(order, Stage.SHIPPED);
      on.advance(order, Stage.SHIPPED);
      on.scan("o2", order);
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已出库", "已送达");
      assertThat(told(on, "o2")).containsExactly("已送达");
      Outbound first = on.sentTo("o1").get(0);
      assertThat(first.body().templateId()).isEqualTo("tpl");
      assertThat(first.body().fields().get("character_string1").value()).isEqualTo(order);
      assertThat(first.body().fields().get("thing3").value()).isEqualTo("已更新");
      assertThat(codes(on, order))
          .containsExactlyInAnyOrder("NO_RECIPIENT", "REPLIED", "SENT", "REPLIED", "SENT", "SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageReportedAgainWithAnotherTimeIsToldAgainOnlyIfTheMessageShowsIt(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      for (int minute = 0; minute < 3; minute++) {
        on.engine
            .orders()
            .advance(
                order,
                StageReport.of(Stage.SHIPPED, Instant.parse("2026-11-24T02:0" + minute + ":00Z")));
      }
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已出库");
      assertThat(codes(on, order)).contains("SAME");

      on.engine
          .orders()
          .advance(
              order,
              StageReport.of(Stage.SHIPPED, Instant.parse("2026-11-24T02:02:00Z")).text("改由顺丰"));
      on.engine.tick();
      assertThat(told(on, "o1")).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsWhyNobodyWasTold(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.advance(order, Stage.APPROVED);
      assertThat(codes(on, order)).containsExactly("NO_RECIPIENT");
      assertThat(on.engine.decisions(order).get(0).reason().orElseThrow().adviceZh())
          .contains("扫码");
      on.scan("o1", order);
      on.scan("o2", order);
      on.advance(order, Stage.INSTALLED);
      on.advance(order, Stage.INSTALLED);
      assertThat(codes(on, order)).filteredOn("NO_TEMPLATE"::equals).hasSize(2);
      assertThat(on.engine.decisions(order))
          .filteredOn(one -> one.reason().orElseThrow().code().equals("NO_TEMPLATE"))
          .extracting(Decision::recipient)
          .doesNotHaveDuplicates();
      // A late earlier stage is recorded, never told.
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageThatWasToldInAReplyIsNotToldAgain(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.scan("o2", order);
      on.advance(order, Stage.SHIPPED);
      assertThat(on.scan("o1", order)).contains("已出库");
      on.engine.tick();
      assertThat(told(on, "o1")).isEmpty();
      assertThat(told(on, "o2")).containsExactly("已出库");
      assertThat(codes(on, order)).contains("TOLD_IN_REPLY");
      // What the customer sees changed: that is news again.
      on.engine
          .orders()
          .advance(order, StageReport.of(Stage.SHIPPED, on.now).text("改由顺丰发出").carrier("顺丰"));
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已出库");
      assertThat(told(on, "o2")).containsExactly("已出库", "已出库");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everybodyWhoBelongsToAnOrderHasADecision(TestServer server) {
    try (World on = world(server)) {
      on.scan("o1", on.order(WANG));
      on.bindingSettings = on.bindingSettings.withAutoBind(AutoBind.ASK);
      String order = on.order(WANG);
      on.scan("o2", order);
      long second = on.engine.bindings().recipients(order).get(1).id();
      on.engine.bindings().stopNotices(order, second, "S01", "不要通知");
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
      assertThat(codes(on, order))
          .containsExactlyInAnyOrder("REPLIED", "NOT_CONFIRMED", "NOTICES_STOPPED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStageThatNoReplyToldIsToldByANotice(TestServer server) {
    try (World on = world(server)) {
      on.bindingSettings = on.bindingSettings.withReplies(told -> " ");
      String order = on.guestOrder();
      on.advance(order, Stage.APPROVED);
      on.scan("o1", order);
      on.advance(order, Stage.SHIPPED);
      on.scan("o1", order);
      on.scan("o2", order);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已审核", "已出库");
      assertThat(told(on, "o2")).containsExactly("已出库");
      assertThat(codes(on, order)).doesNotContain("REPLIED", "TOLD_IN_REPLY");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aScanThatACrashLeftIsToldByANoticeSinceNobodyHearsTheReply(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.advance(order, Stage.SHIPPED);
      Inbound scan = on.scanned("o1", on.issued(order), true);
      on.engine.messages.receiver().accept(World.ACCOUNT, scan); // and here the node dies
      on.database.own(
          "let its head start pass",
          tx -> {
            tx.update("UPDATE {callback_inbox} SET retry_ms = 0").execute();
            return tx.update("UPDATE {work_due} SET due_ms = 0").execute();
          });
      World.Engine second = on.engine();
      second.tick();
      second.tick();
      assertThat(on.stateOf(order, "o1")).isEqualTo(RecipientState.ACTIVE);
      assertThat(told(on, "o1")).containsExactly("已出库");
      assertThat(codes(on, order)).containsExactlyInAnyOrder("NO_RECIPIENT", "SENT");
      assertThat(World.said(second.receive(scan))).as("a late repeat").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReplyTellsTheReportWhoseWordsItShows(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.engine
          .orders()
          .advance(
              order, StageReport.of(Stage.SHIPPED, on.now).line("1").document("A").text("第一车"));
      on.engine
          .orders()
          .advance(
              order,
              StageReport.of(Stage.SHIPPED, on.now.minusSeconds(60))
                  .line("2")
                  .document("B")
                  .text("第二车"));
      assertThat(on.scan("o1", order)).contains("第一车").doesNotContain("第二车");
      on.engine.tick();
      assertThat(on.sentTo("o1"))
          .extracting(message -> message.body().fields().get("thing3").value())
          .containsExactly("第二车");
    }
  }

  /** A scan and a stage that meet: the stage is told once, by the reply or by a notice. */
  @ParameterizedTest
  @EnumSource
  void aStageThatMeetsAScanIsToldOnce(TestServer server) throws Exception {
    try (World on = world(server)) {
      World.Engine second = on.engine();
      for (int round = 0; round < 12; round++) {
        String order = on.guestOrder();
        String scene = on.issued(order);
        String first = "first" + round;
        String person = "p" + round;
        on.engine.scan(first, scene);
        List<String> replies =
            World.atOnce(
                List.of(
                    () -> on.engine.scanAndFollow(person, scene),
                    () -> second.scan(first, scene),
                    () -> {
                      second.orders().advance(order, StageReport.of(Stage.SHIPPED, on.now));
                      return "";
                    }));
        World.atOnce(
            List.of(
                () -> {
                  on.engine.tick();
                  return "";
                },
                () -> {
                  second.tick();
                  return "";
                }));
        for (int i = 0; i < 2; i++) {
          String openid = i == 0 ? person : first;
          boolean inReply = replies.get(i).contains("已出库");
          assertThat(told(on, openid)).as(openid).hasSize(inReply ? 0 : 1);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsForSomebodyTakenAwayIsNotSent(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.scan("o2", order);
      on.scan("o3", order);
      on.advance(order, Stage.SHIPPED);
      on.engine.bindings().unbind(order, World.ACCOUNT, "o1", "S01", "不是本人");
      long second = on.engine.bindings().recipient(order, World.ACCOUNT, "o2").orElseThrow().id();
      on.engine.bindings().stopNotices(order, second, "S01", "不要通知");
      on.engine.tick();
      assertThat(told(on, "o1")).isEmpty();
      assertThat(told(on, "o2")).isEmpty();
      assertThat(told(on, "o3")).containsExactly("已出库");
      assertThat(codes(on, order)).contains("UNBOUND", "NOTICES_STOPPED");
      on.engine.bindings().resumeNotices(order, second, "S01", "又要了");
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();
      assertThat(told(on, "o2")).containsExactly("已送达");
      assertThat(told(on, "o1")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoUnfollowsIsReachedAgainOnceTheyFollow(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.engine.receive(on.unfollowed("o1"));
      on.advance(order, Stage.APPROVED);
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
      assertThat(codes(on, order)).contains("NO_ADDRESS");
      on.advance(order, Stage.APPROVED);
      Inbound again = on.followed("o1");
      assertThat(World.said(on.engine.receive(again))).contains("欢迎回来", order, "已审核");
      assertThat(World.said(on.engine.receive(again))).contains("欢迎回来");
      assertThat(World.said(on.engine.receive(on.followed("o1")))).isEmpty();
      assertThat(codes(on, order)).filteredOn("REPLIED"::equals).hasSize(2);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已出库");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesBackIsToldOnceWhatWaited(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String ended = on.guestOrder();
      on.scan("o1", order);
      on.scan("o1", ended);
      on.scan("o2", ended);
      on.advance(ended, Stage.CANCELLED);
      on.engine.receive(on.unfollowed("o1"));
      on.advance(order, Stage.SHIPPED);
      assertThat(World.said(on.engine.receive(on.followed("o1"))))
          .contains(order, "已出库")
          .doesNotContain(ended);
      on.engine.tick();
      assertThat(told(on, "o1")).isEmpty();
      assertThat(codes(on, order)).contains("TOLD_IN_REPLY");
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已送达");
      // Who is gone from all orders is told how to claim one, and nothing of any order.
      on.engine.bindings().unbind(order, World.ACCOUNT, "o1", "S01", "不是本人");
      on.engine.receive(on.unfollowed("o1"));
      assertThat(World.said(on.engine.receive(on.followed("o1"))))
          .contains("绑定")
          .doesNotContain("已送达", ended);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstNoticeOfAnOrderThatWasBoundByItselfSaysSo(TestServer server) {
    try (World on = world(server)) {
      NoticeTemplate hinting = PLAIN.field("thing4", "{recipient.hint|感谢您的购买}");
      on.engine.notices().template(Stage.SHIPPED, hinting);
      on.engine.notices().template(Stage.DELIVERED, hinting);
      on.scan("o1", on.order(WANG));
      String later = on.order(WANG);
      on.advance(later, Stage.APPROVED);
      on.advance(later, Stage.SHIPPED);
      on.advance(later, Stage.DELIVERED);
      on.engine.tick();
      assertThat(told(on, "o1")).containsExactly("已审核", "已出库", "已送达");
      assertThat(on.sentTo("o1").get(0).body().fields().get("character_string1").value())
          .isEqualTo(later);
      assertThat(on.sentTo("o1").get(1).body().fields().get("thing4").value()).contains("不是您的订单");
      assertThat(on.sentTo("o1").get(2).body().fields().get("thing4").value()).isEqualTo("感谢您的购买");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAccountsOwnTemplateGoesFirst(TestServer server) {
    try (World on = world(server)) {
      Notices notices = on.engine.notices();
      NoticeTemplate own =
          NoticeTemplate.of("own")
              .field("thing9", "{order.items}")
              .field("amount1", "{order.amount}元")
              .url("https://a.example/{order.no}")
              .miniProgram("wxmini", "p?o={order.no}");
      notices.template(Stage.SHIPPED, World.ACCOUNT, own);
      notices.template(Stage.SHIPPED, World.ACCOUNT, own);
      assertThat(notices.templates()).hasSize(4);
      assertThat(notices.templates())
          .filteredOn(one -> one.account().isPresent())
          .extracting(StageTemplate::template)
          .containsExactly(own);
      String order = on.guestOrder();
      on.scan("o1", order);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      Outbound sent = on.sentTo("o1").get(0);
      assertThat(sent.body().templateId()).isEqualTo("own");
      assertThat(sent.body().fields().keySet()).containsExactly("thing9", "amount1");
      assertThat(sent.body().fields().get("amount1").value()).isEqualTo("8999.00元");
      assertThat(sent.body().url()).contains("https://a.example/" + order);
      assertThat(sent.body().miniProgram().orElseThrow().pagePath()).isEqualTo("p?o=" + order);
      assertThat(notices.remove(Stage.SHIPPED, World.ACCOUNT)).isTrue();
      assertThat(notices.remove(Stage.SHIPPED, World.ACCOUNT)).isFalse();
      assertThat(notices.remove(Stage.SHIPPED)).isTrue();
      assertThat(notices.templates()).hasSize(2);
      assertThatThrownBy(() -> notices.template(Stage.SHIPPED, "wxnone", own))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> notices.template(null, own))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> notices.template(Stage.SHIPPED, (NoticeTemplate) null))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noValueStopsANotice(TestServer server) {
    try (World on = world(server)) {
      on.engine
          .notices()
          .template(
              Stage.SHIPPED,
              PLAIN
                  .field("thing5", "{stage.carrier}{stage.slot}")
                  .field("thing6", "{buyer.name}{order.store}{order.salesperson}")
                  .field("thing7", "{order.items}")
                  .url("https://a.example/?{stage.text}"));
      String order = "订单/😀'\"" + "9".repeat(50);
      on.engine
          .orders()
          .upsert(on.aOrder(order).buyer(Buyer.of(null, "😀".repeat(100), null)).store("没有"));
      on.scan("o1", order);
      on.engine
          .orders()
          .advance(order, StageReport.of(Stage.SHIPPED, on.now).text("一\n二\t" + "😀".repeat(190)));
      on.engine.tick();
      assertThat(on.sentTo("o1")).hasSize(1);
      assertThat(on.sentTo("o1").get(0).body().fields().get("thing5").value()).isEmpty();
      assertThat(on.sentTo("o1").get(0).body().url()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNoticeThatWaitsTooLongIsNotSent(TestServer server) {
    try (World on = world(server)) {
      on.noticeSettings = on.noticeSettings.withValidFor(Duration.ofHours(2));
      String order = on.guestOrder();
      on.scan("o1", order);
      on.advance(order, Stage.SHIPPED);
      on.now = on.now.plus(Duration.ofHours(2));
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
      assertThat(on.engine.decisions(order))
          .extracting(Decision::result)
          .contains(Decision.Result.EXPIRED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRollbackOfTheHostTakesTheNoticesBack(TestServer server) throws Exception {
    try (World on = world(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      long before = on.count("decision");
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        on.engine
            .orders
            .orders(on.database.in(connection), on.dealer)
            .advance(order, StageReport.of(Stage.SHIPPED, on.now));
        connection.rollback();
      }
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
      assertThat(on.count("decision")).isEqualTo(before);
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        on.engine
            .orders
            .orders(on.database.in(connection), on.dealer)
            .advance(order, StageReport.of(Stage.SHIPPED, on.now));
        connection.commit();
      }
      on.engine().tick();
      assertThat(told(on, "o1")).containsExactly("已出库");
    }
  }

  @ParameterizedTest
  @EnumSource
  void comparesWhatIsSetWithWhatThePlatformKnows(TestServer server) throws Exception {
    try (World on = world(server)) {
      on.main.templates =
          List.of(
              new TemplateCatalog.Template(
                  "tpl", "进度", List.of("character_string1", "phrase2", "thing8")));
      on.other.templates =
          List.of(
              new TemplateCatalog.Template(
                  "tpl", "进度", List.of("character_string1", "phrase2", "thing3")));
      on.engine.notices().remove(Stage.APPROVED);
      on.engine.notices().template(Stage.DELIVERED, World.OTHER, NoticeTemplate.of("gone"));
      assertThat(on.engine.outsideOfHosts().notices().check())
          .extracting(
              problem -> Map.of(problem.kind(), problem.account() + " " + problem.reference()))
          .containsExactlyInAnyOrder(
              Map.of(TemplateProblem.Kind.NO_SUCH_FIELD, "wxmain thing3"),
              Map.of(TemplateProblem.Kind.FIELD_NOT_SET, "wxmain thing8"),
              Map.of(TemplateProblem.Kind.NO_SUCH_FIELD, "wxmain thing3"),
              Map.of(TemplateProblem.Kind.FIELD_NOT_SET, "wxmain thing8"),
              Map.of(TemplateProblem.Kind.NO_SUCH_TEMPLATE, "wxother gone"));
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        assertThatThrownBy(
                () -> on.engine.notice.notices(on.database.in(connection), on.dealer).check())
            .hasMessageContaining("inside a transaction");
      }
    }
  }
}
