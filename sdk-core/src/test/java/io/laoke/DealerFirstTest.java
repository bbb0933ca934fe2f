package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.binding.FakePlatform;
import io.laoke.catalog.CatalogChange;
import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.imports.ImportFact;
import io.laoke.inbox.InboxFact;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.Statements;
import io.laoke.order.UnitServiceReport;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ServiceCycle;
import io.laoke.testing.TestServer;
import io.laoke.testing.TextColumns;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tenants never meet: the dealer leads every key and index, and every statement names one. */
class DealerFirstTest {
  /** Of no dealer: the list of dealers, nodes and their numbers, the schema's own. */
  private static final Set<String> OF_ALL =
      Set.of("laoke_dealer", "laoke_node", "laoke_schema_version", "laoke_schema_lease");

  /**
   * What a round looks through to find the dealers that have something due, an account of one
   * dealer only, and what MySQL asks of a column that counts by itself.
   */
  private static final Set<String> LED_OTHERWISE =
      Set.of(
          "laoke_work_due by due_ms",
          "laoke_category_change by next_ms",
          "laoke_inbox by state",
          "laoke_account by account",
          "laoke_inbox by id",
          "laoke_member_change by id",
          "laoke_plan by state",
          "laoke_plan_batch by tag_until_ms",
          "laoke_plan_batch by state",
          "laoke_plan_batch by ask_ms",
          "laoke_plan_report by open_until_ms");

  /** How a round asks whether any dealer has rows. */
  private static final String LOOK = "SELECT (SELECT MIN(next_ms) FROM laoke_inbox";

  private static final Instant NOW = Instant.parse("2026-05-01T02:00:00Z");

  @ParameterizedTest
  @EnumSource
  void theDealerLeadsEveryKeyAndIndex(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated();
        Connection connection = pool.getConnection()) {
      DatabaseMetaData about = connection.getMetaData();
      Map<String, Set<String>> led = new TreeMap<>();
      Set<String> others = new TreeSet<>();
      for (String table : TextColumns.tables(connection)) {
        if (OF_ALL.contains(table.toLowerCase(Locale.ROOT))) {
          continue;
        }
        try (ResultSet index =
            about.getIndexInfo(
                connection.getCatalog(), connection.getSchema(), table, false, true)) {
          while (index.next()) {
            if (index.getString("INDEX_NAME") != null && index.getInt("ORDINAL_POSITION") == 1) {
              String column = index.getString("COLUMN_NAME").toLowerCase(Locale.ROOT);
              String name = table.toLowerCase(Locale.ROOT);
              led.computeIfAbsent(name, all -> new TreeSet<>()).add(column);
              if (!column.equals("dealer_id") && !column.equals("dealer")) {
                others.add(name + " by " + column);
              }
            }
          }
        }
      }
      assertThat(led).hasSizeGreaterThan(30);
      assertThat(others).isSubsetOf(LED_OTHERWISE);
    }
  }

  private static final Pattern TABLE = Pattern.compile("laoke_[a-z_]+");

  /** Everything that a dealer does once, on a database that writes each statement down. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void everyStatementNamesItsDealer(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      Statements written = new Statements();
      try (Laoke laoke =
          Laoke.builder()
              .dataSource(written.of(pool))
              .clock(Clock.fixed(NOW, ZoneOffset.UTC))
              .account("hengxin", new FakePlatform("wxmain"))
              .dealer("hengxin", DealerSettings.defaults().webAddress("https://m.example.cn/k"))
              .build()) {
        everything(laoke, laoke.dealer("hengxin"));
      }
      List<String> statements = written.taken();
      assertThat(statements).hasSizeGreaterThan(300);
      Set<String> without = new TreeSet<>();
      Set<String> touched = new TreeSet<>();
      for (String sql : statements) {
        Matcher table = TABLE.matcher(sql);
        while (table.find()) {
          touched.add(table.group());
          if (!OF_ALL.contains(table.group())
              && !sql.contains("dealer_id")
              && !sql.startsWith(LOOK)
              && !(table.group().equals("laoke_inbox") && sql.contains("dealer"))) {
            without.add(sql);
          }
        }
      }
      assertThat(touched)
          .contains("laoke_outbox", "laoke_consent", "laoke_import_run", "laoke_inbox")
          .contains("laoke_reminder", "laoke_reminder_task", "laoke_reminder_item")
          .contains("laoke_member_tag", "laoke_member_pause", "laoke_event", "laoke_event_type");
      assertThat(without).isEmpty();
    }
  }

  private static void reminders(Laoke laoke, Dealer dealer) {
    ReminderRule rule =
        ReminderRule.of("hood", "kitchen/hood", "CLEANING", ServiceCycle.every(Period.ofDays(1)));
    dealer.reminders().rules().dryRun(rule);
    dealer.reminders().rules().put(rule);
    dealer.orders().advance("SO-3", StageReport.of(Stage.INSTALLED, NOW.minusSeconds(864_000)));
    laoke.tick(NOW);
    UnitServiceReport done = UnitServiceReport.of("1", "CLEANING", NOW).document("GD-1");
    dealer.services().record("SO-3", done);
    laoke.tick(NOW);
    dealer.services().of("SO-3");
    dealer.services().remove("SO-3", done);
    dealer.reminders().of("SO-3");
    dealer.reminders().rules().progress("hood");
    dealer.reminders().rules().list();
    dealer.reminders().rules().retire("hood");
    laoke.tick(NOW);
  }

  private static void everything(Laoke laoke, Dealer dealer) {
    dealer.catalog().put(Category.of("kitchen/hood", "油烟机").withServiceable(true));
    dealer.catalog().mapProduct("CXW-200", "kitchen/hood");
    dealer.catalog().putRegion("浙江/杭州", "杭州");
    dealer.catalog().put(Store.of("S1", "西湖店").withPhones("0571-88001201"));
    dealer.catalog().put(Staff.of("P1", "李娜"));
    dealer.notices().template(Stage.SHIPPED, NoticeTemplate.of("T").field("thing1", "{order.no}"));
    for (String no : List.of("SO-1", "SO-2", "SO-3")) {
      dealer
          .orders()
          .upsert(
              Order.of(no, NOW)
                  .store("S1")
                  .buyer(Buyer.of("C" + no, "王芳", "1380013800" + no.charAt(3)))
                  .line(OrderLine.goods("1", "kitchen/hood", 2, "2999.00")));
    }
    dealer.bindings().issue("SO-1").qrCode();
    dealer.bindings().shopCode("S1");
    laoke.receive("wxmain", new Inbound.Followed("f1", NOW, "o1"));
    laoke.receive("wxmain", new Inbound.Said("s1", NOW, "o1", "绑定 SO-1 8001"));
    laoke.receive("wxmain", new Inbound.Said("s2", NOW, "o1", "绑定 SO-2 9999"));
    dealer.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, NOW));
    laoke.tick(NOW);
    dealer
        .returns()
        .record(
            ReturnNote.of("R1", NOW)
                .order("SO-2")
                .line(ReturnLine.of("1", "kitchen/hood", 1, "2999.00").orderLine("1")));
    dealer
        .members()
        .put(MemberProfile.of("C9").withName("李雷").withAttribute("级别", Attribute.of("金卡")));
    dealer
        .imports()
        .run(
            "all",
            List.of(
                    ImportFact.member(MemberProfile.of("C8")),
                    ImportFact.refused(ImportFact.Kind.ORDER, "X", "f", "v", "bad"))
                .iterator());
    Members members = dealer.members();
    long one = members.find("CSO-2").orElseThrow().id();
    long two = members.find("CSO-3").orElseThrow().id();
    members.consent(one, Consent.refused(Purpose.CARE, "电话", NOW));
    file(dealer, members, one, two);
    long merge = members.merge(one, two, "店长", "同一人").id();
    members.split(merge, "店长", "不是");
    members.export(one);
    members.duplicates(0, 10);
    members.erase(one, "客服", "要求");
    dealer.bindings().unbind("SO-1", "wxmain", "o1", "店员", "错了");
    dealer.bindings().rebind("SO-1", "店员", "错了");
    dealer.orders().recountAll(0, 100);
    dealer.orders().usedCodes();
    reminders(laoke, dealer);
    dealer.catalog().plan(CatalogChange.move("kitchen", "home"));
    dealer.catalog().move("kitchen", "home");
    dealer.catalog().unmapProduct("CXW-200", Optional.empty());
    dealer.catalog().unmapped(null, 10);
    dealer.catalog().products(null, 10);
    dealer.catalog().changes(0, 10);
    dealer.inbox().page(InboxFact.State.BAD, 0, 10);
    dealer.deliveries().waiting(Optional.empty(), 10);
    dealer.deliveries().decisions("SO-1");
    laoke.receive("wxmain", new Inbound.Unfollowed("u1", NOW, "o1"));
    laoke.tick(NOW);
    laoke.dealers().expire("hengxin");
    laoke.reseal(report -> {});
  }

  private static void file(Dealer dealer, Members members, long one, long two) {
    dealer.attributes().put(AttributeType.integer("积分"));
    dealer.attributes().put(AttributeType.integer("积分").withLabels("积分", "Points"));
    members.attributes(one, Map.of("积分", Attribute.of(7)));
    dealer.attributes().all();
    dealer.attributes().withdraw("无");
    EventType visit = EventType.of("到店").property(AttributeType.text("话"));
    dealer.events().declare(visit);
    dealer.events().declare(visit.property(AttributeType.flag("买")));
    dealer.events().record(two, Event.of("到店", "E1", NOW).with("话", Attribute.of("好")));
    dealer.events().record("CSO-3", Event.of("到店", "E1", NOW).withAmountFen(7));
    dealer.events().page(two, "到店", null, 9);
    dealer.events().withdraw("到店", "E2");
    dealer.events().withdrawType("无");
    members.tag(two, "VIP", "店员");
    members.untag(one, "VIP", "店员");
    members.takeBackRemark(one, members.remark(one, "好", "店员").id(), "错", "店员");
    members.remark(two, "好", "店员");
    members.pause(two, Purpose.CARE, null, "出差", "店员");
    members.resume(one, Purpose.CARE, "回来", "店员");
    members.openComplaint(two, "TS-1", "漏水", "客服");
    members.audit(one, 0, 10);
  }
}
