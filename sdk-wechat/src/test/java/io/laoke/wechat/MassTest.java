package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.AccountType;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.MassJob;
import io.laoke.simulator.PushFormat;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.wechat.DraftArticle.Comments;
import io.laoke.wechat.DraftArticle.News;
import io.laoke.wechat.Materials.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mass messages, tags and job reports, against a platform that was written without this module. */
class MassTest {
  private static final String SEND = "/cgi-bin/message/mass/send";

  private final WeChatSimulator simulator =
      WeChatSimulator.builder()
          .clock(Clock.fixed(Instant.parse("2026-11-10T02:00:00Z"), ZoneOffset.UTC))
          .start();
  private final SimulatedAccount platform =
      simulator.addAccount(
          AccountSpec.service()
              .withAppId(Platform.APP_ID)
              .withOriginalId(Pushes.GH)
              .withMode(PushMode.SECURE));
  private final Pushes.Receiver receiver = new Pushes.Receiver();
  private final List<MassReport> reports = new CopyOnWriteArrayList<>();
  private OfficialAccount account = open(PushMode.SECURE);
  private Endpoint endpoint;

  private OfficialAccount open(PushMode mode) {
    OfficialAccountSettings.Builder settings =
        OfficialAccountSettings.builder(platform.appId())
            .secret(platform.secret())
            .originalId(platform.originalId())
            .baseUrl(simulator.baseUrl())
            .clock(simulator.clock())
            .callTimeout(Duration.ofSeconds(5))
            .replayWindow(Duration.ofHours(1)) // pushes keep the machine's time
            .callbackToken(platform.token());
    if (mode != PushMode.PLAIN) {
      settings.encodingAesKey(platform.encodingAesKey());
    }
    return new OfficialAccount(settings.build(), Duration.ofMillis(1));
  }

  private void listen() throws Exception {
    endpoint =
        new Endpoint(
            account
                .callback(receiver)
                .otherwise(
                    event -> {
                      event.massReport().ifPresent(reports::add);
                      return Optional.empty();
                    }));
    platform.callbackUrl(endpoint.url());
  }

  @AfterEach
  void stop() {
    if (endpoint != null) {
      endpoint.close();
    }
    account.close();
    simulator.close();
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

  private String draft(String title) {
    String cover =
        account.materials().add(Kind.IMAGE, MediaFile.of("a.png", ArticlesTest.png(99))).mediaId();
    return account.drafts().add(List.of(News.of(title, "<p>正文</p>", cover)));
  }

  private static MassOutcome done(CompletionStage<MassOutcome> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("a send must always complete with an outcome", e);
    }
  }

  private MassOutcome send(List<String> openids, MassContent content, String id) {
    return done(account.massMessages().send(openids, content, id));
  }

  private static long id(MassOutcome outcome) {
    assertThat(outcome).isInstanceOf(MassOutcome.Accepted.class);
    return ((MassOutcome.Accepted) outcome).msgId();
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN,XML",
    "COMPATIBLE,XML",
    "SECURE,XML",
    "PLAIN,JSON",
    "COMPATIBLE,JSON",
    "SECURE,JSON"
  })
  void fromTheDraftToTheReport(PushMode mode, PushFormat format) throws Exception {
    platform.mode(mode);
    platform.format(format);
    account.close();
    account = open(mode);
    listen();
    List<String> openids = followers(4);
    platform.follower("粉丝3").block();
    String cover =
        account.materials().add(Kind.IMAGE, MediaFile.of("a.png", ArticlesTest.png(99))).mediaId();
    String draft =
        account
            .drafts()
            .add(List.of(News.of("滤芯该换了", "<p>一</p>", cover), News.of("清洗优惠", "<p>二</p>", cover)));
    account.massMessages().preview(openids.get(0), MassContent.Article.ofDraft(draft));
    assertThat(platform.follower("粉丝0").chat()).hasSize(1);
    simulator.faults().onCallback("MASSSENDJOBFINISH").twice();

    MassOutcome.Accepted accepted =
        (MassOutcome.Accepted) send(openids, MassContent.Article.ofDraft(draft), "p7-b1");

    assertThat(accepted.dataId()).isPresent();
    simulator.settle();
    await().untilAsserted(() -> assertThat(reports).hasSize(2));
    MassReport report = reports.get(0);
    assertThat(reports.get(1)).as("the repeat").isEqualTo(report);
    assertThat(report.msgId()).isEqualTo(accepted.msgId());
    assertThat(report.succeeded()).isTrue();
    assertThat(report.reason()).isEmpty();
    assertThat(List.of(report.total(), report.filtered(), report.sent(), report.failed()))
        .containsExactly(4, 3, 3, 0);
    assertThat(report.copyright()).contains(MassReport.Copyright.ORIGINAL);
    assertThat(report.articles()).extracting(MassReport.Article::index).containsExactly(1, 2);
    assertThat(report.articles())
        .allSatisfy(
            article -> {
              assertThat(article.url().orElseThrow()).contains("idx=" + article.index());
              assertThat(article.check())
                  .contains(new MassReport.Check(0, 0, Optional.empty(), 0, false, false, false));
            });
    assertThat(receiver.facts)
        .filteredOn(Inbound.JobReported.class::isInstance)
        .as("twice the same fact, known by its key")
        .hasSize(2)
        .allMatch(receiver.facts.get(receiver.facts.size() - 1)::equals)
        .element(0)
        .satisfies(
            fact -> {
              Inbound.JobReported job = (Inbound.JobReported) fact;
              assertThat(job.key())
                  .isEqualTo("masssendjobfinish:" + accepted.msgId() + ":sendsuccess");
              assertThat(job.providerId()).isEqualTo(String.valueOf(accepted.msgId()));
              assertThat(job.succeeded()).isTrue();
              assertThat(job.sent()).isEqualTo(3);
            });

    assertThat(account.drafts().find(draft)).as("a draft is sent once").isEmpty();
    assertThat(account.massMessages().state(accepted.msgId()))
        .isEqualTo(MassMessages.State.SUCCEEDED);
    assertThat(send(openids, MassContent.Article.ofDraft(draft), "other"))
        .isInstanceOfSatisfying(
            MassOutcome.Refused.class,
            refused -> {
              assertThat(refused.fault()).isEqualTo(MassOutcome.Fault.CONTENT);
              assertThat(refused.why().code()).isEqualTo("40007");
              assertThat(refused.why().advice()).contains("look that send up instead");
            });
  }

  @Test
  void aRepeatIsRecognisedAndALostAnswerIsFoundByIt() {
    List<String> openids = followers(2);
    MassContent text = new MassContent.Text("周末滤芯八折");
    simulator.faults().onCall(SEND).acceptThenReset();
    MassOutcome lost = send(openids, text, "c1");
    assertThat(lost).isInstanceOf(MassOutcome.Unknown.class);
    assertThat(((MassOutcome.Unknown) lost).why().code()).isEqualTo("RESET");
    assertThat(send(openids, text, "c1"))
        .as("within a minute WeChat says 45066, which is no proof of anything")
        .isInstanceOfSatisfying(
            MassOutcome.Unknown.class,
            unknown -> {
              assertThat(unknown.repeatAfter()).isEqualTo(Duration.ofSeconds(61));
              assertThat(unknown.why().code()).isEqualTo("45066");
            });
    simulator.advance(((MassOutcome.Unknown) lost).repeatAfter());
    MassJob job = platform.massJobs().get(0);
    assertThat(send(openids, text, "c1"))
        .isEqualTo(new MassOutcome.Repeated(OptionalLong.of(job.msgId())));
    assertThat(platform.massJobs()).hasSize(1);
    assertThat(platform.follower("粉丝0").chat()).hasSize(1);

    for (String fault : List.of("status", "garble", "truncate")) {
      String id = "d-" + fault;
      switch (fault) {
        case "status" -> simulator.faults().onCall(SEND).acceptThenHttpStatus(502);
        case "garble" -> simulator.faults().onCall(SEND).acceptThenGarble();
        default -> simulator.faults().onCall(SEND).acceptThenTruncate();
      }
      assertThat(send(openids, text, id)).as(fault).isInstanceOf(MassOutcome.Unknown.class);
      simulator.advance(Duration.ofSeconds(61));
      assertThat(send(openids, text, id)).as(fault).isInstanceOf(MassOutcome.Repeated.class);
    }
    simulator.faults().onCall(SEND).resetUnprocessed();
    assertThat(send(openids, text, "e")).isInstanceOf(MassOutcome.Unknown.class);
    assertThat(send(openids, text, "e"))
        .as("nothing was known of it")
        .isInstanceOf(MassOutcome.Accepted.class);
    assertThat(platform.massJobs()).hasSize(5);
  }

  @Test
  void refusesListsAndIdsThatWeChatWouldRefuse() {
    MassContent text = new MassContent.Text("a");
    List<List<String>> wrong =
        List.of(
            List.of(),
            List.of("o1"),
            List.of("o1", "o2", "o1"),
            List.of("o1", " "),
            IntStream.rangeClosed(0, 10_000).mapToObj(i -> "o" + i).toList());
    List<String> said =
        List.of(
            "nobody to send to",
            "use sendToTag",
            "openids[2]: is in the list before",
            "must not be blank",
            "at most 10,000, were 10,001; send in batches");
    for (int i = 0; i < wrong.size(); i++) {
      List<String> openids = wrong.get(i);
      assertThatThrownBy(() -> account.massMessages().send(openids, text, "c1"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(said.get(i));
    }
    for (String id : List.of("", "x".repeat(33), "群".repeat(11), "a\nb")) {
      assertThatThrownBy(() -> account.massMessages().sendToTag(2, text, id))
          .isInstanceOfSatisfying(
              InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("clientMsgId"));
    }
    assertThatThrownBy(() -> new MassContent.Text("长".repeat(683)))
        .hasMessageContaining("at most 2,048 bytes in UTF-8, has 2,049");
    assertThatThrownBy(() -> MassContent.Images.of()).hasMessageContaining("1 to 20 pictures");
    assertThatThrownBy(() -> account.massMessages().speed(5))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> account.massMessages().state(0))
        .isInstanceOf(InvalidInputException.class);
    assertThat(simulator.calls()).isEmpty();
  }

  @Test
  void theLargestListTheLongestIdAndEveryKindOfContent() {
    List<String> openids = followers(10_000);
    assertThat(send(openids, new MassContent.Text("长".repeat(682) + "ab"), "群".repeat(10) + "ab"))
        .isInstanceOf(MassOutcome.Accepted.class);
    assertThat(platform.massJobs().get(0).reached()).hasSize(10_000);
    List<String> two = openids.subList(0, 2);
    Materials materials = account.materials();
    String image = materials.add(Kind.IMAGE, MediaFile.of("图", ArticlesTest.png(99))).mediaId();
    String sound =
        materials
            .addTemporary(Kind.VOICE, MediaFile.of("声", ArticlesTest.file(99, 'I', 'D', '3')))
            .mediaId();
    String film = materials.addVideo(MediaFile.of("片", ArticlesTest.mp4(99)), "片", "").mediaId();
    List<MassContent> contents =
        List.of(
            new MassContent.Images(List.of(image, image), "两张", Comments.FOLLOWERS),
            new MassContent.Voice(sound),
            new MassContent.Video(film, "演示", "怎样换滤芯"));
    for (MassContent content : contents) {
      account.massMessages().preview(two.get(0), content);
      assertThat(send(two, content, "c" + contents.indexOf(content)))
          .isInstanceOf(MassOutcome.Accepted.class);
    }
    assertThat(platform.follower("粉丝1").chat())
        .extracting(ChatMessage::text)
        .satisfies(shown -> assertThat(String.join(" ", shown)).contains("[语音]", "[视频]"));
    assertThat(platform.follower("粉丝0").chat()).hasSize(7);
  }

  @Test
  void aTagIsFilledSentToAndTakenAway() {
    List<String> openids = followers(120);
    Tags tags = account.tags();
    Tags.Tag tag = tags.create("厨电 2025 🔥");
    assertThat(tags.all()).contains(new Tags.Tag(tag.id(), "厨电 2025 🔥", 0));
    assertThatThrownBy(() -> tags.create("厨电 2025 🔥"))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(45157));
    tags.rename(tag.id(), "厨".repeat(30));
    Tags.Changed changed = tags.put(tag.id(), openids);
    assertThat(changed.complete()).isTrue();
    assertThat(changed.done()).isEqualTo(openids);
    assertThat(changed).asString().doesNotContain(openids.get(0));
    assertThat(simulator.calls("/cgi-bin/tags/members/batchtagging")).hasSize(3);
    assertThat(tags.of(openids.get(7))).containsExactly(tag.id());
    platform.userPageSize(50);
    assertThat(tags.openids(tag.id())).containsExactlyElementsOf(openids);
    assertThat(tags.page(tag.id(), Optional.of(openids.get(49))).openids().get(0))
        .isEqualTo(openids.get(50));
    tags.take(tag.id(), openids.subList(1, 120));
    assertThat(tags.openids(tag.id())).containsExactly(openids.get(0));

    MassOutcome one =
        done(
            account
                .massMessages()
                .sendToTag(tag.id(), MassContent.Article.ofDraft(draft("一个人")), "t1"));
    assertThat(one).as("one person, by a tag").isInstanceOf(MassOutcome.Accepted.class);
    assertThat(platform.massJobs().get(0).reached()).containsExactly(openids.get(0));
    assertThat(tags.delete(tag.id())).isTrue();
    assertThat(tags.delete(tag.id())).as("again").isFalse();
    assertThat(done(account.massMessages().sendToTag(tag.id(), new MassContent.Text("a"), "t2")))
        .isInstanceOfSatisfying(
            MassOutcome.Refused.class,
            refused -> {
              assertThat(refused.fault()).isEqualTo(MassOutcome.Fault.AUDIENCE);
              assertThat(refused.why().code()).isEqualTo("40152");
            });
  }

  @Test
  void whoCannotBeTaggedIsFoundAndAllOthersAreTagged() {
    List<String> openids = new ArrayList<>(followers(100));
    platform.follower("粉丝13").unfollow();
    SimulatedAccount other = simulator.addAccount(AccountSpec.service());
    Follower foreign = other.follower("别家");
    foreign.follow();
    openids.add(70, foreign.openId());
    openids.add(openids.get(0)); // twice is as once
    Tags.Tag tag = account.tags().create("清洗");

    Tags.Changed changed = account.tags().put(tag.id(), openids);

    assertThat(changed.done()).hasSize(99);
    assertThat(changed.failed()).containsOnlyKeys(openids.get(13), foreign.openId());
    assertThat(changed.failed().get(openids.get(13)).why().code()).isEqualTo("40003");
    assertThat(changed.failed().get(foreign.openId()).why().code()).isEqualTo("49003");
    assertThat(changed.failed().values()).noneMatch(Tags.Failure::retryable);
    assertThat(account.tags().openids(tag.id()))
        .containsExactlyInAnyOrderElementsOf(changed.done());
    assertThat(simulator.calls("/cgi-bin/tags/members/batchtagging"))
        .as("three batches, and twelve or so more for each of two")
        .hasSizeLessThan(3 + 2 * 13);
  }

  @Test
  void anEndedQuotaStopsAChangeAndTellsWhoIsLeft() {
    List<String> openids = followers(130);
    Tags.Tag tag = account.tags().create("清洗");
    account.tags().put(tag.id(), openids.subList(0, 50));
    simulator.faults().onCall("/cgi-bin/tags/members/batchtagging").delay(Duration.ofMillis(1));
    simulator.faults().onCall("/cgi-bin/tags/members/batchtagging").answer(45009);
    Tags.Changed changed = account.tags().put(tag.id(), openids);
    assertThat(changed.done()).isEqualTo(openids.subList(0, 50));
    assertThat(changed.failed().keySet()).containsExactlyElementsOf(openids.subList(50, 130));
    assertThat(changed.failed().values()).allMatch(Tags.Failure::retryable);
    assertThat(account.tags().put(tag.id(), changed.failed().keySet()).complete()).isTrue();
    assertThatThrownBy(() -> account.tags().rename(2, "星标"))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(45058));
    assertThat(account.tags().put(2, openids).failed()).as("WeChat's own tag").hasSize(130);
    assertThat(account.tags().put(tag.id(), List.of()).complete()).isTrue();
  }

  @Test
  void aSubscriptionAccountHasOneADay() {
    platform.type(AccountType.VERIFIED_SUBSCRIPTION);
    List<String> openids = followers(2);
    assertThat(send(openids, new MassContent.Text("a"), "c0"))
        .isInstanceOfSatisfying(
            MassOutcome.Refused.class,
            refused -> {
              assertThat(refused.fault()).isEqualTo(MassOutcome.Fault.ACCOUNT);
              assertThat(refused.why().code()).isEqualTo("48001");
            });
    Tags.Tag tag = account.tags().create("全部");
    account.tags().put(tag.id(), openids);
    MassMessages mass = account.massMessages();
    assertThat(done(mass.sendToTag(tag.id(), new MassContent.Text("a"), "c1")))
        .isInstanceOf(MassOutcome.Accepted.class);
    MassOutcome second = done(mass.sendToTag(tag.id(), new MassContent.Text("b"), "c2"));
    assertThat(second)
        .isInstanceOfSatisfying(
            MassOutcome.Later.class,
            later -> {
              assertThat(later.why().code()).isEqualTo("45028");
              assertThat(later.wholeAccount()).isTrue();
              assertThat(later.after()).as("10:00 to 00:01").isEqualTo(Duration.ofMinutes(841));
            });
    simulator.advance(((MassOutcome.Later) second).after());
    assertThat(done(mass.sendToTag(tag.id(), new MassContent.Text("b"), "c2")))
        .isInstanceOf(MassOutcome.Accepted.class);
  }

  @Test
  void aFailedJobSaysWhyAndItsFactIsAFailure() throws Exception {
    listen();
    List<String> openids = followers(2);
    simulator.faults().failMass(1, "err(20013)");
    String draft = draft("侵权");
    long id = id(send(openids, MassContent.Article.ofDraft(draft), "c1"));
    simulator.settle();
    await().untilAsserted(() -> assertThat(reports).hasSize(1));
    MassReport report = reports.get(0);
    assertThat(report.end()).isEqualTo(MassReport.End.COPYRIGHT);
    assertThat(report.reason().orElseThrow().adviceZh()).contains("版权");
    assertThat(List.of(report.sent(), report.failed())).containsExactly(0, 2);
    assertThat(receiver.facts)
        .filteredOn(Inbound.JobReported.class::isInstance)
        .singleElement()
        .satisfies(fact -> assertThat(((Inbound.JobReported) fact).succeeded()).isFalse());
    assertThat(account.massMessages().state(id)).isEqualTo(MassMessages.State.FAILED);
    assertThat(account.drafts().find(draft)).as("only a success ends a draft").isPresent();
  }

  @Test
  void aLostReportIsMadeUpForByAskingAndAnArticleIsDeleted() throws Exception {
    listen();
    List<String> openids = followers(2);
    platform.massTakes(Duration.ofMinutes(10));
    long id = id(send(openids, MassContent.Article.ofDraft(draft("慢")), "c1"));
    MassMessages mass = account.massMessages();
    assertThat(mass.state(id)).isEqualTo(MassMessages.State.SENDING);
    assertThatThrownBy(() -> mass.delete(id))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(40065));
    simulator.faults().onCallback("MASSSENDJOBFINISH").lose();
    simulator.advance(Duration.ofMinutes(10));
    assertThat(mass.state(id)).isEqualTo(MassMessages.State.SUCCEEDED);
    assertThat(reports).isEmpty();

    platform.massTakes(Duration.ZERO);
    id(send(openids, MassContent.Article.ofDraft(draft("错")), "c2"));
    simulator.settle();
    await().untilAsserted(() -> assertThat(reports).hasSize(1));
    mass.deleteByUrl(reports.get(0).articles().get(0).url().orElseThrow());
    assertThat(mass.state(reports.get(0).msgId())).isEqualTo(MassMessages.State.DELETED);
    mass.delete(id, 1);
    assertThat(mass.state(id)).isEqualTo(MassMessages.State.DELETED);
    assertThatThrownBy(() -> mass.state(7))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(40059));
  }

  @Test
  void theSpeedIsSetAndRead() {
    assertThat(account.massMessages().speed().level()).isEqualTo(3);
    account.massMessages().speed(4);
    assertThat(account.massMessages().speed()).isEqualTo(new MassMessages.Speed(4, 10));
  }

  @Test
  void aPreviewNeedsAFollower() {
    Follower staff = platform.follower("店员");
    assertThatThrownBy(
            () -> account.massMessages().preview(staff.openId(), new MassContent.Text("看看")))
        .isInstanceOf(WeChatException.class)
        .hasMessageNotContaining(staff.openId());
    staff.follow();
    account.massMessages().preview(staff.openId(), new MassContent.Text("看看"));
    assertThat(staff.chat()).hasSize(1);
    assertThat(platform.massesThisMonth(staff.openId())).as("costs nothing").isZero();
  }
}
