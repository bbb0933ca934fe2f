package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.binding.FakePlatform;
import io.laoke.binding.IssueOptions;
import io.laoke.catalog.Product;
import io.laoke.catalog.Region;
import io.laoke.catalog.Store;
import io.laoke.imports.ImportFact;
import io.laoke.imports.Refusal;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.AuditEntry;
import io.laoke.member.Consent;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.segment.Criteria;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What people and hosts name may be as long as is said, counted in characters, of whatever they
 * are. H2 counts the units of Java, of which a character behind the first 65,536 has two.
 */
class LongestTextTest {
  private static final Instant AT = Instant.parse("2026-05-01T02:00:00Z");
  private static final String NAME = of(64);
  private static final String WORDS = of(200);
  private static final String PATH =
      String.join("/", Collections.nCopies(7, of(20))) + "/" + of(53);

  /** What holds words of Laoke's own, ASCII, or is cut or checked by units: tables and columns. */
  private static final String OURS =
      """
      audience hash
      binding_audit action
      callback_inbox error kind state
      category_change kind state
      chore name
      claim_try kind
      content hash
      content_draft hash state
      content_file file_type sha256
      content_file_part sha256
      content_upload kind upload_key
      content_version hash
      customer_order stage
      dealer zone
      decision advice advice_zh cause_kind channel delivery reason_text result
      delivery_report delivery detail
      follower_sync holder state why
      identity kind status
      import_refusal fact_value kind
      import_run holder state
      inbox dealer kind reason_code ref state
      inbox_turn token
      member gender
      member_attribute kind
      member_audit action
      member_change members
      member_duplicate resolution
      member_merge_item kind
      node holder
      order_assignment how
      order_line kind stage
      order_stage stage
      order_unit stage
      outbox cause_kind channel phase state
      own_phone origin
      paper_link state token
      pause advice advice_zh reason_text scope
      plan hash state
      plan_batch job_end prepared purpose reason state
      plan_event action hash
      plan_member reason result
      plan_report words
      recipient source state
      reminder basis state
      reminder_answer kind source
      reminder_audit action from_state to_state
      reminder_contact plan state step
      reminder_item basis state
      reminder_rule state
      reminder_task contact_channel contact_result reached_by state told_by
      schema_version checksum holder
      segment hash
      segment_version hash
      shop_code scene
      sms_opt_out signature source
      staff digest_by
      template stage
      ticket scene state
      """;

  private static String of(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(0x20000 + i * 97);
    }
    return text.toString();
  }

  private final FakePlatform platform = new FakePlatform(NAME);

  private Laoke laoke(HikariDataSource pool) {
    Laoke laoke =
        Laoke.builder()
            .dataSource(pool)
            .clock(Clock.fixed(AT, ZoneOffset.UTC))
            .dealer(NAME)
            .account(NAME, platform)
            .build();
    laoke.dealer(NAME).catalog().put(PATH, of(100));
    return laoke;
  }

  private static long member(Dealer dealer, String customerNo) {
    dealer.members().put(MemberProfile.of(customerNo));
    return dealer.members().find(customerNo).orElseThrow().id();
  }

  @ParameterizedTest
  @EnumSource
  void ofMembers(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Dealer dealer = laoke.dealer(NAME);
      Members members = dealer.members();
      long one = member(dealer, "1" + of(63));
      long other = member(dealer, "2" + of(63));
      members.tag(one, NAME, NAME);
      members.tag(other, "2" + of(63), NAME);
      long remark = members.remark(one, of(400), NAME).id();
      assertThat(members.takeBackRemark(one, remark, WORDS, NAME)).isTrue();
      members.pause(one, Purpose.CARE, null, WORDS, NAME);
      members.openComplaint(one, NAME, WORDS, NAME);
      members.closeComplaint(one, NAME, WORDS, NAME);
      members.consent(one, Consent.given(Purpose.MARKETING, NAME, NAME, AT));
      assertThat(members.consents(one)).extracting(Consent::source).containsExactly(NAME);
      AttributeType type =
          AttributeType.code(
              NAME,
              AttributeType.Choice.of(NAME, NAME, NAME),
              AttributeType.Choice.of("b", "b", "b"));
      dealer.attributes().put(type);
      Map<String, Attribute> attributes =
          Map.of(NAME, Attribute.code(NAME), "2" + of(63), Attribute.of(WORDS));
      members.attributes(one, attributes);
      assertThat(members.attributes(one)).isEqualTo(attributes);
      dealer.events().declare(EventType.of(NAME).property(type).property(AttributeType.text("t")));
      Event event =
          Event.of(NAME, NAME, AT).with(NAME, Attribute.code(NAME)).with("t", Attribute.of(WORDS));
      dealer.events().record(one, event);
      assertThat(dealer.events().page(one, NAME, null, 9).events().get(0).event()).isEqualTo(event);

      long merge = members.merge(one, other, NAME, WORDS).id();
      assertThat(members.tags(one)).hasSize(2);
      members.split(merge, NAME, WORDS);
      assertThat(members.audit(one, 0, 9)).extracting(AuditEntry::by).containsOnly(NAME);
      members.erase(one, NAME, WORDS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofCatalogsAndSegmentsAndImports(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Dealer dealer = laoke.dealer(NAME);
      Product product = Product.of(of(100), PATH).withBrand(of(100));
      dealer.catalog().mapProducts(List.of(product));
      assertThat(dealer.catalog().products(null, 9)).containsExactly(product);
      dealer.catalog().putRegion(PATH, of(100));
      assertThat(dealer.catalog().region(PATH)).contains(new Region(PATH, of(100)));
      dealer
          .orders()
          .upsert(Order.of("A", AT).line(OrderLine.goods("1", PATH, 1, "1").model("x" + of(99))));
      String moved = "x" + of(99) + "/" + of(99);
      dealer.catalog().move(PATH, moved);
      laoke.tick(AT);
      assertThat(dealer.orders().find("A").orElseThrow().lines().get(0).category())
          .isEqualTo(moved);

      dealer.segments().save(NAME, of(100), Criteria.everyone(), NAME);
      assertThat(dealer.segments().find(NAME).orElseThrow().name()).isEqualTo(of(100));
      long audience = dealer.segments().freeze(Criteria.everyone(), AT, of(100), NAME).id();
      assertThat(dealer.segments().audience(audience).orElseThrow().frozenBy()).isEqualTo(NAME);
      assertThat(dealer.segments().remove(NAME, NAME)).isTrue();

      ImportFact refused =
          ImportFact.refused(ImportFact.Kind.ORDER, of(150), of(100), WORDS, of(1_000)).from(WORDS);
      dealer.imports().run(NAME, List.of(refused).iterator());
      Refusal kept = dealer.imports().refusals(NAME, 0, 9).get(0);
      assertThat(kept.origin()).contains(WORDS);
      assertThat(kept.field()).isEqualTo(of(100));
      assertThat(kept.reason()).isEqualTo(of(1_000));
      SmsTemplate template =
          SmsTemplate.of(NAME, SmsPurpose.NOTICE, "您的订单已发货。").approved("p", "c").build();
      dealer.sms().templates().put(template);
      assertThat(dealer.sms().templates().find(NAME)).contains(template);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofBindingsAndNotices(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Dealer dealer = laoke.dealer(NAME);
      String orderNo = of(64);
      dealer.orders().upsert(Order.of(orderNo, AT).line(OrderLine.goods("1", PATH, 1, "1")));
      dealer
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of(of(128)).field("thing1", "{order.no}"));
      dealer.bindings().issue(orderNo, IssueOptions.standard().account(NAME).by(NAME)).qrCode();
      laoke.receive(NAME, new Inbound.Scanned("f1", AT, "o1", platform.scenes().get(0), true));
      laoke.tick(AT);
      long recipient = dealer.bindings().recipients(orderNo).get(0).id();
      platform.script.add(new SendOutcome.Accepted(of(64), List.of()));
      dealer.orders().advance(orderNo, StageReport.of(Stage.SHIPPED, AT));
      laoke.tick(AT);
      assertThat(platform.sent()).hasSize(1);
      laoke.receive(
          NAME, new Inbound.Reported("f2", AT, "o1", of(64), Inbound.Delivery.DELIVERED, "ok"));
      laoke.tick(AT);
      assertThat(dealer.deliveries().decisions(orderNo))
          .filteredOn(one -> one.result() == Decision.Result.SENT)
          .extracting(Decision::account)
          .containsExactly(NAME);

      platform.script.add(new SendOutcome.Refused(Reason.of(of(64), of(1_000)), false, false));
      dealer
          .notices()
          .template(Stage.DELIVERED, NoticeTemplate.of(of(128)).field("thing1", "{order.no}"));
      dealer.orders().advance(orderNo, StageReport.of(Stage.DELIVERED, AT));
      laoke.tick(AT);
      assertThat(dealer.deliveries().decisions(orderNo))
          .extracting(one -> one.reason().map(Reason::code).orElse(""))
          .contains(of(64));
      assertThat(dealer.bindings().stopNotices(orderNo, recipient, NAME, WORDS)).isTrue();
      assertThat(dealer.bindings().unbind(orderNo, recipient, NAME, WORDS)).isTrue();
      dealer.bindings().rebind(orderNo, NAME, WORDS);
      assertThat(dealer.bindings().revoke(orderNo, NAME, WORDS)).isTrue();
      assertThat(dealer.bindings().audit(orderNo))
          .filteredOn(event -> event.reason().isPresent())
          .hasSizeGreaterThanOrEqualTo(3)
          .allSatisfy(event -> assertThat(event.reason()).contains(WORDS));
      dealer.catalog().put(Store.of(of(64), of(100)).withAccount(NAME));
      assertThat(dealer.bindings().shopCode(of(64)).content()).isNotEmpty();
    }
  }

  @Test
  void columnsOnH2HaveTwiceTheRoomOfThoseElsewhere() throws SQLException {
    Map<String, Integer> there = lengths(TestServer.POSTGRESQL);
    Map<String, Integer> here = lengths(TestServer.H2);
    Set<String> narrow = new TreeSet<>();
    try (HikariDataSource pool = TestServer.H2.migrated();
        Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
      for (PersonalTable table : laoke.personalTables()) {
        for (PersonalTable.Column column : table.columns().values()) {
          boolean words =
              column.holds() == PersonalTable.Holds.CODE
                  || column.holds() == PersonalTable.Holds.OPEN;
          String name = table.name() + "." + column.name();
          if (words && there.containsKey(name) && here.get(name) < 2 * there.get(name)) {
            narrow.add(name);
          }
        }
      }
    }
    assertThat(narrow)
        .as("a column that may hold any characters is twice as long in h2/*.sql")
        .isEqualTo(ours());
  }

  private static Set<String> ours() {
    return OURS.lines()
        .map(line -> line.split(" "))
        .flatMap(line -> Arrays.stream(line).skip(1).map(column -> line[0] + "." + column))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Integer> lengths(TestServer server) throws SQLException {
    Map<String, Integer> lengths = new TreeMap<>();
    try (HikariDataSource pool = server.migrated();
        Connection connection = pool.getConnection();
        ResultSet columns =
            connection.getMetaData().getColumns(null, connection.getSchema(), null, null)) {
      while (columns.next()) {
        String table = columns.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
        int length = columns.getInt("COLUMN_SIZE");
        if (table.startsWith("laoke_")
            && columns.getInt("DATA_TYPE") == Types.VARCHAR
            && length < 10_000) {
          lengths.put(
              table.substring("laoke_".length())
                  + "."
                  + columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT),
              length);
        }
      }
    }
    return lengths;
  }
}
