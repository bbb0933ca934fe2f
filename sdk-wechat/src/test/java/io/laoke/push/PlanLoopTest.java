package io.laoke.push;

import static io.laoke.segment.Criteria.everyone;
import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Fields.TAGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.error.ChannelException;
import io.laoke.error.NotFoundException;
import io.laoke.member.Consent;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Four articles, four groups that overlap, and what each phone shows in the end. */
class PlanLoopTest {
  private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");

  private final HikariDataSource pool = TestServer.H2.migrated();
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount platform = simulator.addAccount(AccountSpec.service());
  private final OfficialAccount account =
      WeChat.officialAccount(
          OfficialAccountSettings.builder(platform.appId())
              .secret(platform.secret())
              .baseUrl(simulator.baseUrl())
              .build());
  private final Laoke laoke =
      Laoke.builder()
          .dataSource(pool)
          .clock(Clock.fixed(NOW, ZoneId.of("Asia/Shanghai")))
          .dealer(
              "hengxin",
              DealerSettings.defaults().plans(PlanSettings.standard().approvedByAnybody()))
          .account("hengxin", account)
          .build();

  @AfterEach
  void close() {
    laoke.close();
    simulator.close();
    pool.close();
  }

  private Follower follower(String name, String... tags) {
    Follower one = platform.follower(name);
    one.follow();
    laoke.receive(platform.appId(), new Inbound.Followed("f-" + one.openId(), NOW, one.openId()));
    Dealer dealer = laoke.dealer("hengxin");
    long member = dealer.members().byOpenid(platform.appId(), one.openId()).orElseThrow().id();
    dealer.members().consent(member, Consent.given(Purpose.MARKETING, "PAPER", "v1", NOW));
    for (String tag : tags) {
      dealer.members().tag(member, tag, "li");
    }
    return one;
  }

  @Test
  void eachPhoneShowsTheArticleOfItsFirstGroup() {
    Dealer dealer = laoke.dealer("hengxin");
    ContentFile cover = dealer.contents().addFile(Bytes.png(2_000, 1), "封面.png");
    Plan plan = Plan.of("autumn", "秋季", platform.appId());
    for (String group : List.of("厨房", "清洁", "影音")) {
      dealer
          .contents()
          .save(
              group,
              group,
              Content.of(Article.of(group + "好文", "<p>" + group + "</p>").withCover(cover)),
              "li");
      plan = plan.rule(group, field(TAGS).hasAny(group), group);
    }
    dealer
        .contents()
        .save("rest", "其余", Content.of(Article.of("超值好物", "<p>其余</p>").withCover(cover)), "li");
    plan = plan.rest("其余", everyone(), "rest");
    Map<Follower, String> expected = new LinkedHashMap<>();
    for (int i = 0; i < 2; i++) {
      expected.put(follower("甲" + i, "厨房", "清洁"), "厨房好文");
      expected.put(follower("乙" + i, "影音", "清洁"), "清洁好文");
      expected.put(follower("丙" + i, "影音"), "影音好文");
      expected.put(follower("丁" + i), "超值好物");
    }
    dealer.plans().save(plan, "li");
    PlanCounts preview = dealer.plans().preview(plan, NOW);
    SavedPlan submitted = dealer.plans().submit("autumn", "li");
    dealer.plans().approve("autumn", submitted.hash(), "li");
    assertThat(dealer.plans().allocate("autumn", NOW, "li")).isEqualTo(preview);
    dealer.plans().start("autumn", "li");
    for (int i = 0; i < 4; i++) {
      laoke.tick(NOW);
      simulator.settle();
    }

    assertThat(dealer.plans().batches("autumn"))
        .extracting(one -> one.recipients() + " " + one.state())
        .containsOnly("2 SENT")
        .hasSize(4);
    assertThat(dealer.plans().find("autumn").orElseThrow().state()).isEqualTo(PlanState.DONE);
    List<String> chats = new ArrayList<>();
    expected.forEach(
        (one, title) -> {
          assertThat(one.chat()).as(one.openId()).hasSize(1);
          assertThat(one.chat().get(0).toString()).contains(title);
          chats.add(title);
        });
    assertThat(chats).hasSize(8);
    assertThat(platform.drafts()).isEmpty();
  }

  @Test
  void staffSeeAContentInTheirOwnChatAndNothingIsUsed() {
    Dealer dealer = laoke.dealer("hengxin");
    ContentFile cover = dealer.contents().addFile(Bytes.png(2_000, 1), "封面.png");
    dealer
        .contents()
        .save("a", "厨房", Content.of(Article.of("厨房好文", "<p>厨房</p>").withCover(cover)), "li");
    Follower staff = follower("店员");

    dealer.contents().preview("a", platform.appId(), staff.openId());
    dealer.contents().preview("a", platform.appId(), staff.openId());

    assertThat(staff.chat()).hasSize(2);
    assertThat(staff.chat().get(0).toString()).contains("厨房好文");
    assertThat(platform.massesThisMonth(staff.openId())).isZero();
    assertThat(dealer.quota().month(platform.appId(), YearMonth.of(2026, 11)).used()).isEmpty();
    assertThat(platform.drafts()).isEmpty();
    assertThat(simulator.calls("/cgi-bin/material/add_material")).hasSize(1);

    assertThatThrownBy(() -> dealer.contents().preview("b", platform.appId(), staff.openId()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> dealer.contents().preview("a", platform.appId(), "o-nobody"))
        .isInstanceOf(ChannelException.class);
    assertThat(platform.drafts()).as("nor is one left of what was refused").isEmpty();
  }
}
