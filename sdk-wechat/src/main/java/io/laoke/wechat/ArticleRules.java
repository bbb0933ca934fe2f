package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.optionalKey;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What WeChat takes as an article; errors name the field, its value, the limit and a way out. */
final class ArticleRules {
  private static final int MAX_DIGEST = 120;
  private static final int MAX_CONTENT = 19_999;
  private static final int MAX_CONTENT_BYTES = 1024 * 1024 - 1;
  private static final int MAX_LINK_BYTES = 1024;
  private static final int MAX_PICTURES = 20;
  private static final int SHOWN = 40;
  private static final int ANY = Integer.MAX_VALUE;
  private static final Pattern LINK = Pattern.compile("https?://[^\\s/?#]+\\S*");

  private final ArticleLimits limits;

  ArticleRules(ArticleLimits limits) {
    this.limits = limits;
  }

  /**
   * Checks.
   *
   * @param where the article's name in errors
   */
  void check(String where, DraftArticle article) {
    String title = article.title();
    most(where + ".title", title, limits.title(), "shorten it");
    String unused = key(where + ".title", title, ANY);
    content(where + ".content", article.content());
    if (article instanceof DraftArticle.News news) {
      news(where, news);
    } else if (article instanceof DraftArticle.Pictures pictures) {
      int count = pictures.imageMediaIds().size();
      if (count < 1 || count > MAX_PICTURES) {
        throw new InvalidInputException(
            where + ".imageMediaIds",
            "must be 1 to %d pictures, were %d; %s"
                .formatted(
                    MAX_PICTURES,
                    count,
                    count == 0 ? "add a permanent picture" : "leave some out"));
      }
    }
  }

  private void news(String where, DraftArticle.News news) {
    most(where + ".author", news.author(), limits.author(), "shorten it");
    most(where + ".digest", news.digest(), MAX_DIGEST, "shorten it, or leave it empty");
    @Nullable String unused = optionalKey(where + ".author", news.author(), ANY);
    unused = optionalText(where + ".digest", news.digest(), ANY);
    String link = news.sourceUrl();
    int bytes = utf8(link);
    if (bytes > MAX_LINK_BYTES) {
      throw new InvalidInputException(
          where + ".sourceUrl",
          "must have at most %d bytes in UTF-8, has %d: %s; use a short link"
              .formatted(MAX_LINK_BYTES, bytes, shown(link)));
    }
    if (!link.isEmpty() && !LINK.matcher(link).matches()) {
      throw new InvalidInputException(
          where + ".sourceUrl",
          "must be like https://dealer.example/page, or empty, was " + shown(link));
    }
    if (news.coverMediaId().isEmpty()) {
      throw new InvalidInputException(
          where + ".coverMediaId",
          "must not be empty; upload the cover as permanent material by materials().add first");
    }
    unused = key(where + ".coverMediaId", news.coverMediaId(), 128);
  }

  private static void content(String field, String content) {
    if (content.isBlank()) {
      throw new InvalidInputException(
          field, "must not be blank; an article without a body is refused");
    }
    int length = Characters.length(content);
    if (length > MAX_CONTENT) {
      throw new InvalidInputException(
          field,
          "must have fewer than 20,000 characters with its tags, has %,d: %s; split the article"
              .formatted(length, shown(content)));
    }
    int bytes = utf8(content);
    if (bytes > MAX_CONTENT_BYTES) {
      throw new InvalidInputException(
          field,
          "must have less than 1 MB in UTF-8, has %,d bytes; upload pictures by".formatted(bytes)
              + " materials().addBodyImage instead of writing them into the body");
    }
    String unused = text(field, content, ANY);
  }

  private static void most(String field, String value, int most, String advice) {
    int length = Characters.length(value);
    if (length > most) {
      throw new InvalidInputException(
          field,
          "must have at most %d characters, has %d: %s; %s"
              .formatted(most, length, shown(value), advice));
    }
  }

  private static int utf8(String value) {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String shown(String value) {
    String line = value.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    return Characters.length(line) <= SHOWN ? line : Characters.first(line, SHOWN) + "…";
  }
}
