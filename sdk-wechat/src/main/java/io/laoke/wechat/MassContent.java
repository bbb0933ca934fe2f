package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.wechat.DraftArticle.Comments;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a mass message carries; checked when it is made. */
public sealed interface MassContent {
  /** The longest text, in bytes of UTF-8. */
  int MAX_TEXT_BYTES = 2048;

  /** How many pictures a message has at most. */
  int MAX_IMAGES = 20;

  /**
   * The articles of a draft 图文, which ends with the send that succeeds.
   *
   * @param mediaId the draft's media id, as {@link Drafts#add} gives it
   * @param sendReprint whether to go on when WeChat's check of originals takes an article for a
   *     reprint that its author permits; else the job ends as {@code err(30003)}. One that is not
   *     permitted is never sent
   */
  record Article(String mediaId, boolean sendReprint) implements MassContent {
    /** Checks. */
    public Article {
      mediaId = key("mediaId", mediaId, 128);
    }

    /** A draft that is not sent if WeChat takes an article of it for a reprint. */
    public static Article ofDraft(String mediaId) {
      return new Article(mediaId, false);
    }
  }

  /**
   * Words.
   *
   * @param text at most {@link #MAX_TEXT_BYTES} bytes of UTF-8, of which a Chinese character has
   *     three
   */
  record Text(String text) implements MassContent {
    /** Checks. */
    public Text {
      text = Check.text("text", text, MAX_TEXT_BYTES);
      int bytes = text.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_TEXT_BYTES) {
        throw new InvalidInputException(
            "text",
            "must have at most %,d bytes in UTF-8, has %,d; shorten it, or send an article"
                .formatted(MAX_TEXT_BYTES, bytes));
      }
    }

    /** Shows its length only. */
    @Override
    public String toString() {
      return "Text[" + text.length() + "]";
    }
  }

  /**
   * Pictures.
   *
   * @param mediaIds 1 to {@link #MAX_IMAGES} pictures, permanent or temporary
   * @param recommend words beside them; may be empty
   * @param comments who may comment
   */
  record Images(List<String> mediaIds, String recommend, Comments comments) implements MassContent {
    /** Checks and copies. */
    public Images {
      notNull("mediaIds", mediaIds);
      if (mediaIds.isEmpty() || mediaIds.size() > MAX_IMAGES) {
        throw new InvalidInputException(
            "mediaIds", "must be 1 to %d pictures, were %d".formatted(MAX_IMAGES, mediaIds.size()));
      }
      mediaIds = mediaIds.stream().map(id -> key("mediaIds", id, 128)).toList();
      String words = optionalText("recommend", notNull("recommend", recommend), 1_000);
      recommend = words == null ? "" : words;
      notNull("comments", comments);
    }

    /** Pictures without words and comments. */
    public static Images of(String... mediaIds) {
      return new Images(List.of(mediaIds), "", Comments.OFF);
    }
  }

  /**
   * A sound.
   *
   * @param mediaId permanent or temporary
   */
  record Voice(String mediaId) implements MassContent {
    /** Checks. */
    public Voice {
      mediaId = key("mediaId", mediaId, 128);
    }
  }

  /**
   * A film. Some accounts may not send one that was uploaded by a program (48022).
   *
   * @param mediaId permanent or temporary
   * @param title what players show; may be empty
   * @param description more words; may be empty
   */
  record Video(String mediaId, String title, String description) implements MassContent {
    /** Checks. */
    public Video {
      mediaId = key("mediaId", mediaId, 128);
      String head = optionalText("title", notNull("title", title), 1_000);
      String words = optionalText("description", notNull("description", description), 1_000);
      title = head == null ? "" : head;
      description = words == null ? "" : words;
    }
  }
}
