package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.binding.FakePlatform;
import io.laoke.member.Members;
import io.laoke.member.Merge;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.Statements;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * By the statements of each call: all lock orders, members, their files and messages in this order.
 */
class StatementsLockInOrderTest {
  private static final List<String> ORDER =
      List.of("customer_order", "member", "member_category", "outbox");
  private static final Pattern LOCKS =
      Pattern.compile(
          "\\A\\s*(?:UPDATE|INSERT INTO|DELETE FROM) laoke_([a-z_]+)"
              + "|FROM laoke_([a-z_]+)(?=.*FOR UPDATE)",
          Pattern.DOTALL);
  private static final Instant NOW = Instant.parse("2026-05-01T02:00:00Z");

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL", "MYSQL"})
  void ordersThenMembersThenTheirFilesThenMessages(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Statements written = new Statements();
      Map<String, List<String>> calls = new TreeMap<>();
      try (Laoke laoke =
          Laoke.builder()
              .dataSource(written.of(pool))
              .clock(Clock.fixed(NOW, ZoneOffset.UTC))
              .account("hengxin", new FakePlatform("wxmain"))
              .build()) {
        Dealer dealer = laoke.dealer("hengxin");
        for (Stage stage : List.of(Stage.APPROVED, Stage.SHIPPED, Stage.RETURNED)) {
          dealer.notices().template(stage, NoticeTemplate.of("T").field("thing1", "{order.no}"));
        }
        call(calls, written, "first upsert", () -> dealer.orders().upsert(order("SO-1", "C1", 1)));
        dealer.orders().upsert(order("SO-2", "C2", 2));
        laoke.receive("wxmain", new Inbound.Followed("f1", NOW, "o1"));
        call(
            calls,
            written,
            "claim",
            () -> laoke.receive("wxmain", new Inbound.Said("s1", NOW, "o1", "绑定 SO-1 8001")));
        call(
            calls,
            written,
            "advance",
            () -> dealer.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, NOW)));
        call(calls, written, "change", () -> dealer.orders().upsert(order("SO-1", "C1", 7)));
        call(calls, written, "other buyer", () -> dealer.orders().upsert(order("SO-1", "C2", 7)));
        call(
            calls,
            written,
            "return",
            () ->
                dealer
                    .returns()
                    .record(
                        ReturnNote.of("R1", NOW)
                            .order("SO-1")
                            .line(ReturnLine.of("1", "hood", 1, "1.00").orderLine("1"))));
        Members members = dealer.members();
        long one = members.find("C1").orElseThrow().id();
        long two = members.find("C2").orElseThrow().id();
        call(calls, written, "merge", () -> members.merge(one, two, "店长", "同一人"));
        List<Merge> merges = members.merges(one);
        long merge = merges.get(merges.size() - 1).id();
        call(calls, written, "split", () -> members.split(merge, "店长", "不是"));
        call(calls, written, "erase", () -> members.erase(two, "客服", "要求"));
      }
      assertThat(calls).hasSize(9);
      calls.forEach(
          (name, locked) ->
              assertThat(locked)
                  .as(name)
                  .isNotEmpty()
                  .isSortedAccordingTo(
                      (a, b) -> Integer.compare(ORDER.indexOf(a), ORDER.indexOf(b))));
    }
  }

  private static Order order(String no, String customer, int yuan) {
    return Order.of(no, NOW)
        .buyer(Buyer.of(customer, "王芳", "1380013800" + customer.charAt(1)))
        .line(OrderLine.goods("1", "hood", 1, yuan + ".00"));
  }

  private static void call(
      Map<String, List<String>> calls, Statements written, String name, Runnable call) {
    written.taken();
    call.run();
    Set<String> locked = new LinkedHashSet<>();
    for (String sql : written.taken()) {
      Matcher found = LOCKS.matcher(sql);
      if (found.find()) {
        String table = found.group(1) == null ? found.group(2) : found.group(1);
        if (ORDER.contains(table)) {
          locked.add(table);
        }
      }
    }
    calls.put(name, new ArrayList<>(locked));
  }
}
