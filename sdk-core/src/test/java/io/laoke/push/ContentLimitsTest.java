package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.push.ContentLimits.Limit;
import io.laoke.push.ContentProblem.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContentLimitsTest {
  private static final String HAN = "新";

  private final Map<String, ContentFile> files = new HashMap<>();
  private final ContentFile cover = file(FileType.PNG, 10);
  private final Article article = Article.of("夏日厨房", "<p>正文</p>").withCover(cover);

  private ContentFile file(FileType type, long size) {
    ContentFile file =
        new ContentFile("x." + type.extension(), type, "%064x".formatted(files.size() + 10), size);
    files.put(file.sha256(), file);
    return file;
  }

  private List<ContentProblem> problems(Content content) {
    return problems(ContentLimits.DEFAULT, content);
  }

  private List<ContentProblem> problems(ContentLimits limits, Content content) {
    return limits.problems(content, sha256 -> Optional.ofNullable(files.get(sha256)));
  }

  private static List<String> told(List<ContentProblem> problems) {
    return problems.stream().map(one -> one.pointer() + " " + one.code()).toList();
  }

  /** Emoji and Chinese characters are one character each. */
  private static String characters(int count) {
    return HAN.repeat(count - 1) + "😀";
  }

  /** At the limit there is no problem, one beyond it there is one, and it says both numbers. */
  private void edge(
      String pointer, Code code, int most, java.util.function.IntFunction<Content> of) {
    assertThat(problems(of.apply(most))).as("at %d", most).isEmpty();
    List<ContentProblem> beyond = problems(of.apply(most + 1));
    assertThat(told(beyond)).containsExactly(pointer + " " + code);
    assertThat(beyond.get(0).en()).contains("%,d".formatted(most)).endsWith(".");
    assertThat(beyond.get(0).zh()).contains("%,d".formatted(most)).endsWith("。");
  }

  @Test
  void anArticleWithinAllLimitsHasNoProblem() {
    assertThat(problems(Content.of(article))).isEmpty();
  }

  @Test
  void eachTextOfAnArticleIsTakenUpToItsLimit() {
    edge("/articles/0/title", Code.TOO_LONG, 32, n -> Content.of(article.withTitle(characters(n))));
    edge(
        "/articles/0/author",
        Code.TOO_LONG,
        16,
        n -> Content.of(article.withAuthor(characters(n))));
    edge(
        "/articles/0/digest",
        Code.TOO_LONG,
        120,
        n -> Content.of(article.withDigest(characters(n))));
    edge(
        "/articles/0/sourceUrl",
        Code.TOO_LONG,
        1024,
        n -> Content.of(article.withSourceUrl("https://a.cn/" + "x".repeat(n - 13))));
    edge(
        "/articles/0/body",
        Code.TOO_LONG,
        19_999,
        n -> Content.of(article.withBody("<p>" + "x".repeat(n - 7) + "</p>")));
  }

  @Test
  void aBodyOfFewCharactersMayHaveTooManyBytes() {
    ContentLimits limits =
        ContentLimits.DEFAULT.with(Limit.BODY, 100_000).with(Limit.BODY_BYTES, 90);
    assertThat(problems(limits, Content.of(article.withBody(HAN.repeat(30))))).isEmpty();
    assertThat(told(problems(limits, Content.of(article.withBody(HAN.repeat(30) + "x")))))
        .containsExactly("/articles/0/body TOO_LONG");
  }

  @Test
  void aPictureThatIsToBeUploadedCountsAsTheAddressItWillHave() {
    ContentFile picture = file(FileType.JPG, 10);
    String image = "<img src=\"" + picture.reference() + "\">";
    int own = image.length() - picture.reference().length() + 200;
    edge(
        "/articles/0/body",
        Code.TOO_LONG,
        19_999,
        n -> Content.of(article.withBody(image + "x".repeat(n - own))));
  }

  @Test
  void eightArticlesAreTakenTogether() {
    edge(
        "/articles",
        Code.TOO_MANY,
        8,
        n ->
            new Content.Articles(
                new ArrayList<>(Stream.generate(() -> article).limit(n).toList())));
    assertThat(told(problems(new Content.Articles(List.of()))))
        .containsExactly("/articles MISSING");
  }

  @Test
  void aTextIsLimitedByItsBytes() {
    edge("/text", Code.TOO_LONG, 2048, n -> Content.text(HAN.repeat(600) + "x".repeat(n - 1800)));
    assertThat(told(problems(Content.text(" ")))).containsExactly("/text MISSING");
  }

  @Test
  void twentyPicturesAreTakenTogether() {
    edge(
        "/pictures",
        Code.TOO_MANY,
        20,
        n ->
            new Content.Images(Stream.generate(cover::sha256).limit(n).toList(), "", Comments.OFF));
    edge(
        "/words",
        Code.TOO_LONG,
        1_000,
        n -> new Content.Images(List.of(cover.sha256()), characters(n), Comments.EVERYONE));
  }

  @Test
  void aVideosWordsAreTakenUpToTheirLimits() {
    ContentFile film = file(FileType.MP4, 10);
    edge("/title", Code.TOO_LONG, 64, n -> Content.video(film, characters(n), ""));
    edge("/description", Code.TOO_LONG, 500, n -> Content.video(film, "片", characters(n)));
    assertThat(told(problems(Content.video(film, "", "")))).containsExactly("/title MISSING");
  }

  @Test
  void filesAreTakenUpToTheirSizeInEachPlace() {
    edge(
        "/articles/0/cover",
        Code.TOO_BIG,
        5_000,
        ContentLimits.DEFAULT.with(Limit.IMAGE_BYTES, 5_000),
        n -> Content.of(article.withCover(file(FileType.GIF, n))));
    edge(
        "/articles/0/body",
        Code.TOO_BIG,
        1024 * 1024 - 1,
        ContentLimits.DEFAULT,
        n -> Content.of(article.withBody("<img src='" + file(FileType.PNG, n).reference() + "'>")));
    edge(
        "/sound",
        Code.TOO_BIG,
        2 * 1024 * 1024,
        ContentLimits.DEFAULT,
        n -> Content.voice(file(FileType.MP3, n)));
    edge(
        "/film",
        Code.TOO_BIG,
        9_000,
        ContentLimits.DEFAULT.with(Limit.VIDEO_BYTES, 9_000),
        n -> Content.video(file(FileType.MP4, n), "片", ""));
    edge(
        "/pictures/0",
        Code.TOO_BIG,
        7_000,
        ContentLimits.DEFAULT.with(Limit.IMAGE_BYTES, 7_000),
        n -> Content.images(file(FileType.BMP, n)));
  }

  private void edge(
      String pointer,
      Code code,
      int most,
      ContentLimits limits,
      java.util.function.IntFunction<Content> of) {
    assertThat(problems(limits, of.apply(most))).as("at %d", most).isEmpty();
    List<ContentProblem> beyond = problems(limits, of.apply(most + 1));
    assertThat(told(beyond)).containsExactly(pointer + " " + code);
    assertThat(beyond.get(0).en()).contains("%,d".formatted(most));
  }

  static Stream<Arguments> wrongTypes() {
    return Stream.of(
        Arguments.of("/articles/0/cover", FileType.MP4),
        Arguments.of("/articles/0/body", FileType.GIF),
        Arguments.of("/articles/0/body", FileType.BMP),
        Arguments.of("/pictures/0", FileType.MP3),
        Arguments.of("/sound", FileType.MP4),
        Arguments.of("/film", FileType.WAV));
  }

  @ParameterizedTest
  @MethodSource("wrongTypes")
  void aFileOfAnotherTypeIsAProblemOfItsPlace(String pointer, FileType type) {
    ContentFile file = file(type, 10);
    Content content =
        switch (pointer) {
          case "/articles/0/cover" -> Content.of(article.withCover(file));
          case "/articles/0/body" ->
              Content.of(article.withBody("<img src=" + file.reference() + ">"));
          case "/pictures/0" -> Content.images(file);
          case "/sound" -> Content.voice(file);
          default -> Content.video(file, "片", "");
        };
    assertThat(told(problems(content))).containsExactly(pointer + " WRONG_TYPE");
  }

  @Test
  void aFileThatIsNotKeptIsAProblem() {
    String unknown = "f".repeat(64);
    assertThat(told(problems(new Content.Voice(unknown)))).containsExactly("/sound UNKNOWN_FILE");
    assertThat(
            told(
                problems(Content.of(article.withBody("<img src=\"laoke-file:" + unknown + "\">")))))
        .containsExactly("/articles/0/body UNKNOWN_FILE");
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderInWhichTheyStand() {
    Article bad =
        Article.of("", "<script></script>").withAuthor(characters(17)).withSourceUrl("ftp://a.cn/");
    assertThat(told(problems(Content.of(article, bad))))
        .containsExactly(
            "/articles/1/title MISSING",
            "/articles/1/author TOO_LONG",
            "/articles/1/sourceUrl WRONG_URL",
            "/articles/1/cover MISSING",
            "/articles/1/body FORBIDDEN_ELEMENT");
  }

  @Test
  void theyAreAHundredAtMostHoweverBadItIs() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      body.append("<x").append(i).append(">");
    }
    assertThat(problems(Content.of(article.withBody(body.toString())))).hasSize(100);
  }

  @Test
  void aDraftThatWasNotReadIsTheOnlyProblemOfItsArticle() {
    assertThat(told(problems(Content.of(Article.fromDraft("D1")))))
        .containsExactly("/articles/0/draft DRAFT_UNREAD");
  }

  @Test
  void coversOfSeveralAccountsCannotBeSentTogether() {
    Article one = article.withCover(new Cover.OfMaterial("wx1", "M1"));
    Article other = article.withCover(new Cover.OfMaterial("wx2", "M2"));
    assertThat(problems(Content.of(one, one, article))).isEmpty();
    List<ContentProblem> problems = problems(Content.of(one, other));
    assertThat(told(problems)).containsExactly("/articles SEVERAL_ACCOUNTS");
    assertThat(problems.get(0).en()).contains("wx1, wx2");
  }

  @Test
  void limitsAreDataThatAnAccountMayHaveOtherwise() {
    ContentLimits limits = ContentLimits.DEFAULT.with(Limit.TITLE, 64).with(Limit.ARTICLES, 1);
    assertThat(problems(limits, Content.of(article.withTitle(characters(64))))).isEmpty();
    assertThat(told(problems(limits, Content.of(article, article))))
        .containsExactly("/articles TOO_MANY");
    assertThat(limits)
        .isEqualTo(ContentLimits.DEFAULT.with(Limit.ARTICLES, 1).with(Limit.TITLE, 64));
  }
}
