package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.HostTransaction;
import io.laoke.binding.World;
import io.laoke.catalog.Store;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.message.Alarm;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Delivery;
import io.laoke.message.Outbound;
import io.laoke.message.Outbox.Unsent;
import io.laoke.message.Pause;
import io.laoke.message.Purpose;
import io.laoke.message.TemplateMessage;
import io.laoke.order.Buyer;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.Statements;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A mapping that is set right reaches what waits. */
class RewordingTest {
  private static final Buyer WANG = Buyer.of("C1", "王伟", "13800138000");

  /** Says in its fields by which template it is told, so that a mixture shows. */
  private static NoticeTemplate telling(String id) {
    return NoticeTemplate.of(id)
        .field("thing1", id)
        .field("thing2", "{order.items}")
        .field("phrase3", "{stage.name}");
  }

  private static World world(TestServer server) {
    World on = new World(server);
    on.engine.notices().template(Stage.APPROVED, telling("old"));
    on.engine.notices().template(Stage.SHIPPED, telling("old"));
    return on;
  }

  private static String orderOf(World on, String openid) {
    String order = on.guestOrder();
    on.scan(openid, order);
    return order;
  }

  private static List<Pause> pauses(World on) {
    return on.engine.messages.deliveries(on.database, on.dealer).pauses();
  }

  private static List<Delivery> held(World on) {
    return on.engine
        .messages
        .deliveries(on.database, on.dealer)
        .paused(Optional.empty(), 1_000)
        .items();
  }

  private static List<String> told(List<Outbound> sent) {
    return sent.stream()
        .map(one -> one.body().templateId() + " " + one.body().fields().get("phrase3").value())
        .toList();
  }

  /** All rows of the outbox with what rewording may change, by id. */
  private static List<String> rows(World on) {
    return on.database.read(
        "rows",
        tx ->
            tx.query("SELECT id, state, template_id, dedupe_id, body FROM {outbox} ORDER BY id")
                .map(
                    (row, context) ->
                        String.join(
                            " ",
                            row.getString("id"),
                            row.getString("state"),
                            row.getString("template_id"),
                            row.getString("dedupe_id"),
                            row.getString("body")))
                .list());
  }

  private static List<String> templatesOf(World on) {
    return on.database.read(
        "templates",
        tx -> tx.query("SELECT template_id FROM {outbox} ORDER BY id").mapTo(String.class).list());
  }

  private static void write(World on, String sql) {
    on.database.own("prepare", tx -> tx.update(sql).execute());
  }

  @ParameterizedTest
  @EnumSource
  void whatADeletedTemplateHoldsIsSentByTheOneThatTakesItsPlace(TestServer server) {
    try (World on = world(server)) {
      List<Alarm> alarms = new CopyOnWriteArrayList<>();
      on.engine.messages.alarms(alarms::add);
      on.main.deleted.add("old");
      List<String> orders = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        orders.add(orderOf(on, "o" + i));
        on.advance(orders.get(i), Stage.APPROVED);
        on.advance(orders.get(i), Stage.SHIPPED);
      }
      on.engine.tick();
      assertThat(on.main.sent()).isEmpty();
      assertThat(alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.PAUSED);
      assertThat(pauses(on)).extracting(Pause::reference).containsExactly("old");
      assertThat(held(on)).isNotEmpty();

      on.engine.notices().template(Stage.APPROVED, telling("new"));
      assertThat(pauses(on)).as("still in use for the other stage").hasSize(1);
      on.engine.tick();
      assertThat(told(on.main.sent())).hasSize(12).containsOnly("new 已审核");

      on.engine.notices().template(Stage.SHIPPED, telling("new"));
      assertThat(pauses(on)).isEmpty();
      on.engine.tick();
      for (int i = 0; i < 12; i++) {
        assertThat(told(on.sentTo("o" + i))).containsExactly("new 已审核", "new 已出库");
        assertThat(on.engine.decisions(orders.get(i)))
            .filteredOn(one -> one.deliveryId().isPresent())
            .extracting(Decision::result)
            .containsExactly(Decision.Result.SENT, Decision.Result.SENT);
      }
      assertThat(pauses(on)).isEmpty();
      assertThat(held(on)).isEmpty();
      assertThat(alarms).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPauseOfATemplateThatIsStillInUseStays(TestServer server) {
    try (World on = world(server)) {
      on.main.deleted.add("old");
      on.advance(orderOf(on, "o1"), Stage.SHIPPED);
      on.engine.tick();
      on.engine.notices().template(Stage.SHIPPED, telling("old").field("thing4", "{order.no}"));
      assertThat(pauses(on)).hasSize(1);
      on.engine.tick();
      assertThat(held(on)).hasSize(1);
      on.main.deleted.clear();
      on.engine.messages.deliveries(on.database, on.dealer).resume(pauses(on).get(0).id());
      on.engine.tick();
      assertThat(on.sentTo("o1").get(0).body().fields()).containsKey("thing4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUnderWayOrMayHaveLeftKeepsItsWords(TestServer server) {
    try (World on = world(server)) {
      for (int i = 0; i < 3; i++) {
        on.advance(orderOf(on, "o" + i), Stage.SHIPPED);
      }
      List<Long> ids =
          on.database.read(
              "ids",
              tx -> tx.query("SELECT id FROM {outbox} ORDER BY id").mapTo(Long.class).list());
      write(on, "UPDATE {outbox} SET uncertain = 1 WHERE id = " + ids.get(0));
      write(
          on,
          "UPDATE {outbox} SET state = 'CLAIMED', claim_token = 't', lease_until_ms = 1 WHERE id = "
              + ids.get(1));
      List<String> before = rows(on);
      on.engine.notices().template(Stage.SHIPPED, telling("new"));
      assertThat(rows(on).subList(0, 2)).isEqualTo(before.subList(0, 2));
      assertThat(templatesOf(on)).containsExactly("old", "old", "new");
      assertThat(rows(on).get(2).split(" ")[3])
          .as("the dedupe id")
          .isEqualTo(before.get(2).split(" ")[3]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsClaimedBetweenReadingAndWritingKeepsItsWords(TestServer server) {
    try (World on = world(server)) {
      on.advance(orderOf(on, "o1"), Stage.SHIPPED);
      on.advance(orderOf(on, "o2"), Stage.SHIPPED);
      on.database.own(
          "reword",
          tx ->
              on.engine
                  .messages
                  .outbox()
                  .reword(
                      tx,
                      on.dealer,
                      World.ACCOUNT,
                      Purpose.ORDER,
                      ChannelKind.WECHAT_TEMPLATE,
                      unsent -> {
                        write(
                            on,
                            "UPDATE {outbox} SET state = 'CLAIMED' WHERE id = "
                                + unsent.get(0).id());
                        return unsent.stream()
                            .collect(Collectors.toMap(Unsent::id, one -> other()));
                      }));
      assertThat(templatesOf(on)).containsExactly("old", "other");
    }
  }

  private static TemplateMessage other() {
    return new TemplateMessage("other", Map.of(), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void aMessageThatWasUnderWayAtTheChangeGoesOnInTheNewWords(TestServer server) {
    try (World on = world(server)) {
      on.main.deleted.add("old");
      on.advance(orderOf(on, "o1"), Stage.SHIPPED);
      write(on, "UPDATE {outbox} SET state = 'CLAIMED'");
      on.engine.notices().template(Stage.APPROVED, telling("new"));
      on.engine.notices().template(Stage.SHIPPED, telling("new"));
      write(on, "UPDATE {outbox} SET state = 'WAITING'");
      on.engine.tick();
      assertThat(pauses(on)).isEmpty();
      assertThat(told(on.main.sent())).containsExactly("new 已出库");
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheAccountsForWhichItCountsAreReworded(TestServer server) {
    try (World on = world(server)) {
      on.engine
          .catalogs
          .catalog(on.database, on.dealer)
          .put(Store.of("S2", "城东店").withAccount(World.OTHER));
      on.advance(orderOf(on, "o1"), Stage.SHIPPED);
      String order = "SO-other";
      on.engine.orders().upsert(on.aOrder(order).store("S2"));
      on.engine.receive(World.OTHER, on.scanned("o2", on.issued(order), false));
      on.advance(order, Stage.SHIPPED);
      Notices notices = on.engine.notices();
      notices.template(Stage.SHIPPED, World.OTHER, telling("own"));
      assertThat(templatesOf(on)).containsExactly("old", "own");
      notices.template(Stage.SHIPPED, telling("all"));
      assertThat(templatesOf(on)).containsExactly("all", "own");
      notices.template(Stage.APPROVED, telling("none"));
      assertThat(templatesOf(on)).as("of another stage").containsExactly("all", "own");
      notices.remove(Stage.SHIPPED, World.OTHER);
      assertThat(templatesOf(on)).as("after a removal").containsExactly("all", "own");
      notices.template(Stage.SHIPPED, telling("all2"));
      assertThat(templatesOf(on)).containsExactly("all2", "all2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameMappingAgainTouchesNothing(TestServer server) {
    try (World on = world(server)) {
      String order = orderOf(on, "o1");
      on.advance(order, Stage.SHIPPED);
      on.engine
          .orders()
          .upsert(
              on.aOrder(order).line(OrderLine.goods("3", "kitchen/hood", 1, "1.00").name("灶具")));
      List<String> before = rows(on);
      on.engine.notices().template(Stage.SHIPPED, telling("old"));
      assertThat(rows(on)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNewWordsSayWhatIsKnownByNow(TestServer server) {
    try (World on = world(server)) {
      String order = orderOf(on, "o1");
      on.advance(order, Stage.SHIPPED);
      on.engine
          .orders()
          .upsert(
              on.aOrder(order).line(OrderLine.goods("3", "kitchen/hood", 4, "1.00").name("灶具")));
      on.engine.notices().template(Stage.SHIPPED, telling("new"));
      on.engine.tick();
      assertThat(on.sentTo("o1").get(0).body().fields().get("thing2").value())
          .isEqualTo("双开门冰箱等7件");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRollbackOfTheHostLeavesTheOldWords(TestServer server) throws Exception {
    try (World on = world(server)) {
      on.main.deleted.add("old");
      on.advance(orderOf(on, "o1"), Stage.SHIPPED);
      on.engine.tick();
      List<String> before = rows(on);
      for (boolean commits : new boolean[] {false, true}) {
        try (Connection connection = on.pool.getConnection()) {
          connection.setAutoCommit(false);
          Notices joined = on.engine.notice.notices(on.database.in(connection), on.dealer);
          joined.template(Stage.APPROVED, telling("new"));
          joined.template(Stage.SHIPPED, telling("new"));
          if (commits) {
            connection.commit();
          } else {
            connection.rollback();
          }
        }
        if (!commits) {
          assertThat(rows(on)).isEqualTo(before);
          assertThat(pauses(on)).hasSize(1);
          assertThat(on.engine.notices().templates())
              .extracting(one -> one.template().templateId())
              .containsOnly("old");
        }
      }
      on.engine.tick();
      assertThat(told(on.main.sent())).containsExactly("new 已出库");
      assertThat(pauses(on)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHintStaysWhereItWas(TestServer server) {
    try (World on = world(server)) {
      on.engine
          .notices()
          .template(Stage.SHIPPED, telling("old").field("thing4", "{recipient.hint|感谢}"));
      on.scan("o1", on.order(WANG));
      String order = on.order(WANG);
      on.advance(order, Stage.SHIPPED);
      on.engine
          .orders()
          .advance(order, StageReport.of(Stage.SHIPPED, on.now).line("1").document("B"));
      on.engine
          .notices()
          .template(Stage.SHIPPED, telling("new").field("thing9", "{recipient.hint|多谢}"));
      on.engine.tick();
      assertThat(on.sentTo("o1"))
          .extracting(one -> one.body().fields().get("thing9").value())
          .containsExactly("如不是您的订单，请联系门店", "多谢");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHintThatTheNewWordsHaveNoPlaceForIsLeftToTheNextNotice(TestServer server) {
    try (World on = world(server)) {
      on.engine
          .notices()
          .template(Stage.SHIPPED, telling("old").field("thing4", "{recipient.hint|感谢}"));
      on.engine
          .notices()
          .template(Stage.DELIVERED, telling("next").field("thing4", "{recipient.hint|感谢}"));
      on.scan("o1", on.order(WANG));
      String order = on.order(WANG);
      on.advance(order, Stage.SHIPPED);
      on.engine.notices().template(Stage.SHIPPED, telling("plain"));
      on.engine.tick();
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();
      assertThat(on.sentTo("o1"))
          .extracting(
              one ->
                  one.body().templateId()
                      + " "
                      + Optional.ofNullable(one.body().fields().get("thing4"))
                          .map(TemplateMessage.Field::value)
                          .orElse("-"))
          .containsExactly("plain -", "next 如不是您的订单，请联系门店");
    }
  }

  @ParameterizedTest
  @EnumSource
  void moreThanAPageIsReworded(TestServer server) {
    try (World on = world(server)) {
      on.main.deleted.add("old");
      on.advance(orderOf(on, "o1"), Stage.SHIPPED);
      on.engine.tick();
      copies(on, 1_100, 1_700);
      Statements statements = new Statements();
      Notices notices =
          on.engine.notice.notices(
              new Database(
                  statements.of(on.pool),
                  HostTransaction.none(),
                  new Names("laoke_", Optional.empty())),
              on.dealer);
      notices.template(Stage.APPROVED, telling("new"));
      statements.taken();
      notices.template(Stage.SHIPPED, telling("new"));
      assertThat(statements.taken()).as("five pages").hasSizeLessThan(60);
      assertThat(templatesOf(on)).hasSize(1_701).containsOnly("new");
      assertThat(held(on)).isEmpty();
    }
  }

  /** Of the one message, twice as many by each statement: so many that wait, the rest held. */
  private static void copies(World on, int waiting, int all) {
    on.database.own(
        "copy",
        tx -> {
          long[] first =
              tx.query("SELECT id, due_ms FROM {outbox}")
                  .map((row, context) -> new long[] {row.getLong("id"), row.getLong("due_ms")})
                  .one();
          for (int there = 1; there <= all; there *= 2) {
            tx.update(
                    """
                    INSERT INTO {outbox} (dealer_id, id, state, account, purpose, due_ms,
                      valid_until_ms, order_id, recipient, seq, cause_kind, cause_id, channel,
                      template_id, dedupe_id, body, retry_ms, claims, attempts, uncertain, wanted,
                      created_ms, pause_id)
                    SELECT dealer_id, id + :there,
                      CASE WHEN id + :there - :first <= :waiting THEN 'WAITING' ELSE 'HELD' END,
                      account, purpose,
                      :due + (id + :there - :first - MOD(id + :there - :first, 300)) / 300,
                      valid_until_ms, order_id, recipient, seq + :there, cause_kind, cause_id,
                      channel, template_id, dedupe_id, body, retry_ms, claims, attempts, uncertain,
                      wanted, created_ms, pause_id
                    FROM {outbox} WHERE id + :there - :first <= :all""")
                .bind("there", there)
                .bind("first", first[0])
                .bind("waiting", waiting)
                .bind("due", first[1])
                .bind("all", all)
                .execute();
          }
          return all;
        });
  }

  /** Ticks on two nodes while the mapping changes: each is told once, in words of one template. */
  @ParameterizedTest
  @EnumSource
  void aChangeThatMeetsDeliveriesTellsEverybodyOnce(TestServer server) throws Exception {
    try (World on = world(server)) {
      World.Engine second = on.engine();
      int people = 60;
      for (int i = 0; i < people; i++) {
        on.advance(orderOf(on, "o" + i), Stage.SHIPPED);
      }
      AtomicBoolean changing = new AtomicBoolean(true);
      Callable<String> changes =
          () -> {
            try {
              for (int i = 0; i < 20; i++) {
                Notices notices = (i % 2 == 0 ? on.engine : second).notices();
                NoticeTemplate next = telling("t" + i);
                Way.repeated(
                    () -> {
                      notices.template(Stage.SHIPPED, next);
                      return "";
                    });
              }
            } finally {
              changing.set(false);
            }
            return "";
          };
      World.atOnce(List.of(changes, ticks(on, on.engine, changing), ticks(on, second, changing)));
      on.engine.tick();
      second.tick();
      IntStream.range(0, people)
          .forEach(i -> assertThat(on.sentTo("o" + i)).as("o" + i).hasSize(1));
      assertThat(on.main.sent())
          .allSatisfy(
              one ->
                  assertThat(one.body().fields().get("thing1").value())
                      .isEqualTo(one.body().templateId()));
      assertThat(on.main.sent()).extracting(Outbound::dedupeId).doesNotHaveDuplicates();
    }
  }

  private static Callable<String> ticks(World on, World.Engine engine, AtomicBoolean more) {
    return () -> {
      do {
        engine.messages.tick(on.now, Duration.ofMillis(20));
      } while (more.get());
      return "";
    };
  }
}
