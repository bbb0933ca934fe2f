package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

import java.util.List;

/**
 * An article with everything uploaded already, for {@link ArticleChannel#createDraft}.
 *
 * @param title not blank
 * @param author may be empty
 * @param digest may be empty
 * @param body HTML with the platform's own addresses of pictures
 * @param sourceUrl may be empty
 * @param coverMediaId permanent material
 * @param crops which parts of the cover are shown; empty: its middle
 * @param comments who may comment
 */
public record NewDraftArticle(
    String title,
    String author,
    String digest,
    String body,
    String sourceUrl,
    String coverMediaId,
    List<Crop> crops,
    Comments comments) {
  /** Checks and copies. */
  public NewDraftArticle {
    title = key("title", title, Texts.LONGEST_LINE);
    author = Texts.line("author", author, Texts.LONGEST_LINE);
    digest = Texts.text("digest", digest, Texts.LONGEST_LINE);
    notNull("body", body);
    sourceUrl = Texts.line("sourceUrl", sourceUrl, Texts.LONGEST_LINE);
    coverMediaId = key("coverMediaId", coverMediaId, 128);
    crops = List.copyOf(notNull("crops", crops));
    notNull("comments", comments);
  }

  /** Shows the title only. */
  @Override
  public String toString() {
    return "NewDraftArticle[" + title + "]";
  }
}
