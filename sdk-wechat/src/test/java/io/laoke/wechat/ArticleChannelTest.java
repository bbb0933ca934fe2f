package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import io.laoke.message.SendOutcome;
import io.laoke.push.ArticleChannel;
import io.laoke.push.ArticleChannel.JobState;
import io.laoke.push.ArticleChannel.Material;
import io.laoke.push.ArticleChannel.Tagged;
import io.laoke.push.ChannelAnswer;
import io.laoke.push.Comments;
import io.laoke.push.ContentLimits;
import io.laoke.push.ContentLimits.Limit;
import io.laoke.push.Crop;
import io.laoke.push.DraftPage;
import io.laoke.push.MassPayload;
import io.laoke.push.NewDraftArticle;
import io.laoke.push.StaffDraft;
import io.laoke.push.Upload;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.wechat.DraftArticle.Pictures;
import io.laoke.wechat.Materials.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The capability that plans send by, against a platform that was written without this module. */
class ArticleChannelTest {
  private final WeChatSimulator simulator =
      WeChatSimulator.builder()
          .clock(Clock.fixed(Instant.parse("2026-11-10T02:00:00Z"), ZoneOffset.UTC))
          .start();
  private final SimulatedAccount platform =
      simulator.addAccount(AccountSpec.service().withAppId(Platform.APP_ID));
  private final OfficialAccount account =
      new OfficialAccount(
          OfficialAccountSettings.builder(platform.appId())
              .secret(platform.secret())
              .baseUrl(simulator.baseUrl())
              .clock(simulator.clock())
              .callTimeout(Duration.ofSeconds(5))
              .articleLimits(ArticleLimits.DEFAULT.withTitle(20))
              .build(),
          Duration.ofMillis(1));
  private final ArticleChannel channel = account.capability(ArticleChannel.class).orElseThrow();

  @AfterEach
  void stop() {
    account.close();
    simulator.close();
  }

  static <T> T done(CompletionStage<ChannelAnswer<T>> stage) {
    ChannelAnswer<T> answer = ended(stage);
    return answer.given().orElseThrow(() -> new AssertionError(answer));
  }

  static <T> T ended(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("a call must always complete with an outcome", e);
    }
  }

  private List<String> followers(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Follower one = platform.follower("粉丝" + i);
              one.follow();
              return one.openId();
            })
        .toList();
  }

  private NewDraftArticle article(String title) {
    String picture = done(channel.uploadBodyImage(new Upload("正文.jpg", ArticlesTest.jpg(2000))));
    String cover =
        done(channel.addMaterial(Material.IMAGE, new Upload("封面.png", ArticlesTest.png(99))));
    return new NewDraftArticle(
        title,
        "小周",
        "摘要",
        "<p>正文<img src=\"" + picture + "\"></p>",
        "https://dealer.example/o",
        cover,
        List.of(new Crop("1_1", 0, 0, 0.5, 0.5)),
        Comments.FOLLOWERS);
  }

  @Test
  void fromThePicturesToWhatIsTakenAwayAgain() {
    List<String> openids = followers(3);
    String draft = done(channel.createDraft(List.of(article("夏日厨房"), article("二条"))));

    StaffDraft read = done(channel.draft(draft)).orElseThrow();
    assertThat(read.articles()).extracting(StaffDraft.Entry::title).containsExactly("夏日厨房", "二条");
    StaffDraft.Entry first = read.articles().get(0);
    assertThat(first.author()).isEqualTo("小周");
    assertThat(first.body()).contains("<img src=");
    assertThat(first.sourceUrl()).isEqualTo("https://dealer.example/o");
    assertThat(first.coverMediaId()).isNotEmpty();
    assertThat(first.comments()).isEqualTo(Comments.FOLLOWERS);
    assertThat(first.pictures()).isFalse();
    DraftPage page = done(channel.drafts(0, 20));
    assertThat(page.total()).isEqualTo(1);
    assertThat(page.drafts())
        .singleElement()
        .satisfies(one -> assertThat(one.mediaId()).isEqualTo(draft));

    MassPayload payload = new MassPayload.Draft(draft, false);
    assertThat(done(channel.preview(openids.get(0), payload))).isTrue();
    SendOutcome sent = ended(channel.send(openids, payload, "p1-b1", false));
    assertThat(sent).isInstanceOf(SendOutcome.Accepted.class);
    String msgId = ((SendOutcome.Accepted) sent).providerId();
    assertThat(ended(channel.send(openids, payload, "p1-b1", true)))
        .isNotInstanceOf(SendOutcome.Refused.class);
    assertThat(done(channel.status(msgId))).isIn(JobState.SENDING, JobState.SUCCEEDED);
    assertThat(done(channel.draft(draft))).isEmpty();
    assertThat(done(channel.deleteDraft(draft))).isFalse();
    assertThat(done(channel.delete(msgId, 0))).isTrue();
    assertThat(done(channel.status(msgId))).isEqualTo(JobState.DELETED);
  }

  @Test
  void oneTagOnOnePersonIsSentTo() {
    List<String> openids = followers(2);
    long tag = done(channel.createTag("活动-1"));
    assertThat(done(channel.findTag("活动-1"))).contains(tag);
    assertThat(done(channel.findTag("活动-2"))).isEmpty();
    Tagged tagged = done(channel.tag(tag, List.of(openids.get(0), "oNOBODY0000000000000000000")));
    assertThat(tagged.done()).containsExactly(openids.get(0));
    assertThat(tagged.refused()).containsOnlyKeys("oNOBODY0000000000000000000");
    assertThat(tagged.later()).isEmpty();

    assertThat(ended(channel.sendToTag(tag, new MassPayload.Text("一位"), "p1-t1", false)))
        .isInstanceOf(SendOutcome.Accepted.class);

    assertThat(done(channel.untag(tag, openids)).done()).isEqualTo(openids);
    assertThat(done(channel.deleteTag(tag))).isTrue();
    assertThat(done(channel.deleteTag(tag))).isFalse();
  }

  @Test
  void otherContentsAreSentByTheirMaterial() {
    List<String> openids = followers(2);
    String picture =
        done(channel.addMaterial(Material.IMAGE, new Upload("a.png", ArticlesTest.png(99))));
    String film = done(channel.addVideo(new Upload("a.mp4", ArticlesTest.mp4(99)), "片", "说明"));
    assertThat(
            List.of(
                new MassPayload.Images(List.of(picture, picture), "两张", Comments.OFF),
                new MassPayload.Video(film, "片", "说明"),
                new MassPayload.Text("周末")))
        .allSatisfy(
            payload ->
                assertThat(
                        ended(
                            channel.send(
                                openids,
                                payload,
                                "p-" + payload.getClass().getSimpleName(),
                                false)))
                    .isInstanceOf(SendOutcome.Accepted.class));
    assertThat(done(channel.speed(4))).isTrue();
    assertThat(done(channel.speed())).isEqualTo(4);
  }

  @Test
  void aMessageOfPicturesInTheDraftBoxIsToldAsSuch() {
    String picture =
        account.materials().add(Kind.IMAGE, MediaFile.of("a.png", ArticlesTest.png(99))).mediaId();
    String draft = account.drafts().add(List.of(Pictures.of("图", "文", List.of(picture))));
    assertThat(done(channel.draft(draft)).orElseThrow().articles())
        .singleElement()
        .satisfies(entry -> assertThat(entry.pictures()).isTrue());
  }

  @Test
  void itsLimitsAreThoseOfTheSettingsAndPicturesMayStandOnThePlatform() {
    ContentLimits limits = channel.limits();
    assertThat(limits.most(Limit.TITLE)).isEqualTo(20);
    assertThat(limits.most(Limit.AUTHOR)).isEqualTo(16);
    assertThat(limits.imageHosts())
        .contains("mmbiz.qpic.cn", java.net.URI.create(simulator.baseUrl()).getHost());
    assertThat(channel.dedupeWindow()).isEqualTo(Duration.ofHours(24));
    assertThat(channel.callLimit()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whatWeChatCouldNeverTakeIsRefusedBeforeAnythingLeaves() {
    NewDraftArticle tooLong =
        new NewDraftArticle("题".repeat(21), "", "", "<p>x</p>", "", "M1", List.of(), Comments.OFF);
    assertThat(
            List.of(
                ended(channel.createDraft(List.of(tooLong))),
                ended(
                    channel.uploadBodyImage(new Upload("a.gif", new byte[] {'G', 'I', 'F', '8'}))),
                ended(channel.addMaterial(Material.VIDEO, new Upload("a", ArticlesTest.mp4(9)))),
                ended(channel.status("no number")),
                ended(channel.drafts(0, 21)),
                ended(channel.createTag(" "))))
        .allSatisfy(
            answer -> {
              assertThat(answer).isInstanceOf(ChannelAnswer.Refused.class);
              assertThat(answer.reason().orElseThrow().code()).isEqualTo("INVALID");
              assertThat(answer.reason().orElseThrow().adviceZh()).isNotBlank();
            });
    MassPayload text = new MassPayload.Text("周末");
    assertThat(
            List.of(
                ended(channel.send(List.of("o1"), text, "id", true)),
                ended(channel.send(List.of("o1", "o1"), text, "id", false)),
                ended(channel.send(List.of("o1", "o2"), text, "x".repeat(33), false)),
                ended(
                    channel.send(
                        List.of("o1", "o2"), new MassPayload.Text("新".repeat(700)), "id", false))))
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        SendOutcome.Refused.class,
                        refused -> assertThat(refused.why().code()).isEqualTo("INVALID")));
    assertThatThrownBy(() -> channel.tag(1, followers(51)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at most 50");
    assertThat(simulator.calls()).noneMatch(call -> call.path().contains("/mass/"));
  }

  @Test
  void aClosedAccountSaysSoAsAnOutcome() {
    account.close();
    assertThat(ended(channel.draft("D")).reason().orElseThrow().code()).isEqualTo("CLOSED");
    assertThat(ended(channel.send(List.of("a", "b"), new MassPayload.Text("x"), "i", false)))
        .isInstanceOf(SendOutcome.Later.class);
    assertThat(Optional.of(ended(channel.createTag("x"))))
        .get()
        .isInstanceOf(ChannelAnswer.Later.class);
  }
}
