package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.binding.BindingSettings;
import io.laoke.binding.World;
import io.laoke.catalog.Store;
import io.laoke.order.Buyer;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a platform may count on while it is called: no lock waits for it, and all is written down.
 */
class OnTheWireTest {
  private static final Buyer WANG = Buyer.of("C1", "王伟", "13800138000");

  private static World world(TestServer server) {
    World on = new World(server);
    on.bindingSettings = BindingSettings.standard().withWebAddress(Phone.ADDRESS);
    return on;
  }

  @ParameterizedTest
  @EnumSource
  void noConnectionIsHeldWhileAPlatformIsCalled(TestServer server) {
    try (World on = world(server)) {
      List<Integer> held = new ArrayList<>();
      on.main.onCall = () -> held.add(on.pool.getHikariPoolMXBean().getActiveConnections());

      String order = on.order(WANG);
      on.engine.outsideOfHosts().bindings().issue(order).qrCode();
      assertThat(held).as("a code").hasSize(1);
      Phone.of(on).signIn(on, on.engine.bindings().issue(order).link(), "o1");
      assertThat(held).as("a sign-in").hasSize(2);
      on.engine.catalogs.catalog(on.database, on.dealer).put(Store.of("S1", "西湖店"));
      on.engine.outsideOfHosts().bindings().shopCode("S1");
      assertThat(held).as("a store's code").hasSize(3);
      on.engine
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of("T").field("thing1", "{order.no}"));
      on.engine.outsideOfHosts().notices().check();
      assertThat(held).as("the templates").hasSize(4);
      on.engine.scanAndFollow("o1", on.scene(order));
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(on.main.sent()).hasSize(1);
      assertThat(held).as("a message").hasSize(5).containsOnly(0);
    }
  }

  private record Written(int attempts, long firstAttempt, String dedupeId, String state) {}

  /** Another node reads what is committed: it must know of the attempt before the platform does. */
  @ParameterizedTest
  @EnumSource
  void theAttemptIsCommittedBeforeTheWire(TestServer server) {
    try (World on = world(server)) {
      String order = on.order(WANG);
      on.scan("o1", order);
      on.engine
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of("T").field("thing1", "{order.no}"));
      on.advance(order, Stage.SHIPPED);
      World.Engine other = on.engine();
      List<Written> seen = new ArrayList<>();
      on.main.onSend =
          () ->
              seen.addAll(
                  other.database.own(
                      "look from another node",
                      tx ->
                          tx.query(
                                  """
                                  SELECT attempts, first_attempt_ms, dedupe_id, state FROM {outbox}
                                  WHERE dealer_id = :dealer AND first_attempt_ms IS NOT NULL""")
                              .bind("dealer", on.dealer.id())
                              .map(
                                  (row, context) ->
                                      new Written(
                                          row.getInt("attempts"),
                                          row.getLong("first_attempt_ms"),
                                          row.getString("dedupe_id"),
                                          row.getString("state")))
                              .list()));
      on.engine.tick();

      assertThat(on.main.sent()).hasSize(1);
      assertThat(seen)
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.dedupeId()).isEqualTo(on.main.sent().get(0).dedupeId());
                assertThat(row.attempts()).isEqualTo(1);
                assertThat(row.firstAttempt()).isPositive();
                assertThat(row.state()).isEqualTo("CLAIMED");
              });
    }
  }
}
