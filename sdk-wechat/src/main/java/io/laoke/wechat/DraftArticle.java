package io.laoke.wechat;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;
import java.util.List;

/**
 * An article of a draft. What WeChat's limits say is checked by {@link Drafts} when it is added,
 * not here: what is read from the box need not keep them.
 */
public sealed interface DraftArticle {
  /** What the card in the chat says first. */
  String title();

  /** The body: HTML for news, plain text under pictures. */
  String content();

  /** Who may comment. */
  Comments comments();

  /** Who may comment on an article. */
  enum Comments {
    /** Nobody. */
    OFF,
    /** Everyone; the account needs the right to comments (88000). */
    EVERYONE,
    /** Followers only; the same right. */
    FOLLOWERS
  }

  /**
   * An article of words and pictures 图文 ({@code news}).
   *
   * @param title at most 32 characters by default
   * @param author at most 16 characters by default; may be empty
   * @param digest at most 120 characters; empty: WeChat takes the first 54 of the body. Shown of
   *     drafts with one article only
   * @param content HTML; scripts and pictures from elsewhere are taken out by WeChat without a
   *     word: upload pictures by {@link Materials#addBodyImage}
   * @param sourceUrl where 阅读原文 leads, at most 1,024 bytes; may be empty
   * @param coverMediaId the cover, permanent material ({@code thumb_media_id}); needed
   * @param comments who may comment
   * @param crops which parts of the cover are shown; may be empty
   */
  record News(
      String title,
      String author,
      String digest,
      String content,
      String sourceUrl,
      String coverMediaId,
      Comments comments,
      List<Crop> crops)
      implements DraftArticle {
    /** Refuses null, takes blanks around words away, and copies. */
    public News {
      title = notNull("title", title).strip();
      author = notNull("author", author).strip();
      digest = notNull("digest", digest).strip();
      notNull("content", content);
      sourceUrl = notNull("sourceUrl", sourceUrl).strip();
      coverMediaId = notNull("coverMediaId", coverMediaId).strip();
      notNull("comments", comments);
      notNull("crops", crops).forEach(crop -> notNull("crop", crop));
      crops = List.copyOf(crops);
    }

    /** An article with what it must have; nobody may comment. */
    public static News of(String title, String content, String coverMediaId) {
      return new News(title, "", "", content, "", coverMediaId, Comments.OFF, List.of());
    }

    /** With this author. */
    public News withAuthor(String name) {
      return new News(title, name, digest, content, sourceUrl, coverMediaId, comments, crops);
    }

    /** With this digest. */
    public News withDigest(String words) {
      return new News(title, author, words, content, sourceUrl, coverMediaId, comments, crops);
    }

    /** With this body. */
    public News withContent(String html) {
      return new News(title, author, digest, html, sourceUrl, coverMediaId, comments, crops);
    }

    /** With 阅读原文 leading there. */
    public News withSourceUrl(String url) {
      return new News(title, author, digest, content, url, coverMediaId, comments, crops);
    }

    /** With this cover. */
    public News withCover(String mediaId) {
      return new News(title, author, digest, content, sourceUrl, mediaId, comments, crops);
    }

    /** With comments of these. */
    public News withComments(Comments whose) {
      return new News(title, author, digest, content, sourceUrl, coverMediaId, whose, crops);
    }

    /** With these parts of the cover shown. */
    public News withCrops(List<Crop> parts) {
      return new News(title, author, digest, content, sourceUrl, coverMediaId, comments, parts);
    }

    /** Shows no content. */
    @Override
    public String toString() {
      return "News[" + title + "]";
    }
  }

  /**
   * Pictures with a few words 图片消息 ({@code newspic}).
   *
   * @param title at most 32 characters by default
   * @param content plain text
   * @param imageMediaIds permanent pictures, 1 to 20; the first is the cover
   * @param comments who may comment
   */
  record Pictures(String title, String content, List<String> imageMediaIds, Comments comments)
      implements DraftArticle {
    /** Refuses null and copies. */
    public Pictures {
      title = notNull("title", title).strip();
      notNull("content", content);
      notNull("imageMediaIds", imageMediaIds).forEach(id -> text("imageMediaIds", id, 128));
      imageMediaIds = List.copyOf(imageMediaIds);
      notNull("comments", comments);
    }

    /** Pictures on which nobody may comment. */
    public static Pictures of(String title, String content, List<String> imageMediaIds) {
      return new Pictures(title, content, imageMediaIds, Comments.OFF);
    }

    /** Shows no content. */
    @Override
    public String toString() {
      return "Pictures[" + title + ", " + imageMediaIds.size() + "]";
    }
  }

  /**
   * A part of a cover, as fractions of its width and height from its upper left corner.
   *
   * @param ratio WeChat's word for the shape: {@code 2.35_1} or {@code 1_1}
   * @param x1 left, 0 to 1
   * @param y1 top, 0 to 1
   * @param x2 right, more than {@code x1}
   * @param y2 bottom, more than {@code y1}
   */
  record Crop(String ratio, double x1, double y1, double x2, double y2) {
    /** Checks. */
    public Crop {
      ratio = text("ratio", ratio, 16);
      boolean inside = x1 >= 0 && y1 >= 0 && x2 <= 1 && y2 <= 1 && x1 < x2 && y1 < y2;
      if (!inside) {
        throw new InvalidInputException(
            "crop",
            "must be inside the picture with 0 <= x1 < x2 <= 1 and 0 <= y1 < y2 <= 1, was %s %s %s %s"
                .formatted(x1, y1, x2, y2));
      }
    }
  }
}
