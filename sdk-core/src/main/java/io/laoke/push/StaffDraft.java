package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A draft as it stands in an account's draft box, whoever wrote it.
 *
 * @param mediaId its id
 * @param articles what it holds
 * @param updatedAt when it was last changed, where the platform tells it
 */
public record StaffDraft(String mediaId, List<Entry> articles, Optional<Instant> updatedAt) {
  /** Checks and copies. */
  public StaffDraft {
    mediaId = key("mediaId", mediaId, 128);
    articles = List.copyOf(notNull("articles", articles));
    notNull("updatedAt", updatedAt);
  }

  /**
   * An article of it, as the platform gave it; nothing of it is checked.
   *
   * @param title may be empty, as in what an editor saved by itself
   * @param author may be empty
   * @param digest may be empty
   * @param body HTML; empty in lists
   * @param sourceUrl may be empty
   * @param coverMediaId permanent material of the account; may be empty
   * @param crops which parts of the cover are shown
   * @param comments who may comment
   * @param pictures whether it is a message of pictures 图片消息 and no article
   * @param previewUrl where it can be seen for a while
   */
  public record Entry(
      String title,
      String author,
      String digest,
      String body,
      String sourceUrl,
      String coverMediaId,
      List<Crop> crops,
      Comments comments,
      boolean pictures,
      Optional<String> previewUrl) {
    /** Refuses null and copies. */
    public Entry {
      notNull("title", title);
      notNull("author", author);
      notNull("digest", digest);
      notNull("body", body);
      notNull("sourceUrl", sourceUrl);
      notNull("coverMediaId", coverMediaId);
      crops = List.copyOf(notNull("crops", crops));
      notNull("comments", comments);
      notNull("previewUrl", previewUrl);
    }

    /** Shows the title only. */
    @Override
    public String toString() {
      return "Entry[" + title + "]";
    }
  }
}
