package io.laoke.push;

import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.segment.Criteria.all;
import static io.laoke.segment.Criteria.everyone;
import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Criteria.items;
import static io.laoke.segment.Criteria.yuan;
import static io.laoke.segment.Fields.GENDER;
import static io.laoke.segment.Fields.NET_AMOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.member.Gender;
import io.laoke.testing.TestServer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The guide's part about plans, whose code is cut from here. */
class PlanGuideTest {
  @Test
  void fourArticlesFindTheirReaders() {
    try (PlanFixture fixture = new PlanFixture(TestServer.H2, PlanSettings.standard())) {
      fixture.agreed("o-1");
      fixture.agreed("o-2");
      Laoke laoke = fixture.engine();
      Dealer dealer = fixture.dealer();
      byte[] jpeg = Bytes.png(2_000, 7);
      Instant now = NOW;
      // begin guide-plans
      ContentFile cover = dealer.contents().addFile(jpeg, "cover.jpg");
      Article kitchen = Article.of("厨房焕新", "<p>……</p>").withCover(cover);
      dealer.contents().save("kitchen", "厨房", Content.of(kitchen), "小周");
      dealer.contents().save("value", "超值", Content.text("本周滤芯八折"), "小周");

      Plan plan =
          Plan.of("autumn", "秋季群发", "wx1") // the account; for WeChat its appid
              .rule(
                  "厨房女主人",
                  all(field(GENDER).is(Gender.FEMALE), items().sum(NET_AMOUNT).atLeast(yuan(5000))),
                  "kitchen")
              .rest("其余", everyone(), "value")
              .holdOut(50); // of 1,000 get nothing, so that what it brings in can be told
      dealer.plans().save(plan, "小周");
      PlanCounts counts = dealer.plans().preview(plan, now); // writes nothing
      System.out.println(counts.chosen() + " of " + counts.audience());

      SavedPlan looked = dealer.plans().submit("autumn", "小周");
      dealer.plans().approve("autumn", looked.hash(), "店长"); // another person
      dealer.plans().allocate("autumn", now, "店长"); // who gets what, for good
      dealer.plans().start("autumn", "店长");
      laoke.tick(now); // or laoke.start(): batch by batch
      // end guide-plans
      laoke.tick(now);
      assertThat(counts.audience()).isEqualTo(2);
      assertThat(dealer.plans().find("autumn").orElseThrow().state())
          .isIn(PlanState.DONE, PlanState.RUNNING);
      assertThat(fixture.wechat.got().size()).isIn(0, 2); // one alone, and none, gets nothing
    }
  }
}
