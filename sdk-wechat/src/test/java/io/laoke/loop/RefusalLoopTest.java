package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.member.Consent;
import io.laoke.member.Members;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import io.laoke.order.Stage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A follower refuses marketing on their phone, hears so at once, and still hears of their order.
 */
class RefusalLoopTest {
  /** WeChat tells whole seconds: of a refusal and a consent within one, the refusal counts. */
  private static final Duration A_MOMENT = Duration.ofSeconds(2);

  @ParameterizedTest
  @CsvSource({"H2, PLAIN", "POSTGRESQL, SECURE", "MYSQL, SECURE", "MARIADB, SECURE"})
  void aWordOrAMenuEntryIsEnough(TestServer server, PushMode mode) throws Exception {
    try (Shop shop = new Shop(server, mode)) {
      Follower customer = shop.bound("SO-1");
      Members members = shop.dealer.members();
      long member = members.byOpenid(shop.account.appId(), customer.openId()).orElseThrow().id();
      members.consent(
          member, Consent.given(Purpose.MARKETING, "门店签字", "v1", Instant.now().minusSeconds(60)));

      shop.wechat.faults().onCallback("text").times(1).twice();
      assertThat(customer.say("退订").reply().orElseThrow()).contains("已为您退订", "“订阅”");
      shop.wechat.settle();

      assertThat(members.allows(member, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      assertThat(members.consents(member))
          .extracting(Consent::source)
          .containsExactly("门店签字", Consent.WECHAT_TEXT);
      shop.advance("SO-1", Stage.SHIPPED);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                shop.laoke.tick(Instant.now());
                assertThat(Shop.told(customer)).containsExactly("已出库");
              });

      shop.wechat.advance(A_MOMENT);
      assertThat(customer.click(Members.AGREE_MENU_KEY).reply().orElseThrow()).contains("您已订阅");
      assertThat(members.allows(member, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE)).isTrue();
      shop.wechat.advance(A_MOMENT);
      assertThat(customer.click(Members.REFUSE_MENU_KEY).reply().orElseThrow()).contains("已为您退订");
      assertThat(members.allows(member, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE)).isFalse();
      for (String others : List.of("怎么退订单", "你好")) {
        assertThat(customer.say(others).reply()).as(others).isEmpty();
      }
      assertThat(customer.click("their-own").reply()).isEmpty();
      assertThat(members.consents(member)).hasSize(4);
    }
  }
}
