package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.AccountType;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.wechat.DraftArticle.Comments;
import io.laoke.wechat.DraftArticle.Crop;
import io.laoke.wechat.DraftArticle.News;
import io.laoke.wechat.DraftArticle.Pictures;
import io.laoke.wechat.Materials.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Drafts and material, against a platform that was written without this module. */
class ArticlesTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount platform =
      simulator.addAccount(AccountSpec.service().withAppId(Platform.APP_ID));
  private OfficialAccount account = open(ArticleLimits.DEFAULT);

  @TempDir Path folder;

  private OfficialAccount open(ArticleLimits limits) {
    return new OfficialAccount(
        OfficialAccountSettings.builder(platform.appId())
            .secret(platform.secret())
            .baseUrl(simulator.baseUrl())
            .clock(simulator.clock())
            .articleLimits(limits)
            .build(),
        Duration.ofMillis(1));
  }

  @AfterEach
  void stop() {
    account.close();
    simulator.close();
  }

  private String cover() {
    return account.materials().add(Kind.IMAGE, MediaFile.of("封面.png", png(100))).mediaId();
  }

  static byte[] png(int size) {
    return file(size, 0x89, 'P', 'N', 'G', 13, 10, 26, 10);
  }

  static byte[] jpg(int size) {
    return file(size, 0xFF, 0xD8, 0xFF, 0xE0);
  }

  static byte[] mp4(int size) {
    return file(size, 0, 0, 0, 24, 'f', 't', 'y', 'p', 'm', 'p', '4', '2');
  }

  static byte[] file(int size, int... head) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < Math.min(size, head.length); i++) {
      bytes[i] = (byte) head[i];
    }
    return bytes;
  }

  @Test
  void anArticleIsWrittenReadChangedCopiedAndDeleted() {
    String picture = account.materials().addBodyImage(MediaFile.of("正文.jpg", jpg(2000)));
    News article =
        News.of("净水器滤芯该换了 💧", "<p>您好</p><img src=\"" + picture + "\">", cover())
            .withAuthor("恒鑫电器")
            .withDigest("三步换好滤芯")
            .withSourceUrl("https://dealer.example/a?x=1&y=滤")
            .withComments(Comments.FOLLOWERS)
            .withCrops(
                List.of(new Crop("2.35_1", 0, 0.25, 1, 0.673456), new Crop("1_1", 0, 0, 1, 1)));
    Pictures pictures = new Pictures("新品", "三款新品到店", List.of(cover(), cover()), Comments.EVERYONE);

    String id = account.drafts().add(List.of(article, pictures));

    Drafts.Draft draft = account.drafts().find(id).orElseThrow();
    assertThat(draft.contents()).containsExactly(article, pictures);
    assertThat(draft.articles()).allMatch(entry -> entry.previewUrl().isPresent());
    assertThat(draft).asString().contains("新品").doesNotContain("三款新品到店");
    String copy = account.drafts().add(draft.contents());
    assertThat(account.drafts().find(copy).orElseThrow().contents()).isEqualTo(draft.contents());
    account.drafts().update(copy, 1, article);
    assertThat(account.drafts().find(copy).orElseThrow().contents())
        .containsExactly(article, article);
    assertThat(account.drafts().count()).isEqualTo(2);
    assertThat(account.drafts().delete(id)).isTrue();
    assertThat(account.drafts().delete(id)).as("again").isFalse();
    assertThat(account.drafts().find(id)).isEmpty();
    assertThat(platform.drafts()).containsExactly(copy);
  }

  @Test
  void whatWeChatLeavesOutOrFillsInIsSeenWhenTheDraftIsRead() {
    String id =
        account
            .drafts()
            .add(
                List.of(
                    News.of(
                        "标题",
                        "<p>"
                            + "字".repeat(60)
                            + "</p><script>x()</script>"
                            + "<img src=\"https://elsewhere.example/a.png\">",
                        cover())));
    News kept = (News) account.drafts().find(id).orElseThrow().contents().get(0);
    assertThat(kept.content()).doesNotContain("script", "elsewhere");
    assertThat(kept.digest()).isEqualTo("字".repeat(54));
  }

  @Test
  void theBoxIsReadPageByPage() {
    String cover = cover();
    for (int i = 0; i < 45; i++) {
      account.drafts().add(List.of(News.of("第" + i, "<p>正文</p>", cover)));
    }
    Drafts.Page page = account.drafts().page(40, 20, true);
    assertThat(page.total()).isEqualTo(45);
    assertThat(page.drafts()).hasSize(5);
    assertThat(page.drafts().get(4).contents().get(0).content()).isEqualTo("<p>正文</p>");
    assertThat(page.drafts().get(4).updatedAt()).isPresent();
    List<Drafts.Draft> all = account.drafts().all().toList();
    assertThat(all.stream().map(draft -> draft.contents().get(0).title()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 45).mapToObj(i -> "第" + i).toList());
    assertThat(all.get(0).contents().get(0).content()).as("without bodies").isEmpty();
    assertThat(account.drafts().all().limit(1)).hasSize(1);
    assertThat(simulator.calls("/cgi-bin/draft/batchget")).hasSize(1 + 3 + 1);
  }

  /** The longest that is taken here is taken by the platform too. */
  @Test
  void takesTheLongestThatWeChatTakes() {
    String cover = cover();
    News longest =
        News.of("😀".repeat(32), "汉".repeat(19_999), cover)
            .withAuthor("作".repeat(16))
            .withDigest("摘".repeat(120))
            .withSourceUrl("https://a.example/" + "b".repeat(1006));
    assertThat(account.drafts().add(List.of(longest))).isNotBlank();
    String images = cover();
    assertThat(
            account
                .drafts()
                .add(
                    List.of(
                        Pictures.of(
                            "图", "字", IntStream.range(0, 20).mapToObj(i -> images).toList()))))
        .isNotBlank();
    assertThat(account.drafts().add(IntStream.range(0, 8).mapToObj(i -> longest).toList()))
        .isNotBlank();
  }

  static Stream<Arguments> tooMuch() {
    News fine = News.of("标题", "<p>正文</p>", "COVER");
    List<String> many = IntStream.range(0, 21).mapToObj(i -> "P" + i).toList();
    return Stream.of(
        arguments("articles[0].title", "32 characters, has 33: 标", with(fine, "标".repeat(33))),
        arguments("articles[0].title", "must not be blank", with(fine, " ")),
        arguments("articles[0].title", "one line", with(fine, "a\nb")),
        arguments(
            "articles[0].author", "16 characters, has 17: 作", fine.withAuthor("作".repeat(17))),
        arguments(
            "articles[0].digest", "120 characters, has 121: 摘", fine.withDigest("摘".repeat(121))),
        arguments("articles[0].content", "must not be blank", fine.withContent("\n")),
        arguments(
            "articles[0].content",
            "fewer than 20,000 characters with its tags, has 20,000: 汉",
            fine.withContent("汉".repeat(20_000))),
        arguments("articles[0].content", "4-byte character", fine.withContent("a\uD83D")),
        arguments(
            "articles[0].sourceUrl",
            "1024 bytes in UTF-8, has 1026: https://a",
            fine.withSourceUrl("https://a.example/" + "滤".repeat(336))),
        arguments(
            "articles[0].sourceUrl",
            "like https://dealer.example/page, or empty, was dealer",
            fine.withSourceUrl("dealer.example")),
        arguments("articles[0].coverMediaId", "materials().add", fine.withCover("")),
        arguments(
            "articles[0].imageMediaIds", "1 to 20 pictures, were 21", Pictures.of("图", "字", many)),
        arguments("articles[0].imageMediaIds", "were 0", Pictures.of("图", "字", List.of())));
  }

  private static News with(News news, String title) {
    return new News(
        title,
        news.author(),
        news.digest(),
        news.content(),
        news.sourceUrl(),
        news.coverMediaId(),
        news.comments(),
        news.crops());
  }

  private static Arguments arguments(String field, String said, DraftArticle article) {
    return Arguments.of(field, said, article);
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void refusesBeforeTheWireWhatWeChatWouldRefuse(String field, String said, DraftArticle article) {
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> account.drafts().add(List.of(article)),
            () -> account.drafts().check(List.of(article)))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              InvalidInputException.class, e -> assertThat(e.field()).isEqualTo(field))
          .hasMessageContaining(said);
    }
    assertThatThrownBy(() -> account.drafts().update("d", 0, article))
        .isInstanceOf(InvalidInputException.class);
    assertThat(simulator.calls()).isEmpty();
  }

  @Test
  void countsArticlesAndTakesOtherLimitsOnceWeChatHasThem() {
    News article = News.of("标".repeat(64), "<p>正文</p>", "C").withAuthor("作".repeat(20));
    assertThatThrownBy(() -> account.drafts().check(List.of()))
        .hasMessageContaining("must be 1 to 8, were 0");
    News fine = with(article, "标题").withAuthor("");
    assertThatThrownBy(
            () -> account.drafts().check(IntStream.range(0, 9).mapToObj(i -> fine).toList()))
        .hasMessageContaining("another draft");
    account.close();
    account = open(ArticleLimits.DEFAULT.withTitle(64).withAuthor(20).withArticles(9));
    account.drafts().check(IntStream.range(0, 9).mapToObj(i -> article).toList());
    account.close();
    account = open(ArticleLimits.DEFAULT.withTitle(64).withAuthor(20));
    String cover = cover();
    assertThatThrownBy(() -> account.drafts().add(List.of(article.withCover(cover))))
        .as("WeChat decides in the end")
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(45003))
        .hasMessageContaining("articleLimits");
  }

  @Test
  void aCoverMustBePermanentAndAnIndexThere() {
    String temporary =
        account.materials().addTemporary(Kind.IMAGE, MediaFile.of("a.png", png(99))).mediaId();
    assertThatThrownBy(() -> account.drafts().add(List.of(News.of("标题", "<p>正文</p>", temporary))))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(40007))
        .hasMessageContaining("Add it anew");
    String id = account.drafts().add(List.of(News.of("标题", "<p>正文</p>", cover())));
    assertThatThrownBy(() -> account.drafts().update(id, 3, News.of("标题", "<p>正文</p>", cover())))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(40114))
        .hasMessageContaining("count from 0");
  }

  @Test
  void aDraftWhoseAnswerWasLostIsNotAddedTwice() {
    String cover = cover();
    simulator.faults().onCall("/cgi-bin/draft/add").acceptThenReset();
    assertThatThrownBy(() -> account.drafts().add(List.of(News.of("标题", "<p>正文</p>", cover))))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.retryable()).isTrue());
    assertThat(platform.drafts()).hasSize(1);
  }

  @Test
  void materialIsAddedListedCountedReadAndDeleted() throws Exception {
    Path video = folder.resolve("安装演示.mp4");
    Files.write(video, mp4(300_000));
    Materials.Added film = account.materials().addVideo(MediaFile.of(video), "安装演示", "十分钟看懂\n滤芯安装");
    Path picture = folder.resolve("a \"b\" 图.png");
    Files.write(picture, png(70_000));
    Materials.Added image = account.materials().add(Kind.IMAGE, MediaFile.of(picture));
    assertThat(image.url()).isPresent();
    account.materials().add(Kind.VOICE, MediaFile.of("问候", file(2000, '#', '!', 'A', 'M', 'R')));
    account.materials().add(Kind.THUMB, MediaFile.of("小图", jpg(64 * 1024)));
    assertThat(account.materials().count()).isEqualTo(new Materials.Count(1, 1, 1, 0));
    assertThat(account.materials().all(Kind.IMAGE))
        .singleElement()
        .satisfies(
            item -> {
              assertThat(item.mediaId()).isEqualTo(image.mediaId());
              assertThat(item.url()).isEqualTo(image.url());
              assertThat(item.name()).endsWith("图.png");
            });
    assertThat(account.materials().page(Kind.VOICE, 0, 20).items().get(0).name())
        .isEqualTo("问候.amr");

    Path copy = folder.resolve("copy.png");
    Files.writeString(copy, "what was there before");
    assertThat(account.materials().read(image.mediaId(), copy))
        .isEqualTo(new Materials.Content.Saved(copy, 70_000));
    assertThat(copy).hasSameBinaryContentAs(picture);
    assertThat(account.materials().read(film.mediaId(), folder.resolve("none")))
        .isInstanceOfSatisfying(
            Materials.Content.Video.class,
            found -> {
              assertThat(found.title()).isEqualTo("安装演示");
              assertThat(found.introduction()).isEqualTo("十分钟看懂\n滤芯安装");
              assertThat(found.url()).startsWith("http");
            });
    account.materials().delete(image.mediaId());
    assertThatThrownBy(() -> account.materials().read(image.mediaId(), copy))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(40007));
    assertThat(copy).as("as it was").hasSameBinaryContentAs(picture);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("安装演示.mp4", "a \"b\" 图.png", "copy.png");
    }
  }

  @Test
  void temporaryMaterialEndsAfterThreeDays() {
    Materials.Temporary made =
        account.materials().addTemporary(Kind.IMAGE, MediaFile.of("a.png", png(5000)));
    assertThat(Duration.between(simulator.clock().instant(), made.expiresAt()))
        .isBetween(Duration.ofDays(3).minusMinutes(1), Duration.ofDays(3));
    Path copy = folder.resolve("a.png");
    assertThat(account.materials().readTemporary(made.mediaId(), copy))
        .isEqualTo(new Materials.Content.Saved(copy, 5000));
    assertThat(account.materials().addTemporary(Kind.THUMB, MediaFile.of("a", jpg(500))).mediaId())
        .as("its own field's name")
        .isNotBlank();
    String film =
        account.materials().addTemporary(Kind.VIDEO, MediaFile.of("a", mp4(99))).mediaId();
    assertThat(account.materials().readTemporary(film, copy))
        .isInstanceOf(Materials.Content.Video.class);
    simulator.advance(Duration.ofDays(3));
    assertThatThrownBy(() -> account.materials().readTemporary(made.mediaId(), copy))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(40007));
  }

  static Stream<Arguments> wrongFiles() {
    int mb = 1024 * 1024;
    return Stream.of(
        Arguments.of(Kind.IMAGE, mp4(99), "jpg, png, gif, bmp for a picture, but is mp4"),
        Arguments.of(Kind.IMAGE, new byte[] {'<', 'h'}, "but is none that is known here"),
        Arguments.of(Kind.IMAGE, new byte[0], "must not be empty"),
        Arguments.of(Kind.IMAGE, png(10 * mb + 1), "at most 10,485,760 bytes"),
        Arguments.of(Kind.VOICE, file(2 * mb + 1, 'I', 'D', '3'), "has 2,097,153"),
        Arguments.of(Kind.VOICE, png(99), "mp3, wma, wav, amr for a voice"),
        Arguments.of(Kind.THUMB, png(99), "must be jpg for a thumb"),
        Arguments.of(Kind.THUMB, jpg(64 * 1024 + 1), "at most 65,536 bytes"),
        Arguments.of(Kind.VIDEO, jpg(99), "must be mp4"),
        Arguments.of(Kind.VIDEO, mp4(10 * mb + 1), "at most 10,485,760 bytes"));
  }

  @ParameterizedTest
  @MethodSource("wrongFiles")
  void refusesAWrongFileBeforeTheWire(Kind kind, byte[] content, String said) {
    assertThatThrownBy(() -> account.materials().addTemporary(kind, MediaFile.of("a.png", content)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("a.png")
        .hasMessageContaining(said);
    assertThat(simulator.calls()).isEmpty();
  }

  @Test
  void refusesPicturesForBodiesAndFilesThatAreNotThere() {
    for (byte[] wrong :
        List.of(file(99, 'G', 'I', 'F', '8'), png(1024 * 1024), file(99, 'B', 'M'))) {
      assertThatThrownBy(() -> account.materials().addBodyImage(MediaFile.of("a.png", wrong)))
          .isInstanceOf(InvalidInputException.class);
    }
    assertThat(simulator.calls()).isEmpty();
    assertThat(account.materials().addBodyImage(MediaFile.of("a", png(1024 * 1024 - 1))))
        .startsWith("http");
    assertThatThrownBy(
            () -> account.materials().addBodyImage(MediaFile.of(folder.resolve("none.png"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("none.png cannot be read (NoSuchFileException)");
    assertThatThrownBy(() -> account.materials().add(Kind.VIDEO, MediaFile.of("a", mp4(99))))
        .hasMessageContaining("use addVideo");
    assertThatThrownBy(() -> account.materials().read("m", folder.resolve("no/such/folder")))
        .isInstanceOfSatisfying(
            WeChatException.class, e -> assertThat(e.reason().code()).isEqualTo("FILE"))
        .hasMessageContaining("disk has room");
  }

  @Test
  void everyLargestFileIsTakenByThePlatform() {
    int mb = 1024 * 1024;
    account.materials().add(Kind.IMAGE, MediaFile.of("a", file(10 * mb, 'B', 'M')));
    account.materials().add(Kind.IMAGE, MediaFile.of("a", file(99, 'G', 'I', 'F', '8', '9', 'a')));
    account.materials().add(Kind.VOICE, MediaFile.of("a", file(2 * mb, 'I', 'D', '3')));
    for (int mp3 : new int[] {0xFA, 0xFB, 0xF2, 0xF3, 0xE3}) {
      account.materials().add(Kind.VOICE, MediaFile.of("a", file(99, 0xFF, mp3)));
    }
    account
        .materials()
        .add(
            Kind.VOICE,
            MediaFile.of("a", file(99, 'R', 'I', 'F', 'F', 0, 0, 0, 0, 'W', 'A', 'V', 'E')));
    account.materials().add(Kind.VOICE, MediaFile.of("a", file(99, 0x30, 0x26, 0xB2, 0x75)));
    account.materials().addVideo(MediaFile.of("a", mp4(10 * mb)), "题", "");
    assertThat(account.materials().count()).isEqualTo(new Materials.Count(2, 8, 1, 0));
  }

  /** Of a file of 10 MB the client's threads never hold more than a few pieces. */
  @Test
  void aFileIsNotHeldInMemory() throws Exception {
    Path large = folder.resolve("large.mp4");
    Files.write(large, mp4(10 * 1024 * 1024));
    account.materials().addVideo(MediaFile.of("small", mp4(99)), "题", ""); // classes are loaded
    String image =
        account.materials().add(Kind.IMAGE, MediaFile.of("a", png(10 * 1024 * 1024))).mediaId();
    long before = allocated();
    account.materials().addVideo(MediaFile.of(large), "题", "");
    assertThat(allocated() - before).as("bytes for an upload").isLessThan(2 * 1024 * 1024);
    before = allocated();
    assertThat(account.materials().read(image, folder.resolve("image.png")))
        .isInstanceOfSatisfying(
            Materials.Content.Saved.class,
            saved -> assertThat(saved.bytes()).isEqualTo(10 * 1024 * 1024));
    assertThat(allocated() - before).as("bytes for a download").isLessThan(2 * 1024 * 1024);
  }

  private static long allocated() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread ->
                thread == Thread.currentThread() || thread.getName().startsWith("laoke-wechat"))
        .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
        .sum();
  }

  @Test
  void aFullLibraryAndAnAccountWithoutTheRightAreNamed() {
    platform.maxMaterial(1, 1);
    cover();
    assertThatThrownBy(this::cover)
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(45001))
        .hasMessageContaining("library is full");
    platform.type(AccountType.SUBSCRIPTION);
    assertThatThrownBy(this::cover)
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(48001));
    assertThat(account.drafts().count()).as("drafts are for every account").isZero();
  }
}
