package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.zaxxer.hikari.HikariConfig;
import io.laoke.base.HostTransaction;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Reply;
import io.laoke.order.Buyer;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tickets, and the rules of who receives an order's notices. */
class BindingsTest {
  private static final Buyer WANG = Buyer.of("C1", "王伟", "13800138000");

  @ParameterizedTest
  @EnumSource
  void issuesOneLiveTicketHoweverOftenItIsAskedFor(TestServer server) throws Exception {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      World.Engine second = on.engine();
      List<Callable<Long>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        World.Engine engine = i % 2 == 0 ? on.engine : second;
        tasks.add(() -> engine.bindings().issue(order).id());
      }
      assertThat(World.atOnce(tasks).stream().distinct()).hasSize(1);
      assertThat(on.count("ticket")).isEqualTo(1);
      BindingTicket ticket = on.engine.bindings().issue(order);
      assertThat(ticket.state()).isEqualTo(TicketState.ISSUED);
      assertThat(ticket.orderNo()).isEqualTo(order);
      assertThat(ticket.account()).isEqualTo(World.ACCOUNT);
      assertThat(ticket.issuedAt()).isEqualTo(World.START);
      assertThat(ticket.expiresAt()).isEqualTo(World.START.plus(Duration.ofDays(30)));
      assertThat(on.scene(order)).matches("lk1_[A-Za-z0-9_-]{22}").doesNotContain(order);
      assertThat(on.engine.bindings().audit(order))
          .extracting(BindingEvent::action)
          .containsExactly(BindingEvent.Action.ISSUED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void replacesATicketThatIsOverAndRefusesWhereThereIsNothingToBind(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      long first = on.engine.bindings().issue(order, IssueOptions.standard().by("S01")).id();
      on.now = World.START.plus(Duration.ofDays(30));
      assertThat(on.engine.bindings().status(order).ticket().orElseThrow().state())
          .isEqualTo(TicketState.EXPIRED);
      assertThat(on.engine.bindings().ticket(order)).isEmpty();
      assertThat(on.engine.bindings().revoke(order, "S01", "过期")).isFalse();
      BindingTicket next = on.engine.bindings().issue(order);
      assertThat(next.id()).isNotEqualTo(first);
      // As if a node whose numbers are ahead had issued the first.
      on.database.own(
          "number it anew",
          tx ->
              tx.update("UPDATE {ticket} SET id = :ahead WHERE dealer_id = :dealer AND id = :id")
                  .bind("ahead", next.id() + 1)
                  .bind("dealer", on.dealer.id())
                  .bind("id", first)
                  .execute());
      assertThat(on.engine.bindings().status(order).ticket().orElseThrow().state())
          .isEqualTo(TicketState.ISSUED);
      assertThat(on.engine.bindings().revoke(order, "S01", "错发")).isTrue();
      assertThat(on.engine.bindings().revoke(order, "S01", "错发")).isFalse();
      assertThat(on.engine.bindings().audit(order))
          .extracting(BindingEvent::action)
          .containsExactly(
              BindingEvent.Action.ISSUED,
              BindingEvent.Action.EXPIRED,
              BindingEvent.Action.ISSUED,
              BindingEvent.Action.REVOKED);
      assertThat(on.engine.bindings().audit(order).get(0).by()).contains("S01");
      on.advance(order, Stage.CANCELLED);
      assertThatThrownBy(() -> on.engine.bindings().issue(order))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("CANCELLED");
      assertThatThrownBy(() -> on.engine.bindings().issue("SO-unknown"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("SO-unknown", "upsert");
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesTheStoresAccountElseTheDealersFirst(TestServer server) {
    try (World on = new World(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Store.of("S2", "城西店").withAccount(World.OTHER));
      on.engine.orders().upsert(on.aOrder("A1").store("S2"));
      on.engine.orders().upsert(on.aOrder("A2").store("S9"));
      assertThat(on.engine.bindings().issue("A1").account()).isEqualTo(World.OTHER);
      assertThat(on.engine.bindings().issue("A2").account()).isEqualTo(World.ACCOUNT);
      assertThatThrownBy(
              () ->
                  on.engine.bindings().issue("A1", IssueOptions.standard().account(World.ACCOUNT)))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("revoke");
      on.engine.orders().upsert(on.aOrder("A3"));
      assertThatThrownBy(
              () -> on.engine.bindings().issue("A3", IssueOptions.standard().account("nobody")))
          .isInstanceOf(NotFoundException.class);
      assertThat(
              on.engine
                  .bindings()
                  .issue("A3", IssueOptions.standard().account(World.OTHER))
                  .account())
          .isEqualTo(World.OTHER);
      // A scan that comes over another account than the ticket's finds nothing.
      assertThat(World.said(on.engine.receive(on.scanned("o1", on.scene("A3"), false))))
          .contains("未找到");
      assertThat(
              World.said(on.engine.receive(World.OTHER, on.scanned("o1", on.scene("A3"), false))))
          .contains("绑定成功");
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksThePlatformOnlyWhenItMust(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      BindingTicket ticket = on.engine.outsideOfHosts().bindings().issue(order);
      QrCode code = ticket.qrCode();
      assertThat(on.main.scenes()).containsExactly(on.scene(order));
      assertThat(code.content()).startsWith("http://weixin.qq.com/q/");
      assertThat(ticket.qrCode()).isEqualTo(code);
      assertThat(on.engine().outsideOfHosts().bindings().issue(order).qrCode()).isEqualTo(code);
      assertThat(on.main.scenes()).hasSize(1);
      assertThat(on.engine.bindings().status(order).ticket().orElseThrow().codeExpiresAt())
          .isPresent();

      String brief = on.guestOrder();
      on.main.life = Duration.ofHours(3);
      BindingTicket second = on.engine.outsideOfHosts().bindings().issue(brief);
      QrCode old = second.qrCode();
      assertThat(second.qrCode()).isNotEqualTo(old);
      on.engine.bindings().revoke(brief, "S01", "错发");
      assertThatThrownBy(second::qrCode)
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("REVOKED", "issue");
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheOrderAloneWhenThePlatformIsDown(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      BindingTicket ticket = on.engine.outsideOfHosts().bindings().issue(order);
      on.main.failure = new ChannelException("WeChat did not answer in 5 s.", null, true);
      assertThatThrownBy(ticket::qrCode)
          .isInstanceOfSatisfying(
              CodeUnavailableException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContainingAll("did not answer", "untouched", "ask again");
      on.main.failure = new ChannelException("WeChat answered 48001.", null, false);
      assertThatThrownBy(ticket::qrCode)
          .isInstanceOfSatisfying(
              CodeUnavailableException.class, e -> assertThat(e.retryable()).isFalse());
      on.main.makesCodes = false;
      assertThatThrownBy(ticket::qrCode)
          .isInstanceOf(CodeUnavailableException.class)
          .hasMessageContaining("服务号");
      on.main.makesCodes = true;
      on.main.failure = null;
      assertThat(ticket.qrCode().content()).isNotEmpty();
      assertThat(on.scan("o1", order)).contains("绑定成功");
    }
  }

  @ParameterizedTest
  @EnumSource
  void joinsTheHostsTransactionAndAsksNoPlatformInIt(TestServer server) throws Exception {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      HostOf host = new HostOf();
      World.Engine engine = on.engine(host);
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        host.connection = connection;
        BindingTicket lost = engine.bindings().issue(order);
        assertThatThrownBy(lost::qrCode)
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("inside a transaction");
        assertThatThrownBy(() -> engine.bindings().issue("SO-unknown"))
            .isInstanceOf(NotFoundException.class);
        connection.rollback();
        host.connection = null;
        assertThat(on.count("ticket")).isZero();
        assertThat(on.count("binding_audit")).isZero();
        assertThatThrownBy(lost::qrCode)
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("committed");
      }
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        BindingTicket kept =
            engine.binding.bindings(engine.database.in(connection), on.dealer).issue(order);
        assertThatThrownBy(kept::qrCode)
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("committed");
        connection.commit();
        assertThat(kept.qrCode().content()).isNotEmpty();
      }
      assertThat(on.count("ticket")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstWhoScansAGuestsOrderBecomesItsMember(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      assertThat(on.memberOf(order)).isEmpty();
      assertThat(on.scan("o1", order)).contains("绑定成功", order, "双开门冰箱等3件", "已上报");
      assertThat(on.memberOf(order)).isPresent().isEqualTo(on.memberOfOpenid("o1"));
      BindingStatus status = on.engine.bindings().status(order);
      assertThat(status.bound()).isTrue();
      assertThat(status.ticket().orElseThrow().state()).isEqualTo(TicketState.CLAIMED);
      assertThat(status.recipients()).hasSize(1);
      assertThat(status.recipients().get(0).follows()).isTrue();
      assertThat(status.toString()).doesNotContain("o1");
      // The family's second has a member of its own and just receives.
      assertThat(on.scan("o2", order)).contains("与家人一起");
      assertThat(on.memberOf(order)).isEqualTo(on.memberOfOpenid("o1"));
      assertThat(on.memberOfOpenid("o2")).isPresent().isNotEqualTo(on.memberOf(order));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aListKnowsWhichOfItsOrdersAreBound(TestServer server) {
    try (World on = new World(server)) {
      Bindings bindings = on.engine.bindings();
      String bound = on.guestOrder();
      String free = on.guestOrder();
      String left = on.guestOrder();
      on.scan("o1", bound);
      on.scan("o2", left);
      bindings.rebind(left, "S01", "the wrong person");
      assertThat(bindings.bound(List.of(bound, free, left, "SO-none", bound)))
          .containsExactly(bound);
      assertThat(bindings.bound(List.of())).isEmpty();
      assertThatThrownBy(() -> bindings.bound(List.of(bound, " ")))
          .isInstanceOf(InvalidInputException.class);
      List<String> tooMany = IntStream.rangeClosed(0, 1000).mapToObj(i -> "SO-" + i).toList();
      assertThatThrownBy(() -> bindings.bound(tooMany))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("orderNos");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstWhoScansAKnownBuyersOrderJoinsThatMember(TestServer server) {
    try (World on = new World(server)) {
      on.bindingSettings = on.bindingSettings.withAutoBind(AutoBind.NEVER);
      String order = on.order(WANG);
      OptionalLong wang = on.memberOf(order);
      on.scan("o1", order);
      assertThat(on.memberOfOpenid("o1")).isEqualTo(wang);
      assertThat(on.engine.bindings().status(order).recipients().get(0).shown())
          .startsWith("王** 微信");
      // That member has an openid now: who scans the next order first keeps a member of their own.
      String next = on.order(WANG);
      on.scan("o2", next);
      assertThat(on.memberOf(next)).isEqualTo(wang);
      assertThat(on.memberOfOpenid("o2")).isPresent().isNotEqualTo(wang);
      assertThat(on.stateOf(next, "o2")).isEqualTo(RecipientState.ACTIVE);
      // Also when it has unfollowed meanwhile.
      on.engine.receive(on.unfollowed("o1"));
      String third = on.order(WANG);
      on.scan("o3", third);
      assertThat(on.memberOfOpenid("o3")).isNotEqualTo(wang);
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverMergesTwoMembersButNotesThem(TestServer server) {
    try (World on = new World(server)) {
      String wangs = on.order(WANG);
      on.scan("o1", wangs);
      String lis = on.order(Buyer.of("C2", "李娜", "13900139000"));
      OptionalLong li = on.memberOf(lis);
      assertThat(on.scan("o1", lis)).contains("绑定成功");
      assertThat(on.memberOf(lis)).isEqualTo(li);
      assertThat(on.memberOfOpenid("o1")).isEqualTo(on.memberOf(wangs)).isNotEqualTo(li);
      assertThat(on.engine.members.members(on.database, on.dealer).duplicates(0, 10)).hasSize(1);
      // A family's second is somebody else by nature.
      on.scan("o9", on.guestOrder());
      on.scan("o9", lis);
      assertThat(on.engine.members.members(on.database, on.dealer).duplicates(0, 10)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void letsTheFamilyInUpToTheLimitAndTellsStrangersNothing(TestServer server) {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      on.scan("o1", order);
      on.scan("o2", order);
      assertThat(on.scan("o3", order)).contains("家人");
      assertThat(on.scan("o4", order)).contains("已被使用").doesNotContain(order, "王", "冰箱", "已上报");
      assertThat(on.stateOf(order, "o4")).isNull();
      assertThat(on.scan("o2", order)).contains("您已绑定", order);
      assertThat(on.engine.bindings().recipients(order)).hasSize(3);

      on.bindingSettings = on.bindingSettings.withRecipientLimit(1);
      String single = on.guestOrder();
      on.scan("o1", single);
      assertThat(on.scan("o2", single)).contains("已被使用");
    }
  }

  @ParameterizedTest
  @EnumSource
  void staffNeverBind(TestServer server) {
    try (World on = new World(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Staff.of("E1", "赵六"));
      catalog.linkStaff("E1", World.ACCOUNT, "staff");
      String order = on.guestOrder();
      assertThat(on.scan("staff", order)).contains("员工", order);
      assertThat(on.engine.bindings().status(order).bound()).isFalse();
      assertThat(on.engine.bindings().status(order).ticket().orElseThrow().state())
          .isEqualTo(TicketState.ISSUED);
      assertThatThrownBy(
              () -> on.engine.bindings().rebindTo(order, World.ACCOUNT, "staff", "S1", "试"))
          .isInstanceOf(ConflictException.class);
      assertThat(on.scan("o1", order)).contains("绑定成功");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theReplyIsTheTellingOfThePresentStage(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      on.engine
          .orders()
          .advance(order, StageReport.of(Stage.SHIPPED, on.now).text("已从总仓发出").carrier("顺丰"));
      assertThat(on.scan("o1", order)).contains("已出库", "5月1日 10:00", "已从总仓发出");
      on.scan("o1", order);
      List<Decision> told =
          on.engine.decisions(order).stream()
              .filter(one -> one.channel() == ChannelKind.WECHAT_REPLY)
              .toList();
      assertThat(told).hasSize(1);
      assertThat(told.get(0).result()).isEqualTo(Decision.Result.REPLIED);
      assertThat(told.get(0).causeKind()).isEqualTo("STAGE");
      // An order of which nothing but its existence was reported.
      String fresh = on.guestOrder();
      on.scan("o1", fresh);
      assertThat(on.engine.decisions(fresh))
          .extracting(Decision::causeKind)
          .containsExactly("ORDER");
    }
  }

  @ParameterizedTest
  @EnumSource
  void unbindsGivesBackAndRemembers(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      on.scan("o2", order);
      long first = on.engine.bindings().recipients(order).get(0).id();
      assertThat(on.engine.bindings().unbind(order, first, "S01", "扫错了")).isTrue();
      assertThat(on.engine.bindings().unbind(order, first, "S01", "扫错了")).isFalse();
      assertThat(on.memberOf(order)).isEmpty();
      assertThat(on.stateOf(order, "o1")).isEqualTo(RecipientState.UNBOUND);
      assertThat(on.engine.bindings().unbind(order, World.ACCOUNT, "o2", "S01", "扫错了")).isTrue();
      assertThat(on.engine.bindings().status(order).bound()).isFalse();
      assertThatThrownBy(() -> on.engine.bindings().unbind(order, 77, "S01", "?"))
          .isInstanceOf(NotFoundException.class);
      BindingEvent last =
          on.engine.bindings().audit(order).get(on.engine.bindings().audit(order).size() - 1);
      assertThat(last.action()).isEqualTo(BindingEvent.Action.UNBOUND);
      assertThat(last.by()).contains("S01");
      assertThat(last.reason()).contains("扫错了");
      // The code still binds: who holds it may come again.
      assertThat(on.scan("o1", order)).contains("绑定成功");
      assertThat(on.memberOf(order)).isEqualTo(on.memberOfOpenid("o1"));
      // The order of a known buyer stays with the buyer.
      String wangs = on.order(WANG);
      OptionalLong wang = on.memberOf(wangs);
      on.scan("o5", wangs);
      on.engine.bindings().unbind(wangs, World.ACCOUNT, "o5", "S01", "扫错了");
      assertThat(on.memberOf(wangs)).isEqualTo(wang);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rebindsByAFreshCodeOrToAKnownPerson(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      String old = on.issued(order);
      on.scan("wrong", order);
      BindingTicket fresh = on.engine.bindings().rebind(order, "S01", "别人先扫了");
      assertThat(fresh.state()).isEqualTo(TicketState.ISSUED);
      assertThat(on.engine.scan("wrong", old)).contains("已作废");
      assertThat(on.memberOf(order)).isEmpty();
      assertThat(on.scan("right", order)).contains("绑定成功");
      assertThat(on.memberOf(order)).isEqualTo(on.memberOfOpenid("right"));

      Recipient named = on.engine.bindings().rebindTo(order, World.ACCOUNT, "third", "S01", "本人到店");
      assertThat(named.state()).isEqualTo(RecipientState.ACTIVE);
      assertThat(named.source()).isEqualTo(Recipient.Source.REBIND);
      assertThat(on.stateOf(order, "right")).isEqualTo(RecipientState.UNBOUND);
      assertThat(on.memberOf(order)).isEqualTo(on.memberOfOpenid("third"));
      assertThat(on.engine.bindings().ticket(order)).isEmpty();
      int events = on.engine.bindings().audit(order).size();
      assertThat(on.engine.bindings().rebindTo(order, World.ACCOUNT, "third", "S01", "本人到店"))
          .isEqualTo(named);
      assertThat(on.engine.bindings().audit(order)).hasSize(events);
    }
  }

  @ParameterizedTest
  @EnumSource
  void stopsAndResumesTheNoticesOfOneOrder(TestServer server) {
    try (World on = new World(server)) {
      String order = on.guestOrder();
      on.scan("o1", order);
      long id = on.engine.bindings().recipients(order).get(0).id();
      assertThat(on.engine.bindings().stopNotices(order, id, "S01", "客户要求")).isTrue();
      assertThat(on.engine.bindings().stopNotices(order, id, "S01", "客户要求")).isFalse();
      assertThat(on.engine.bindings().status(order).bound()).isTrue();
      assertThat(on.engine.bindings().resumeNotices(order, id, "S01", "客户要求")).isTrue();
      on.engine.bindings().stopNotices(order, id, "S01", "客户要求");
      assertThat(on.scan("o1", order)).contains("恢复");
      assertThat(on.stateOf(order, "o1")).isEqualTo(RecipientState.ACTIVE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bindsLaterOrdersOfAFollowerByItself(TestServer server) {
    try (World on = new World(server)) {
      on.scan("o1", on.order(WANG));
      String later = on.order(WANG);
      assertThat(on.stateOf(later, "o1")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.engine.bindings().recipients(later).get(0).source())
          .isEqualTo(Recipient.Source.AUTO);
      on.engine.orders().upsert(on.aOrder(later).buyer(WANG));
      assertThat(on.engine.bindings().recipients(later)).hasSize(1);
      // Taken away stays taken away, whatever the ERP reports again.
      on.engine.bindings().unbind(later, World.ACCOUNT, "o1", "S01", "不是本人");
      on.engine.orders().upsert(on.aOrder(later).buyer(WANG).salesperson("E1"));
      assertThat(on.stateOf(later, "o1")).isEqualTo(RecipientState.UNBOUND);
      // Who follows no more is not bound.
      on.engine.receive(on.unfollowed("o1"));
      assertThat(on.stateOf(on.order(WANG), "o1")).isNull();
      // Who follows again is.
      on.engine.receive(on.followed("o1"));
      assertThat(on.stateOf(on.order(WANG), "o1")).isEqualTo(RecipientState.ACTIVE);

      on.bindingSettings = on.bindingSettings.withAutoBind(AutoBind.NEVER);
      assertThat(on.stateOf(on.order(WANG), "o1")).isNull();

      on.bindingSettings = on.bindingSettings.withAutoBind(AutoBind.ASK);
      String asked = on.order(WANG);
      assertThat(on.stateOf(asked, "o1")).isEqualTo(RecipientState.OFFERED);
      assertThat(on.engine.bindings().status(asked).bound()).isFalse();
      assertThat(on.scan("o1", on.guestOrder())).contains("待确认", asked);
      assertThat(on.scan("o1", asked)).contains("绑定成功").doesNotContain("待确认");
      assertThat(on.stateOf(asked, "o1")).isEqualTo(RecipientState.ACTIVE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOrderThatGoesToAnotherBuyerTakesItsOwnFollowersAlong(TestServer server) {
    try (World on = new World(server)) {
      Buyer li = Buyer.of("C2", "李娜", "13900139000");
      on.scan("wang", on.order(WANG));
      on.scan("li", on.order(li));
      String order = on.order(WANG);
      assertThat(on.stateOf(order, "wang")).isEqualTo(RecipientState.ACTIVE);
      on.engine.orders().upsert(on.aOrder(order).buyer(li));
      assertThat(on.stateOf(order, "wang")).isNull();
      assertThat(on.stateOf(order, "li")).isEqualTo(RecipientState.ACTIVE);
      on.engine.orders().upsert(on.aOrder(order).buyer(WANG));
      assertThat(on.stateOf(order, "wang")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.stateOf(order, "li")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsTakenAwayLosesWhatTheirScanHadJoined(TestServer server) {
    try (World on = new World(server)) {
      String order = on.order(WANG);
      OptionalLong wang = on.memberOf(order);
      on.scan("wrong", order);
      String later = on.order(WANG);
      assertThat(on.stateOf(later, "wrong")).isEqualTo(RecipientState.ACTIVE);

      on.engine.bindings().rebind(order, "S01", "别人先扫了");
      assertThat(on.memberOfOpenid("wrong")).isEmpty();
      assertThat(on.stateOf(later, "wrong")).isEqualTo(RecipientState.UNBOUND);
      assertThat(on.engine.bindings().audit(later))
          .extracting(BindingEvent::action)
          .containsExactly(BindingEvent.Action.AUTO_BOUND, BindingEvent.Action.UNBOUND);
      assertThat(on.engine.bindings().recipients(on.order(WANG))).isEmpty();

      on.scan("right", order);
      assertThat(on.memberOfOpenid("right")).isEqualTo(wang);
      assertThat(on.stateOf(on.order(WANG), "right")).isEqualTo(RecipientState.ACTIVE);
      // Who is known by another order keeps what that order gave.
      String guests = on.guestOrder();
      on.scan("right", guests);
      on.engine.bindings().unbind(guests, World.ACCOUNT, "right", "S01", "退出");
      assertThat(on.memberOfOpenid("right")).isEqualTo(wang);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOpenidThatJoinedTheWrongBuyerGoesAlongWithTheOrder(TestServer server) {
    try (World on = new World(server)) {
      Buyer li = Buyer.of("C2", "李娜", "13900139000");
      OptionalLong lis = on.memberOf(on.order(li));
      String order = on.order(WANG);
      on.scan("li", order);
      String wangs = on.order(WANG);
      assertThat(on.stateOf(wangs, "li")).isEqualTo(RecipientState.ACTIVE);

      on.engine.orders().upsert(on.aOrder(order).buyer(li));
      assertThat(on.memberOf(order)).isEqualTo(lis);
      assertThat(on.stateOf(order, "li")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.memberOfOpenid("li")).isEqualTo(lis);
      assertThat(on.stateOf(wangs, "li")).isEqualTo(RecipientState.UNBOUND);
      assertThat(on.stateOf(on.order(WANG), "li")).isNull();
      assertThat(on.stateOf(on.order(li), "li")).isEqualTo(RecipientState.ACTIVE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCodeThatIsAskedForUnderTheHostsOwnLockIsGivenAndNotKept(TestServer server)
      throws Exception {
    HikariConfig config = new HikariConfig();
    if (server == TestServer.H2) {
      // It looks for no deadlock but waits, two seconds by default, before each repeat.
      config.setConnectionInitSql("SET LOCK_TIMEOUT 100");
    }
    try (World on = new World(server, config)) {
      String order = on.guestOrder();
      BindingTicket ticket = on.engine.outsideOfHosts().bindings().issue(order);
      try (Connection connection = on.pool.getConnection()) {
        connection.setAutoCommit(false);
        BindingTicket locked =
            on.engine
                .outsideOfHosts()
                .binding
                .bindings(TestServer.outsideOfHosts(on.pool).in(connection), on.dealer)
                .issue(order);
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> assertThat(locked.qrCode().content()).isNotEmpty());
        connection.rollback();
      }
      assertThat(ticket.qrCode()).isEqualTo(ticket.qrCode());
      assertThat(on.main.scenes()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ownWordsAreCutAndWhenTheyFailTheStandardOnesAreUsed(TestServer server) {
    try (World on = new World(server)) {
      on.bindingSettings = on.bindingSettings.withReplies(told -> "好".repeat(900));
      assertThat(on.scan("o1", on.guestOrder())).hasSize(600).endsWith("…");
      on.bindingSettings = on.bindingSettings.withReplies(told -> "😀".repeat(600));
      assertThat(on.scan("o1", on.guestOrder()).getBytes(StandardCharsets.UTF_8))
          .hasSizeBetween(1_990, 2_000);
      on.bindingSettings = on.bindingSettings.withReplies(told -> "a\u0000b\ud800c😀");
      assertThat(on.scan("o1", on.guestOrder())).isEqualTo("abc😀");
      on.bindingSettings =
          on.bindingSettings.withReplies(
              told -> {
                throw new IllegalStateException("broken");
              });
      assertThat(on.scan("o1", on.guestOrder())).contains("绑定成功");
      on.bindingSettings = on.bindingSettings.withReplies(told -> " ");
      assertThat(on.scan("o1", on.guestOrder())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void foreignCodesTextsAndFollowsAreNeverAnswered(TestServer server) {
    try (World on = new World(server)) {
      for (String scene : List.of("", "123", "qrscene_lk1_x", "LK1_abc", "last_trade_no_42")) {
        assertThat(on.engine.receive(on.scanned("o1", scene, false)))
            .isInstanceOf(Reply.None.class);
        assertThat(on.engine.receive(on.scanned("o2", scene, true))).isInstanceOf(Reply.None.class);
      }
      for (String text : List.of("你好", "人工", "我要绑定手机", "bind")) {
        assertThat(on.engine.receive(on.text("o1", text))).isInstanceOf(Reply.None.class);
      }
      assertThat(on.engine.receive(on.followed("o3"))).isInstanceOf(Reply.None.class);
      assertThat(on.engine.receive(on.unfollowed("o3"))).isInstanceOf(Reply.None.class);
      assertThat(on.engine.scan("o1", "lk1_nothing")).contains("未找到");
      assertThat(on.engine.scan("o1", "lk1_" + "x'; DROP TABLE laoke_ticket; --")).contains("未找到");
      assertThat(on.count("recipient")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesBadInputAndWritesNothing(TestServer server) {
    try (World on = new World(server)) {
      Bindings bindings = on.engine.bindings();
      String order = on.guestOrder();
      List<Runnable> bad = new ArrayList<>();
      bad.add(() -> bindings.issue(null));
      bad.add(() -> bindings.issue(" "));
      bad.add(() -> bindings.issue("x".repeat(65)));
      bad.add(() -> bindings.issue("a\u0000b"));
      bad.add(() -> bindings.issue("\ud83d"));
      bad.add(() -> bindings.issue(order, null));
      bad.add(() -> bindings.issue(order, IssueOptions.standard().by("x".repeat(65))));
      bad.add(() -> bindings.issue(order, IssueOptions.standard().account("x".repeat(65))));
      bad.add(() -> bindings.revoke(order, "", "why"));
      bad.add(() -> bindings.revoke(order, "S01", "x".repeat(201)));
      bad.add(() -> bindings.unbind(order, World.ACCOUNT, "", "S01", "why"));
      bad.add(() -> bindings.unbind(order, World.ACCOUNT, "o".repeat(129), "S01", "why"));
      bad.add(() -> BindingSettings.standard().withRecipientLimit(0));
      bad.add(() -> BindingSettings.standard().withRecipientLimit(21));
      bad.add(() -> BindingSettings.standard().withTicketLife(Duration.ofDays(31)));
      bad.add(() -> BindingSettings.standard().withTicketLife(Duration.ofSeconds(1)));
      for (Runnable call : bad) {
        assertThatThrownBy(call::run).isInstanceOf(InvalidInputException.class);
      }
      assertThatThrownBy(() -> bindings.status("SO-none")).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> bindings.recipient(order, "wxnone", "o1"))
          .isInstanceOf(LaokeException.class);
      assertThat(on.count("ticket")).isZero();
      for (String number : List.of("O'Brien/1\\2", "订单😀", "a;b--", "%_")) {
        on.engine.orders().upsert(on.aOrder(number));
        assertThat(on.scan("o1", number)).contains(number);
      }
    }
  }

  private static final class HostOf implements HostTransaction {
    volatile Connection connection;

    @Override
    public Optional<Connection> current(DataSource dataSource) {
      return Optional.ofNullable(connection);
    }

    @Override
    public void afterCommit(Runnable task) {
      // These tests look at the tables, not at the engine.
    }
  }
}
