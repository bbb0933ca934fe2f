package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.MemberProfile;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.AdvanceResult;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.OrderQuery;
import io.laoke.order.Orders;
import io.laoke.order.Place;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Returns;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A walk through everything that a host calls, with repeats, refusals and races, in each way that a
 * host may reach its database. The whole contract runs in one by the properties that {@link Way}
 * names.
 */
class WaysTest {
  static Stream<Arguments> levels() {
    return Stream.of(
        Arguments.of(TestServer.H2, Connection.TRANSACTION_READ_COMMITTED),
        Arguments.of(TestServer.H2, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.POSTGRESQL, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.POSTGRESQL, Connection.TRANSACTION_SERIALIZABLE),
        Arguments.of(TestServer.MYSQL, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.MARIADB, Connection.TRANSACTION_REPEATABLE_READ));
  }

  @ParameterizedTest
  @MethodSource("levels")
  void eachCallInsideATransactionOfTheHost(TestServer server, int isolation) throws Exception {
    Way.plain().joined(isolation).during(() -> walk(server));
  }

  static Stream<Arguments> drivers() {
    List<Arguments> all = new ArrayList<>();
    for (TestServer server : List.of(TestServer.MYSQL, TestServer.MARIADB)) {
      for (boolean other : new boolean[] {false, true}) {
        boolean mysqls = (server == TestServer.MYSQL) != other;
        for (String parameters :
            mysqls
                ? List.of("useAffectedRows=true&rewriteBatchedStatements=true", "")
                : List.of("useAffectedRows=true&useBulkStmts=true", "useBulkStmts=false")) {
          all.add(Arguments.of(server, other, parameters));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("drivers")
  void whateverTheDriverIsToldToDo(TestServer server, boolean other, String parameters)
      throws Exception {
    Way way = Way.plain().parameters(parameters);
    (other ? way.throughTheOtherDriver() : way).during(() -> walk(server));
  }

  /** Its wall reads what it takes for H2's language as MySQL's, and refuses what is not that. */
  @ParameterizedTest
  @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
  void behindDruidAndItsWall(TestServer server) throws Exception {
    Way.plain().behindDruid().during(() -> walk(server));
  }

  private static void walk(TestServer server) throws Exception {
    try (World on = new World(server)) {
      catalog(on);
      orders(on);
      binding(on);
      returns(on);
      members(on);
      races(on);
      assertThat(on.engine.orders().recountAll(0, 1_000).clean()).isTrue();
      assertThat(on.messagesFailed()).isZero();
    }
  }

  private static void catalog(World on) {
    Catalog catalog = on.engine.catalogs.catalog(on.engine.database, on.dealer);
    for (int run = 0; run < 2; run++) {
      catalog.put(Category.of("kitchen/fridge", "冰箱").withCodes("F1", "F2"));
      catalog.put(Category.of("kitchen/hood", "油烟机").withCodes("H1"));
      catalog.put(Store.of("S1", "一店"));
      catalog.put(Staff.of("E1", "赵六"));
    }
    catalog.markServiceable("kitchen/hood", true);
    catalog.linkStaff("E1", World.ACCOUNT, "staff");
  }

  private static Order order(World on, String orderNo) {
    return Order.of(orderNo, on.now.minusSeconds(3_600))
        .buyer(Buyer.of("C-" + orderNo, "王芳", "13800138000"))
        .place(Place.of("浙江/杭州", "文一路 1", "王芳", "13800138000"))
        .externalNumber("TMALL", "T-" + orderNo)
        .line(OrderLine.goods("1", "F1", 1, "5999.00").serials("S-" + orderNo))
        .line(OrderLine.goods("2", "H1", 2, "3000.00"));
  }

  private static void orders(World on) {
    Orders orders = on.engine.orders();
    Order order = order(on, "W-1");
    assertThat(orders.upsert(order).outcome()).isEqualTo(Upserted.CREATED);
    assertThat(orders.upsert(order).outcome()).isEqualTo(Upserted.UNCHANGED);
    assertThat(orders.upsert(order.line(OrderLine.gift("3", "nowhere", 1))).outcome())
        .isEqualTo(Upserted.CHANGED);
    assertThatThrownBy(
            () -> orders.upsert(order(on, "W-2").line(OrderLine.goods("9", "H1", 201, "1.00"))))
        .isInstanceOf(InvalidInputException.class);
    assertThat(orders.find("W-2")).isEmpty();
    assertThatThrownBy(() -> orders.advance("W-2", StageReport.of(Stage.SHIPPED, on.now)))
        .isInstanceOf(NotFoundException.class);
    StageReport shipped = StageReport.of(Stage.SHIPPED, on.now).document("CK-1").text("已出库");
    assertThat(orders.advance("W-1", shipped).outcome()).isEqualTo(AdvanceResult.Outcome.RECORDED);
    assertThat(orders.advance("W-1", shipped).outcome()).isEqualTo(AdvanceResult.Outcome.UNCHANGED);
    assertThat(orders.advance("W-1", shipped.text("已发货")).outcome())
        .isEqualTo(AdvanceResult.Outcome.UPDATED);
    assertThat(orders.byExternalNumber("TMALL", "T-W-1")).hasSize(1);
    assertThat(orders.page(OrderQuery.all(), null, 10).orders()).hasSize(1);
    assertThat(orders.history("W-1").units()).hasSize(3);
  }

  private static void binding(World on) {
    NoticeTemplate template =
        NoticeTemplate.of("T1").field("thing2", "{order.items}").field("phrase3", "{stage.name}");
    on.engine.notices().template(Stage.DELIVERED, template);
    on.engine.notices().template(Stage.DELIVERED, template);
    on.advance("W-1", Stage.APPROVED);
    Bindings bindings = on.engine.bindings();
    bindings.issue("W-1");
    String scene = on.scene("W-1");
    bindings.issue("W-1");
    assertThat(on.scene("W-1")).isEqualTo(scene);
    Inbound scan = on.scanned("o-wang", scene, true);
    assertThat(World.said(on.engine.receive(scan))).contains("绑定成功");
    assertThat(World.said(on.engine.receive(scan))).as("a repeat").contains("绑定成功");
    assertThat(on.engine.scan("o-li", scene)).contains("与家人一起");
    assertThat(on.engine.scan("staff", scene)).doesNotContain("绑定成功");
    on.advance("W-1", Stage.DELIVERED);
    on.engine.tick();
    assertThat(on.sentTo("o-wang")).hasSize(1);
    assertThat(on.sentTo("o-li")).hasSize(1);
    assertThat(on.engine.decisions("W-1"))
        .extracting(Decision::channel)
        .contains(ChannelKind.WECHAT_TEMPLATE);
    on.engine.receive(on.unfollowed("o-li"));
    bindings.unbind("W-1", World.ACCOUNT, "o-wang", "ops", "moved away");
    assertThat(bindings.audit("W-1")).isNotEmpty();
    on.engine.scanAndFollow("o-wang", on.issued("W-1"));
  }

  private static void returns(World on) {
    Returns returns = on.engine.orders.returns(on.engine.database, on.dealer);
    ReturnNote note =
        ReturnNote.of("R-1", on.now)
            .order("W-1")
            .line(ReturnLine.of("1", "H1", 1, "1500.00").orderLine("2"));
    assertThat(returns.record(note)).isEqualTo(Upserted.CREATED);
    assertThat(returns.record(note)).isEqualTo(Upserted.UNCHANGED);
    assertThat(
            returns.record(
                ReturnNote.of("R-2", on.now)
                    .order("W-late")
                    .line(ReturnLine.of("1", "H1", 1, "1.00"))))
        .isEqualTo(Upserted.CREATED);
  }

  private static void members(World on) {
    var members = on.engine.members.members(on.engine.database, on.dealer);
    assertThat(members.put(MemberProfile.of("C-new").withName("李雷"))).isEqualTo(Upserted.CREATED);
    assertThat(members.put(MemberProfile.of("C-new").withName("李雷"))).isEqualTo(Upserted.UNCHANGED);
    assertThat(members.find("C-new")).isPresent();
    assertThat(members.find("C-W-1")).isPresent();
  }

  private static void races(World on) throws Exception {
    on.engine.orders().upsert(order(on, "W-race-2"));
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int n = i;
      calls.add(() -> on.engine.orders().upsert(order(on, "W-race")));
      calls.add(() -> on.engine.orders().advance("W-1", StageReport.of(Stage.INSTALLED, on.now)));
      calls.add(() -> on.engine.bindings().issue("W-race-2").expiresAt());
      calls.add(
          () ->
              on.engine
                  .orders
                  .returns(on.engine.database, on.dealer)
                  .record(
                      ReturnNote.of("R-" + n, on.now).line(ReturnLine.of("1", "F1", 1, "1.00"))));
    }
    List<Object> results = World.atOnce(calls);
    assertThat(results.stream().filter(AdvanceResult.class::isInstance))
        .filteredOn(one -> ((AdvanceResult) one).outcome() == AdvanceResult.Outcome.RECORDED)
        .hasSize(1);
    assertThat(on.count("ticket")).as("one for each order").isEqualTo(2);
    assertThat(on.engine.orders().page(OrderQuery.all(), null, 10).orders()).hasSize(3);
    on.engine.tick();
  }
}
