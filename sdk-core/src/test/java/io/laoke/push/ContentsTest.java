package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.message.Reason;
import io.laoke.push.ContentLimits.Limit;
import io.laoke.push.ContentProblem.Code;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentsTest {
  private static final Instant AT = Instant.parse("2026-05-01T02:00:00.123Z");
  private static final Content TEXT = Content.text("夏日特惠");

  private final FakeArticles wechat = new FakeArticles("wx1");

  private Laoke laoke(HikariDataSource pool) {
    return Laoke.builder()
        .dataSource(pool)
        .clock(Clock.fixed(AT, ZoneOffset.UTC))
        .dealer("hengxin")
        .dealer("other")
        .account("hengxin", wechat)
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void aContentHasVersionsOfWhichTheSameIsNone(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      SavedContent first = contents.save("summer", "夏日", TEXT, "小周");
      assertThat(first).isEqualTo(new SavedContent("summer", 1, "夏日", TEXT, TEXT.hash(), AT, "小周"));
      assertThat(contents.save("summer", "夏日", Content.text("夏日特惠"), "小王")).isEqualTo(first);
      SavedContent named = contents.save("summer", "夏日😀", TEXT, "小王");
      assertThat(named.version()).isEqualTo(2);
      Content other = Content.of(Article.of("标题", "<p>\"正文\"\\'😀\n</p>"));
      SavedContent third = contents.save("summer", "夏日😀", other, "小王");

      assertThat(contents.find("summer")).contains(third);
      assertThat(contents.find("summer", 1)).contains(first);
      assertThat(contents.find("summer", 4)).isEmpty();
      assertThat(contents.versions("summer")).containsExactly(first, named, third);
      assertThat(contents.find("Summer")).isEmpty();
      SavedContent second = contents.save("autumn", "秋", TEXT, "小王");
      assertThat(contents.all()).containsExactly(second, third);

      assertThat(contents.remove("summer", "小李")).isTrue();
      assertThat(contents.remove("summer", "小李")).isFalse();
      assertThat(contents.find("summer")).isEmpty();
      assertThat(contents.all()).containsExactly(second);
      assertThat(contents.versions("summer")).containsExactly(first, named, third);
      assertThat(contents.find("summer", 4)).isEmpty();
      assertThat(contents.save("summer", "夏日", TEXT, "小周").version()).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnfinishedContentIsSavedAndItsProblemsAreTold(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      ContentFile picture = contents.addFile(Bytes.png(100, 1), "a.png");
      Content content =
          Content.of(
              Article.of("题".repeat(40), "<img src='" + picture.reference() + "'>")
                  .withCover(picture));
      contents.save("long", "太长", content, "小周");
      assertThat(contents.problems(content))
          .singleElement()
          .satisfies(problem -> assertThat(problem.code()).isEqualTo(Code.TOO_LONG));
      wechat.limits = ContentLimits.DEFAULT.with(Limit.TITLE, 64);
      assertThat(contents.problems(content)).isEmpty();
      assertThat(contents.problems(content, "wx1")).isEmpty();
      assertThat(laoke.dealer("other").contents().problems(content))
          .extracting(ContentProblem::code)
          .containsExactly(Code.TOO_LONG, Code.UNKNOWN_FILE, Code.UNKNOWN_FILE);
      assertThatThrownBy(() -> contents.problems(content, "wx2"))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsKeptOnceWhateverItHolds(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      List<byte[]> files =
          List.of(
              Bytes.png(4, 0),
              Bytes.png(FileTable.PART, 1),
              Bytes.png(FileTable.PART + 1, 2),
              Bytes.png(ContentFile.MAX_BYTES, 3),
              Bytes.mp4(ContentFile.MAX_BYTES));
      for (byte[] bytes : files) {
        ContentFile kept = contents.addFile(bytes, "一.png");
        assertThat(kept.size()).isEqualTo(bytes.length);
        assertThat(contents.addFile(bytes, "二.png")).isEqualTo(kept);
        assertThat(contents.file(kept.sha256())).contains(kept);
        assertThat(contents.bytes(kept.sha256())).isEqualTo(bytes);
        assertThat(laoke.dealer("other").contents().file(kept.sha256())).isEmpty();
      }
      assertThatThrownBy(() -> contents.addFile(Bytes.png(ContentFile.MAX_BYTES + 1, 0), "a"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContainingAll("10,485,760", "10,485,761");
      assertThatThrownBy(() -> contents.addFile(new byte[0], "a"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> contents.addFile("<svg/>".getBytes(), "a.png"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("by its first bytes");
      assertThatThrownBy(() -> contents.bytes("f".repeat(64)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("addFile");
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyWhoSaveAndAddAtOnceDoNotMeet(TestServer server) throws Exception {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      byte[] bytes = Bytes.png(2_000_000, 7);
      int people = 6;
      ExecutorService threads = Executors.newFixedThreadPool(people);
      try {
        CountDownLatch together = new CountDownLatch(people);
        List<Future<ContentFile>> done = new ArrayList<>();
        for (int i = 0; i < people; i++) {
          int me = i;
          Callable<ContentFile> work =
              () -> {
                together.countDown();
                together.await();
                contents.save("same", "同", Content.text("内容" + me), "员工" + me);
                return contents.addFile(bytes, "文件" + me);
              };
          done.add(threads.submit(work));
        }
        ContentFile first = done.get(0).get();
        for (Future<ContentFile> one : done) {
          assertThat(one.get()).isEqualTo(first);
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(contents.versions("same"))
          .extracting(SavedContent::version)
          .containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(contents.bytes(ContentJson.sha256(bytes))).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDoneInATransactionOfTheHostGoesWithIt(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      laoke.dealer("hengxin").contents().save("a", "a", TEXT, "小周");
      byte[] bytes = Bytes.png(600_000, 1);
      wechat.put("D1", FakeArticles.written("一"));
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        Dealer joined = laoke.dealer("hengxin").in(connection);
        ContentFile file = joined.contents().addFile(bytes, "a.png");
        assertThat(joined.contents().addFile(bytes, "b.png")).isEqualTo(file);
        joined.contents().save("b", "b", Content.images(file), "小周");
        assertThat(joined.contents().remove("a", "小周")).isTrue();
        assertThat(joined.contents().bytes(file.sha256())).isEqualTo(bytes);
        assertThatThrownBy(() -> joined.contents().drafts("wx1", 0, 20))
            .isInstanceOf(ConflictException.class)
            .hasMessageContaining("inside a transaction");
        assertThatThrownBy(() -> joined.contents().fromDraft("wx1", "D1"))
            .isInstanceOf(ConflictException.class);
        assertThatThrownBy(
                () -> joined.contents().save("c", "c", Content.of(Article.fromDraft("D1")), "小周"))
            .isInstanceOf(ConflictException.class);
        connection.rollback();
      }
      Contents contents = laoke.dealer("hengxin").contents();
      assertThat(contents.all()).extracting(SavedContent::key).containsExactly("a");
      assertThat(contents.file(ContentJson.sha256(bytes))).isEmpty();
      assertThat(wechat.calls).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUsedIsNotRemoved(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      laoke.dealer("hengxin").contents().save("a", "a", TEXT, "小周");
      PreparerFixture fixture = new PreparerFixture(TestServer.database(pool), wechat);
      fixture.module.usedBy(
          (tx, tenant, key) -> key.equals("a") ? List.of("plan 'summer'") : List.of());
      Contents contents = fixture.contents();
      contents.save("b", "b", TEXT, "小周");
      assertThat(contents.remove("b", "小周")).isTrue();
      assertThatThrownBy(() -> contents.remove("a", "小周"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("plan 'summer'");
      assertThat(contents.find("a")).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaffWroteInTheEditorIsCopied(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      wechat.put("D1", FakeArticles.written("一"), FakeArticles.written("二\u0001"));
      assertThat(contents.drafts("wx1", 0, 20).total()).isEqualTo(1);
      Content read = contents.fromDraft("wx1", "D1");
      Article first =
          new Article(
              "一",
              "小周",
              "摘要",
              "<p>正文</p>",
              Optional.of(new Cover.OfMaterial("wx1", "COVER")),
              List.of(new Crop("1_1", 0, 0, 1, 1)),
              "",
              Comments.OFF,
              Optional.of(new DraftRef(Optional.of("wx1"), "D1", 0)));
      assertThat(((Content.Articles) read).articles().get(0)).isEqualTo(first);
      assertThat(((Content.Articles) read).articles().get(1).title()).isEqualTo("二");
      assertThat(contents.problems(read)).isEmpty();

      Content unread = Content.of(Article.of("零", "x"), Article.fromDraft("D1"));
      SavedContent saved = contents.save("d", "草稿", unread, "小周");
      assertThat(((Content.Articles) saved.content()).articles())
          .extracting(Article::title)
          .containsExactly("零", "一", "二");
      assertThat(contents.save("d", "草稿", unread, "小周")).isEqualTo(saved);
      wechat.put("D1", FakeArticles.written("改"));
      assertThat(contents.save("d", "草稿", unread, "小周").version()).isEqualTo(2);
      Content named = Content.of(Article.fromDraft("wx1", "D1"));
      assertThat(contents.save("e", "草稿", named, "小周").content().hash())
          .isEqualTo(contents.fromDraft("wx1", "D1").hash());
    }
  }

  private static StaffDraft.Entry entry(String title, String body, String cover, boolean pictures) {
    return new StaffDraft.Entry(
        title, "", "", body, "", cover, List.of(), Comments.OFF, pictures, Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whatTheEditorSavedByItselfIsRefusedWithAdvice(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      wechat.put("no title", FakeArticles.written("一"), entry(" ", "x", "C", false));
      wechat.put("no cover", entry("题", "x", "", false));
      wechat.put("nothing", entry("", "", "", false));
      wechat.put("pictures", entry("题", "x", "", true));
      wechat.put("empty");
      assertThatThrownBy(() -> contents.fromDraft("wx1", "no title"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("Article 2", "title (标题)", "自动保存", "保存为草稿");
      assertThatThrownBy(() -> contents.fromDraft("wx1", "no cover"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("cover (封面)");
      assertThatThrownBy(() -> contents.fromDraft("wx1", "nothing"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("title (标题), body (正文), cover (封面)");
      assertThatThrownBy(() -> contents.fromDraft("wx1", "pictures"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("图片消息");
      assertThatThrownBy(() -> contents.fromDraft("wx1", "empty"))
          .isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> contents.fromDraft("wx1", "gone"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("sent or deleted");
      assertThatThrownBy(() -> contents.fromDraft("wx2", "no title"))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(
              () ->
                  laoke
                      .dealer("other")
                      .contents()
                      .save("a", "a", Content.of(Article.fromDraft("D")), "小周"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("no account that sends articles");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whatThePlatformAnswersIsToldWithWhatToDo(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      Reason why = new Reason("48001", "WeChat answered 48001", "Verify the account.", "请认证。");
      wechat.script.add(new ChannelAnswer.Misconfigured<>(why));
      assertThatThrownBy(() -> contents.drafts("wx1", 0, 20))
          .isInstanceOfSatisfying(ChannelException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContainingAll("draft box of wx1", "48001", "Verify the account.", "请认证。");
      wechat.script.add(
          new ChannelAnswer.Later<>(
              Duration.ofSeconds(1), false, Reason.of("TIMEOUT", "No answer came")));
      assertThatThrownBy(() -> contents.fromDraft("wx1", "D1"))
          .isInstanceOfSatisfying(ChannelException.class, e -> assertThat(e.retryable()).isTrue())
          .hasMessageContaining("try again");
      assertThatThrownBy(() -> contents.drafts("wx1", 0, 21))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysAndNamesMayBeAsLongAsIsSaid(TestServer server) {
    String name = new StringBuilder().appendCodePoint(0x20000).toString().repeat(60);
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool)) {
      Contents contents = laoke.dealer("hengxin").contents();
      String key = name + "keys";
      contents.save(key, name + name.substring(40), TEXT, key);
      assertThat(contents.find(key).orElseThrow().savedBy()).isEqualTo(key);
      assertThat(contents.addFile(Bytes.mp3(10), name).name()).isEqualTo(name);
      StringBuilder body = new StringBuilder();
      for (int i = 0; i < 99_000; i++) {
        body.appendCodePoint(0x4E00 + i % 20_000);
      }
      Content long1 =
          Content.of(Article.of("长", body.toString()), Article.of("长", body.toString()));
      assertThat(contents.save("long", "长", long1, "小周").content()).isEqualTo(long1);
      assertThat(contents.find("long").orElseThrow().content()).isEqualTo(long1);
      Article[] many = new Article[21];
      java.util.Arrays.fill(many, Article.of("长", body.toString()));
      assertThatThrownBy(() -> contents.save("long", "长", Content.of(many), "小周"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("2,000,000");
    }
  }
}
