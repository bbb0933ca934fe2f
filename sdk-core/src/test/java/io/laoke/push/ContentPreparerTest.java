package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.message.Reason;
import io.laoke.testing.TestServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentPreparerTest {
  private final FakeArticles wechat = new FakeArticles("wx1");

  private static Content article(Contents contents) {
    ContentFile one = contents.addFile(Bytes.png(1000, 1), "一.png");
    ContentFile two = contents.addFile(Bytes.png(1000, 2), "二.png");
    ContentFile cover = contents.addFile(Bytes.png(1000, 3), "封面.png");
    String body =
        "<p>a</p><img src='"
            + one.reference()
            + "'><img src='"
            + two.reference()
            + "'><img src='"
            + one.reference()
            + "'>";
    return Content.of(
        Article.of("厨房", body).withCover(cover).withSourceUrl("https://dealer.example/k"),
        Article.of("清洁", "<img src='" + one.reference() + "'>").withCover(one));
  }

  private static String draft(ChannelAnswer<MassPayload> answer) {
    assertThat(answer).isInstanceOf(ChannelAnswer.Done.class);
    return ((MassPayload.Draft) answer.given().orElseThrow()).mediaId();
  }

  private static String code(ChannelAnswer<?> answer) {
    return answer.reason().orElseThrow().code();
  }

  @ParameterizedTest
  @EnumSource
  void eachBatchHasADraftOfItsOwnAndEachFileIsUploadedOnce(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      String first = draft(laoke.prepare("p1-b1", content));
      assertThat(wechat.calls).containsExactlyInAnyOrder("body", "body", "IMAGE", "IMAGE", "draft");
      List<NewDraftArticle> articles = wechat.made.get(first);
      assertThat(articles).extracting(NewDraftArticle::title).containsExactly("厨房", "清洁");
      assertThat(articles.get(0).body())
          .matches("<p>a</p>(<img src='http://mmbiz.qpic.cn/M\\d'>){3}")
          .doesNotContain("laoke-file");
      assertThat(articles.get(0).sourceUrl()).isEqualTo("https://dealer.example/k");
      assertThat(wechat.material.get(articles.get(1).coverMediaId())).isEqualTo(Bytes.png(1000, 1));

      assertThat(draft(laoke.prepare("p1-b1", content))).isEqualTo(first);
      assertThat(wechat.calls).hasSize(5);
      String second = draft(laoke.prepare("p1-b2", content));
      assertThat(second).isNotEqualTo(first);
      assertThat(wechat.calls).hasSize(6);
      assertThat(wechat.made.get(second)).isEqualTo(articles);
      assertThat(laoke.preparer.orphans(laoke.tenant, "wx1")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void otherContentsNeedTheirMaterialOnly(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      ContentFile picture = laoke.contents().addFile(Bytes.png(50, 1), "a.png");
      ContentFile sound = laoke.contents().addFile(Bytes.mp3(50), "a.mp3");
      ContentFile film = laoke.contents().addFile(Bytes.mp4(50), "a.mp4");
      assertThat(laoke.prepare("t", Content.text("字")).given()).contains(new MassPayload.Text("字"));
      assertThat(laoke.prepare("i", Content.images(picture, picture)).given())
          .contains(new MassPayload.Images(List.of("M1", "M1"), "", Comments.OFF));
      assertThat(laoke.prepare("v", Content.voice(sound)).given())
          .contains(new MassPayload.Voice("M2"));
      assertThat(laoke.prepare("f", Content.video(film, "片", "说明")).given())
          .contains(new MassPayload.Video("M3", "片", "说明"));
      assertThat(laoke.prepare("f2", Content.video(film, "另一片", "")).given())
          .contains(new MassPayload.Video("M4", "另一片", ""));
      assertThat(laoke.prepare("f3", Content.video(film, "片", "说明")).given())
          .contains(new MassPayload.Video("M3", "片", "说明"));
      assertThat(wechat.calls).containsExactly("IMAGE", "VOICE", "VIDEO", "VIDEO");

      laoke.preparer.forget(laoke.tenant, "wx1", Content.voice(sound));
      assertThat(laoke.prepare("v", Content.voice(sound)).given())
          .contains(new MassPayload.Voice("M5"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCoverThatSomebodyDeletedIsUploadedAnewOnce(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      String first = draft(laoke.prepare("b1", content));
      wechat.material.clear();
      wechat.calls.clear();
      assertThat(draft(laoke.prepare("b2", content))).isNotEqualTo(first);
      assertThat(wechat.calls).containsExactly("draft", "IMAGE", "IMAGE", "draft");

      Reason gone = Reason.of("40007", "invalid media_id");
      wechat.calls.clear();
      wechat.script.add(new ChannelAnswer.Refused<>(gone));
      wechat.afterwards.add(ChannelAnswer.done("M8"));
      wechat.afterwards.add(ChannelAnswer.done("M9"));
      ChannelAnswer<MassPayload> refused = laoke.prepare("b3", content);
      assertThat(refused).isInstanceOf(ChannelAnswer.Refused.class);
      assertThat(code(refused)).isEqualTo("40007");
      assertThat(wechat.count("draft")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatCouldNotBeDoneIsToldAndDoneLater(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      Reason why = Reason.of("45009", "quota");
      wechat.script.add(new ChannelAnswer.Later<>(Duration.ofHours(1), true, why));
      assertThat(laoke.prepare("b1", content))
          .isEqualTo(new ChannelAnswer.Later<MassPayload>(Duration.ofHours(1), true, why));
      wechat.script.add(new ChannelAnswer.Misconfigured<>(Reason.of("48001", "no")));
      assertThat(laoke.prepare("b1", content)).isInstanceOf(ChannelAnswer.Misconfigured.class);
      wechat.afterwards.add(new ChannelAnswer.Unknown<>(Reason.of("TIMEOUT", "no answer")));
      assertThat(laoke.prepare("b1", content)).isInstanceOf(ChannelAnswer.Later.class);
      wechat.calls.clear();
      String first = draft(laoke.prepare("b1", content));
      assertThat(wechat.count("body")).as("that of which no answer came is made anew").isEqualTo(2);
      assertThat(wechat.made).containsOnlyKeys(first);

      wechat.afterwards.add(new ChannelAnswer.Unknown<>(Reason.of("TIMEOUT", "no answer")));
      assertThat(laoke.prepare("b2", content)).isInstanceOf(ChannelAnswer.Later.class);
      assertThat(laoke.preparer.orphans(laoke.tenant, "wx1")).isEqualTo(1);
      String second = draft(laoke.prepare("b2", content));
      assertThat(wechat.made).hasSize(3).containsKey(second);
      wechat.script.add(new ChannelAnswer.Refused<>(Reason.of("45166", "content")));
      assertThat(laoke.prepare("b3", content)).isInstanceOf(ChannelAnswer.Refused.class);
      assertThat(laoke.preparer.orphans(laoke.tenant, "wx1")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShortBudgetMakesOneCallEachTime(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      ContentPreparer.Batch batch = ContentPreparer.Batch.of("b1", content);
      for (int calls = 1; calls <= 4; calls++) {
        ChannelAnswer<MassPayload> answer =
            laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, Duration.ZERO);
        assertThat(code(answer)).isEqualTo("GOES_ON");
        assertThat(wechat.calls).hasSize(calls);
      }
      assertThat(draft(laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, Duration.ZERO)))
          .isNotEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDraftThatIsNotWantedIsDeletedAndOneThatWasSentForgotten(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      String first = draft(laoke.prepare("b1", content));
      laoke.preparer.drop(laoke.tenant, "wx1", "b1");
      String second = draft(laoke.prepare("b1", content));
      assertThat(second).isNotEqualTo(first);
      wechat.script.add(
          new ChannelAnswer.Later<>(Duration.ofSeconds(1), false, Reason.of("-1", "busy")));
      assertThat(laoke.preparer.sweep(laoke.tenant, laoke.channel, 10)).isZero();
      assertThat(laoke.preparer.sweep(laoke.tenant, laoke.channel, 10)).isEqualTo(1);
      assertThat(wechat.made).containsOnlyKeys(second);
      assertThat(laoke.preparer.sweep(laoke.tenant, laoke.channel, 10)).isZero();

      laoke.preparer.sent(laoke.tenant, "wx1", "b1", second);
      assertThat(draft(laoke.prepare("b1", content))).isNotEqualTo(second);

      Content changed = Content.of(((Content.Articles) content).articles().get(0));
      String third = draft(laoke.prepare("b1", changed));
      assertThat(wechat.made.get(third)).hasSize(1);
      assertThat(laoke.preparer.sweep(laoke.tenant, laoke.channel, 10)).isEqualTo(1);
      assertThat(wechat.made).containsOnlyKeys(second, third);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void eachBatchHasLinksOfItsOwn(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      ContentPreparer.Batch batch =
          new ContentPreparer.Batch(
              "b1", content, true, (article, url) -> "https://l.example/b1/" + article);
      ChannelAnswer<MassPayload> answer =
          laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, PreparerFixture.LONG);
      assertThat(((MassPayload.Draft) answer.given().orElseThrow()).sendReprint()).isTrue();
      assertThat(wechat.made.get(draft(answer)))
          .extracting(NewDraftArticle::sourceUrl)
          .containsExactly("https://l.example/b1/0", "https://l.example/b1/1");
      assertThat(draft(laoke.prepare("b1", content))).isNotEqualTo(draft(answer));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whatTheAccountCanNeverSendIsRefusedBeforeAnythingLeaves(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      ChannelAnswer<MassPayload> bad =
          laoke.prepare("b", Content.of(Article.of("标题", "<script></script>")));
      assertThat(bad).isInstanceOf(ChannelAnswer.Refused.class);
      assertThat(code(bad)).isEqualTo("CONTENT");
      assertThat(bad.reason().orElseThrow().text()).contains("2 problems");
      Article foreign = Article.of("标题", "x").withCover(new Cover.OfMaterial("wx2", "COVER"));
      ChannelAnswer<MassPayload> other = laoke.prepare("b", Content.of(foreign));
      assertThat(code(other)).isEqualTo("OTHER_ACCOUNT");
      assertThat(wechat.calls).isEmpty();
      Article own = foreign.withCover(new Cover.OfMaterial("wx1", "COVER"));
      assertThat(draft(laoke.prepare("b", Content.of(own)))).isNotEmpty();
    }
  }

  // ---- kills

  /** The process ends here: nothing after this happens in it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** Counts down what a process does, and ends it. */
  private static final class Life {
    private int left;

    Life(int left) {
      this.left = left;
    }

    void live() {
      if (left-- <= 0) {
        throw new Killed();
      }
    }
  }

  /** Each statement and each end of a transaction may be the last thing that happens. */
  private static Database mortal(DataSource pool, Life life) {
    DataSource proxy =
        (DataSource)
            Proxy.newProxyInstance(
                DataSource.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> {
                  try {
                    Object given = method.invoke(pool, arguments);
                    return given instanceof java.sql.Connection connection
                        ? mortal(connection, life)
                        : given;
                  } catch (InvocationTargetException failed) {
                    throw failed.getCause();
                  }
                });
    return new Database(proxy, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  private static java.sql.Connection mortal(java.sql.Connection connection, Life life) {
    return (java.sql.Connection)
        Proxy.newProxyInstance(
            java.sql.Connection.class.getClassLoader(),
            new Class<?>[] {java.sql.Connection.class},
            (self, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  || method.getName().equals("commit")) {
                life.live();
              }
              try {
                Object given = method.invoke(connection, arguments);
                if (method.getName().equals("commit")) {
                  life.live();
                }
                return given;
              } catch (InvocationTargetException failed) {
                throw failed.getCause();
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void killedAnywhereItGoesOnAndForgetsNoDraft(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      int needed = 3; // the covers and the draft; pictures of bodies stay where they are
      int kills = 0;
      boolean survived = false;
      for (int steps = 1; !survived; steps++) {
        String batch = "b" + steps;
        laoke.preparer.forget(laoke.tenant, "wx1", content);
        Life life = new Life(steps);
        wechat.onCall = life::live;
        wechat.calls.clear();
        int before = wechat.made.size();
        long orphans = laoke.preparer.orphans(laoke.tenant, "wx1");
        try {
          PreparerFixture mortal = new PreparerFixture(mortal(pool, life), wechat);
          draft(mortal.prepare(batch, content));
          survived = true;
        } catch (Killed end) {
          kills++;
        }
        wechat.onCall = () -> {};
        String draft = draft(laoke.prepare(batch, content));
        assertThat(wechat.calls.size())
            .as("calls, one of them again at most, after a kill at %d", steps)
            .isLessThanOrEqualTo((steps == 1 ? 5 : needed) + 1);
        assertThat(wechat.made).containsKey(draft);
        long came = wechat.made.size() - before;
        long lost = laoke.preparer.orphans(laoke.tenant, "wx1") - orphans;
        assertThat(came - 1)
            .as("drafts nobody knows, killed at %d", steps)
            .isLessThanOrEqualTo(lost);
        assertThat(lost).isBetween(0L, 1L);
        assertThat(draft(laoke.prepare(batch, content))).isEqualTo(draft);
      }
      assertThat(kills).isGreaterThan(15);
    }
  }

  @ParameterizedTest
  @EnumSource
  void killedAnywhereABatchWithLinksOfItsOwnHasOneDraft(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      for (int i = 0; i < 30; i++) {
        wechat.put("staff " + i, FakeArticles.written("厨房"), FakeArticles.written("清洁"));
      }
      boolean survived = false;
      for (int steps = 1; !survived; steps++) {
        String key = "b" + steps;
        ContentPreparer.Batch batch =
            new ContentPreparer.Batch(
                key, content, false, (article, url) -> "https://l.example/" + key);
        Life life = new Life(steps);
        wechat.onCall = life::live;
        int before = wechat.made.size();
        PreparerFixture mortal = new PreparerFixture(mortal(pool, life), wechat);
        try {
          draft(mortal.preparer.prepare(laoke.tenant, laoke.channel, batch, PreparerFixture.LONG));
          survived = true;
        } catch (Killed end) {
          assertThat(wechat.made.size()).isBetween(before, before + 1);
        }
        wechat.onCall = () -> {};
        String draft =
            draft(laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, PreparerFixture.LONG));
        assertThat(wechat.made).as("killed at %d", steps).hasSize(before + 1).containsKey(draft);
        assertThat(wechat.made.get(draft).get(0).sourceUrl()).endsWith(key);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerOfTheDraftBoxThatDoesNotComeIsWaitedFor(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content =
          Content.of(Article.of("标题", "x").withCover(new Cover.OfMaterial("wx1", "COVER")));
      ContentPreparer.Batch batch =
          new ContentPreparer.Batch("b", content, false, (article, url) -> "https://l.example/b");
      wechat.afterwards.add(new ChannelAnswer.Unknown<>(Reason.of("TIMEOUT", "no answer")));
      assertThat(laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, PreparerFixture.LONG))
          .isInstanceOf(ChannelAnswer.Later.class);
      Reason busy = Reason.of("-1", "busy");
      wechat.script.add(new ChannelAnswer.Later<>(Duration.ofSeconds(2), false, busy));
      assertThat(laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, PreparerFixture.LONG))
          .isEqualTo(new ChannelAnswer.Later<MassPayload>(Duration.ofSeconds(2), false, busy));
      String found =
          draft(laoke.preparer.prepare(laoke.tenant, laoke.channel, batch, PreparerFixture.LONG));
      assertThat(wechat.made).containsOnlyKeys(found);
      assertThat(laoke.preparer.orphans(laoke.tenant, "wx1")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void noTransactionIsOpenWhileItWaitsForTheNetwork(TestServer server) throws Exception {
    try (HikariDataSource pool = server.migrated();
        java.sql.Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      PreparerFixture laoke = new PreparerFixture(TestServer.database(pool), wechat);
      Content content = article(laoke.contents());
      PreparerFixture joined =
          new PreparerFixture(TestServer.database(pool).in(connection), wechat);
      assertThatThrownBy(() -> joined.prepare("b", content))
          .hasMessageContaining("inside a transaction");
      connection.rollback();
      wechat.onCall =
          () -> assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(1);
      assertThat(draft(laoke.prepare("b", content))).isNotEmpty();
    }
  }
}
