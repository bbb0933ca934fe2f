package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContentJsonTest {
  private static final String A = "a".repeat(64);
  private static final ContentFile PICTURE = new ContentFile("a.png", FileType.PNG, A, 10);

  private static final Article FULL =
      new Article(
          "标题😀",
          "作者",
          "摘要",
          "<p>\"正文\"\n<img src='" + PICTURE.reference() + "'></p>",
          Optional.of(new Cover.OfMaterial("wx1", "M1")),
          List.of(new Crop("2.35_1", 0, 0.25, 1, 0.75)),
          "https://a.cn/?a=1&b=2",
          Comments.FOLLOWERS,
          Optional.of(new DraftRef(Optional.of("wx1"), "D1", 1)));

  static Stream<Content> contents() {
    return Stream.of(
        Content.of(FULL, Article.of("", ""), Article.of("b", "c").withCover(PICTURE)),
        Content.of(Article.fromDraft("D2")),
        new Content.Articles(List.of()),
        Content.text("夏日\r\n特惠"),
        Content.text(""),
        Content.images(PICTURE, PICTURE),
        new Content.Images(List.of(A), "words", Comments.EVERYONE),
        Content.voice(PICTURE),
        Content.video(PICTURE, "片", ""));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void whatIsWrittenIsReadEqualAndWrittenTheSame(Content content) {
    String json = ContentJson.write(content);
    Content read = ContentJson.read(json);
    assertThat(read).isEqualTo(content);
    assertThat(ContentJson.write(read)).isEqualTo(json);
    assertThat(read.hash()).isEqualTo(content.hash()).matches("[0-9a-f]{64}");
  }

  @Test
  void theFormIsAPromiseBecausePlansFreezeItsHash() {
    assertThat(ContentJson.write(Content.of(Article.of("a", "b").withCover(PICTURE))))
        .isEqualTo(
            "{\"articles\":[{\"body\":\"b\",\"cover\":{\"file\":\""
                + A
                + "\"},\"title\":\"a\"}],\"kind\":\"ARTICLES\",\"v\":1}");
    assertThat(Content.text("夏").hash())
        .isEqualTo(
            ContentJson.sha256(
                "{\"kind\":\"TEXT\",\"text\":\"夏\",\"v\":1}"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void whateverIsSentOtherwiseHasAnotherHash() {
    List<Content> different =
        List.of(
            Content.of(FULL),
            Content.of(FULL.withTitle("x")),
            Content.of(FULL.withAuthor("x")),
            Content.of(FULL.withDigest("x")),
            Content.of(FULL.withBody("x")),
            Content.of(FULL.withCover(PICTURE)),
            Content.of(FULL.withCover(new Cover.OfMaterial("wx2", "M1"))),
            Content.of(FULL.withCrops(List.of())),
            Content.of(FULL.withSourceUrl("https://b.cn")),
            Content.of(FULL.withComments(Comments.EVERYONE)),
            Content.of(FULL, FULL),
            Content.text("x"),
            Content.voice(PICTURE),
            Content.images(PICTURE),
            Content.images(PICTURE, PICTURE));
    assertThat(different.stream().map(Content::hash)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{| is no JSON",
        "[]| must be an object",
        "{} x| is no JSON",
        "{\"kind\":\"TEXT\"}| /v",
        "{\"v\":2,\"kind\":\"TEXT\"}| newer Laoke",
        "{\"v\":1.5,\"kind\":\"TEXT\"}| whole number",
        "{\"v\":1}| /kind",
        "{\"v\":1,\"kind\":\"POEM\"}| must be one of",
        "{\"v\":1,\"kind\":\"TEXT\",\"text\":1}| /text: must be a text",
        "{\"v\":1,\"kind\":\"TEXT\",\"txet\":\"a\"}| /txet: is no key",
        "{\"v\":1,\"kind\":\"TEXT\",\"text\":\"a\",\"text\":\"b\"}| is no JSON",
        "{\"v\":1,\"kind\":\"VOICE\",\"sound\":\"x\"}| SHA-256",
        "{\"v\":1,\"kind\":\"ARTICLES\",\"articles\":[{\"cover\":{}}]}| account",
        "{\"v\":1,\"kind\":\"ARTICLES\",\"articles\":[{},{\"crops\":[{\"ratio\":\"1_1\"}]}]}|"
            + " /articles/1/crops/0/x1",
        "{\"v\":1,\"kind\":\"ARTICLES\",\"articles\":{}}| must be a list"
      })
  void whatIsNoContentIsRefusedWithItsPlace(String json, String message) {
    assertThatThrownBy(() -> ContentJson.read(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aTextOfAnyLengthOrDepthIsRefusedCheaply() {
    assertThatThrownBy(() -> ContentJson.read("[".repeat(1_000_000)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> ContentJson.read(" ".repeat(ContentJson.MOST + 1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("2,000,000");
  }

  @Test
  void itsFilesAreThoseOfCoversAndBodies() {
    String body = "b".repeat(64);
    Article article =
        Article.of("a", "<img src=laoke-file:" + body + "><p>laoke-file:" + "c".repeat(64) + "</p>")
            .withCover(PICTURE);
    assertThat(Content.of(article, FULL).files()).containsExactly(A, body);
  }

  @Test
  void noContentShowsWhatItSays() {
    assertThat(Content.of(FULL.withBody("<p>geheim</p>")).toString()).doesNotContain("geheim");
    assertThat(Content.text("geheim").toString()).doesNotContain("geheim");
  }
}
