package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.AesGcmSealer;
import io.laoke.base.Sealer;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.ConsentWords;
import io.laoke.member.Duplicate;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.IdentityKind;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.member.Merge;
import io.laoke.member.PeopleSettings;
import io.laoke.message.ChannelKind;
import io.laoke.message.Purpose;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of the guide's section on people, run. */
class PeopleGuideTest {
  @Test
  void theGuidesCodeDoesWhatTheGuideSays() {
    byte[] newKey = new byte[32];
    byte[] oldKey = new byte[32];
    oldKey[0] = 1;
    Instant at = Instant.parse("2026-11-20T02:00:00Z");
    try (HikariDataSource database = TestServer.H2.fresh()) {
      try (Laoke before =
          Laoke.builder()
              .dataSource(database)
              .sealer(AesGcmSealer.of("2025-03", oldKey))
              .dealer("hengxin")
              .build()) {
        before.migrations().apply();
        before
            .dealer("hengxin")
            .members()
            .put(
                MemberProfile.of("C-77")
                    .withName("王芳")
                    .withPhones("13800138000")
                    .withAttribute("会员级别", Attribute.of("金卡")));
      }
      // begin guide-keys
      Sealer sealer =
          AesGcmSealer.of("2026-11", newKey) // seals
              .reading("2025-03", oldKey) // still opens what is under the older key
              .readingPlain(); // only while values from before are left
      Laoke laoke = Laoke.builder().dataSource(database).sealer(sealer).dealer("hengxin").build();
      ResealReport report = laoke.reseal(done -> System.out.println(done.checked() + " checked"));
      boolean oldKeyMayGo = report.complete();
      // end guide-keys
      assertThat(oldKeyMayGo).isTrue();

      Members members = laoke.dealer("hengxin").members();
      long memberId = members.find("C-77").orElseThrow().id();
      // begin guide-consent
      members.consent(memberId, Consent.given(Purpose.MARKETING, "门店签字", "2026-11 版", at));
      members.consent(memberId, Consent.refused(Purpose.CARE, "电话", at));
      boolean may = members.allows(memberId, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE);
      DealerSettings settings = // following counts as a consent: for WeChat only, until refused
          DealerSettings.defaults().people(PeopleSettings.standard().withFollowIsConsent(true));
      // end guide-consent
      assertThat(may).isTrue();
      assertThat(settings.people().followIsConsent()).isTrue();
      // begin guide-refuse
      ConsentWords words = // each a list of its own; an empty one leaves such texts to the host
          ConsentWords.standard()
              .withRefusing("退订", "TD", "别再发了")
              .withAgreeing("订阅")
              .withTextVersion("2026-12 版"); // change it with the words of the reply
      laoke
          .dealers()
          .put("hengxin", settings.people(PeopleSettings.standard().withConsentWords(words)));
      // end guide-refuse
      assertThat(laoke.dealers().settings("hengxin").people().consentWords()).isEqualTo(words);

      Dealer dealer = laoke.dealer("hengxin");
      Instant visited = at;
      Instant backHome = Instant.now().plus(Duration.ofDays(30));
      // begin guide-file
      members.tag(memberId, "VIP", "李娜");
      members.remark(memberId, "下午送货，先打电话", "李娜");
      members.openComplaint(memberId, "TS-1001", "油烟机漏油", "客服"); // CARE and MARKETING pause
      members.closeComplaint(memberId, "TS-1001", "已上门修好", "客服");
      members.pause(memberId, Purpose.MARKETING, backHome, "客户出国", "店长");
      members.audit(memberId, 0, 100).forEach(System.out::println); // who, when, what, why

      dealer.attributes().put(AttributeType.date("纪念日").withLabels("结婚纪念日", "Anniversary"));
      members.attributes(memberId, Map.of("纪念日", Attribute.of(LocalDate.of(2012, 5, 1))));

      dealer
          .events()
          .declare(
              EventType.of("到店")
                  .withLabels("到店参观", "Visit")
                  .property(AttributeType.flag("试用"))
                  .property(
                      AttributeType.code(
                          "来源",
                          AttributeType.Choice.of("AD", "广告", "Advertisement"),
                          AttributeType.Choice.of("FRIEND", "朋友介绍", "A friend"))));
      dealer
          .events()
          .record(
              "C-77",
              Event.of("到店", "V-20261120-7", visited)
                  .with("试用", Attribute.of(true))
                  .with("来源", Attribute.code("FRIEND")));
      // end guide-file
      assertThat(members.pauses(memberId)).hasSize(1);
      assertThat(dealer.events().page(memberId, "到店", null, 10).events()).hasSize(1);
      assertThat(members.attributes(memberId)).hasSize(2);

      members.put(MemberProfile.of("C-78"));
      members.put(MemberProfile.of("C-78").withPhones("13800138000"));
      // begin guide-merge
      for (Duplicate pair : members.duplicates(0, 100)) {
        if (samePerson(pair)) { // a person decides
          members.merge(pair.one(), pair.other(), "店长", "同一个人，换过手机号");
        } else {
          members.dismissDuplicate(pair.id(), "店长"); // it does not come back
        }
      }
      Merge last = members.merges(memberId).get(0);
      Merge split = members.split(last.id(), "店长", "看错了，不是同一个人"); // gives back what came
      // end guide-merge
      assertThat(split.live()).isFalse();
      assertThat(members.find("C-77").orElseThrow().id()).isEqualTo(memberId);

      // begin guide-erase
      String everything = members.export(memberId); // JSON: every row of every table, values opened
      members.erase(memberId, "客服", "客户要求删除"); // one transaction, over all tables, for good
      members.readmit(IdentityKind.CUSTOMER_NO, "C-77", "客服"); // the person is a customer again
      // end guide-erase
      assertThat(everything).contains("王芳", "13800138000", "金卡");
      assertThat(members.get(memberId)).isEmpty();
      laoke.close();
    }
  }

  private static boolean samePerson(Duplicate pair) {
    return pair.why().equals("PHONE");
  }
}
