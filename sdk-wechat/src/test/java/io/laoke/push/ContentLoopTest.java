package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.message.SendOutcome;
import io.laoke.push.ContentProblem.Code;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.DraftArticle.News;
import io.laoke.wechat.Materials.Kind;
import io.laoke.wechat.MediaFile;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From a content of the dealer's to the followers' chats, over the platform of the simulator. */
class ContentLoopTest {
  private final HikariDataSource pool = TestServer.H2.migrated();
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount platform = simulator.addAccount(AccountSpec.service());
  private final OfficialAccount account =
      WeChat.officialAccount(
          OfficialAccountSettings.builder(platform.appId())
              .secret(platform.secret())
              .baseUrl(simulator.baseUrl())
              .build());
  private final PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), account);

  @AfterEach
  void close() {
    account.close();
    simulator.close();
    pool.close();
  }

  private List<Follower> followers(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              Follower one = platform.follower("粉丝" + i);
              one.follow();
              return one;
            })
        .toList();
  }

  private void send(String batch, Content content, List<Follower> to) {
    MassPayload payload =
        laoke
            .prepare(batch, content)
            .given()
            .orElseThrow(() -> new AssertionError("not prepared: " + batch));
    SendOutcome outcome =
        laoke
            .channel
            .articles()
            .send(to.stream().map(Follower::openId).toList(), payload, batch, false)
            .toCompletableFuture()
            .join();
    assertThat(outcome).isInstanceOf(SendOutcome.Accepted.class);
    simulator.settle();
  }

  @Test
  void anArticleOfOwnFieldsReachesTwoBatchesWithItsPictures() {
    Contents contents = laoke.contents();
    ContentFile picture = contents.addFile(Bytes.png(2_000, 1), "净水器.png");
    ContentFile cover = contents.addFile(Bytes.png(2_000, 2), "封面.png");
    Content content =
        Content.of(
            Article.of("夏日厨房", "<p>看图<img src=\"" + picture.reference() + "\"></p>")
                .withCover(cover)
                .withAuthor("恒信电器")
                .withSourceUrl("https://dealer.example/k"),
            Article.of("清洗优惠", "<p>二</p>").withCover(picture));
    assertThat(contents.problems(content)).isEmpty();
    List<Follower> people = followers(4);

    send("p1-b1", content, people.subList(0, 2));
    MassPayload second = laoke.prepare("p1-b2", content).given().orElseThrow();
    StaffDraft draft =
        laoke
            .channel
            .articles()
            .draft(((MassPayload.Draft) second).mediaId())
            .toCompletableFuture()
            .join()
            .given()
            .orElseThrow()
            .orElseThrow();
    assertThat(draft.articles().get(0).body())
        .as("WeChat would have taken out a picture from elsewhere")
        .contains("<img src=\"" + simulator.baseUrl());
    send("p1-b2", content, people.subList(2, 4));

    assertThat(people)
        .allSatisfy(
            one -> {
              assertThat(one.chat()).hasSize(1);
              ChatMessage card = one.chat().get(0);
              assertThat(card.kind()).isEqualTo(ChatMessage.Kind.ARTICLE);
              assertThat(card.toString()).contains("夏日厨房", "清洗优惠");
            });
    assertThat(platform.drafts()).isEmpty();
  }

  @Test
  void whatStaffWroteInTheEditorIsSentAndStaysThere() {
    String cover =
        account.materials().add(Kind.IMAGE, MediaFile.of("a.png", Bytes.png(99, 1))).mediaId();
    String picture = account.materials().addBodyImage(MediaFile.of("b.png", Bytes.png(99, 2)));
    String draft =
        account
            .drafts()
            .add(
                List.of(
                    News.of("员工写的", "<p>正文<img src=\"" + picture + "\"></p>", cover)
                        .withAuthor("小周")));
    Contents contents = laoke.contents();
    assertThat(contents.drafts(platform.appId(), 0, 20).drafts())
        .singleElement()
        .satisfies(one -> assertThat(one.articles().get(0).title()).isEqualTo("员工写的"));
    Content content = contents.fromDraft(platform.appId(), draft);
    assertThat(contents.problems(content)).isEmpty();
    assertThat(ContentLimits.DEFAULT.problems(content, none -> Optional.empty()))
        .as("the real platform has no such pictures")
        .extracting(ContentProblem::code)
        .containsExactly(Code.FOREIGN_IMAGE);
    List<Follower> people = followers(2);

    send("p1-b1", content, people);

    assertThat(people.get(1).chat().get(0).toString()).contains("员工写的");
    assertThat(platform.drafts()).containsExactly(draft);
  }

  @Test
  void otherContentsReachTheChatToo() {
    Contents contents = laoke.contents();
    ContentFile picture = contents.addFile(Bytes.png(2_000, 1), "净水器.png");
    ContentFile film = contents.addFile(Bytes.mp4(2_000), "安装.mp4");
    List<Follower> people = followers(2);
    send("t", Content.text("周末滤芯八折"), people);
    send("i", Content.images(picture, picture), people);
    send("v", Content.video(film, "安装演示", "三分钟"), people);
    assertThat(people.get(0).chat())
        .extracting(ChatMessage::kind)
        .containsOnly(ChatMessage.Kind.MASS)
        .hasSize(3);
  }
}
