package io.laoke.push;

import static io.laoke.base.Check.notNull;

import java.util.List;
import java.util.Optional;

/**
 * An article 图文: own fields, or copied from a draft that staff wrote in WeChat's editor. Immutable;
 * each {@code with…} gives a changed copy.
 *
 * <p>It may be unfinished, and longer than WeChat takes it: {@link Contents#problems} tells all
 * that keeps it from being sent.
 *
 * @param title what the card in the chat says first; may be empty while it is being written
 * @param author may be empty
 * @param digest what the card says below the title; empty: WeChat takes the first words of the body
 * @param body HTML. Its pictures are files that Laoke keeps, {@code <img src="laoke-file:SHA256">},
 *     or stand at WeChat's own addresses ({@code mmbiz.qpic.cn}) already
 * @param cover needed before it is sent
 * @param crops which parts of the cover are shown; empty: its middle
 * @param sourceUrl where 阅读原文 leads; may be empty
 * @param comments who may comment
 * @param draft where it was copied from, or is to be
 */
public record Article(
    String title,
    String author,
    String digest,
    String body,
    Optional<Cover> cover,
    List<Crop> crops,
    String sourceUrl,
    Comments comments,
    Optional<DraftRef> draft) {
  /** Refuses null, takes blanks around texts away, and copies. */
  public Article {
    title = Texts.line("title", title, Texts.LONGEST_LINE);
    author = Texts.line("author", author, Texts.LONGEST_LINE);
    digest = Texts.text("digest", digest, Texts.LONGEST_LINE);
    body = Texts.text("body", body, Texts.LONGEST_BODY);
    notNull("cover", cover);
    notNull("crops", crops).forEach(crop -> notNull("crop", crop));
    crops = List.copyOf(crops);
    sourceUrl = Texts.line("sourceUrl", sourceUrl, Texts.LONGEST_LINE);
    notNull("comments", comments);
    notNull("draft", draft);
  }

  /** An article with these words, and no cover yet. */
  public static Article of(String title, String body) {
    return new Article(
        title, "", "", body, Optional.empty(), List.of(), "", Comments.OFF, Optional.empty());
  }

  /**
   * The articles of a draft of the dealer's first account that sends articles, not read yet: {@link
   * Contents#save} reads the draft and keeps a copy of all of its articles in place of this one.
   *
   * @param mediaId as {@link Contents#drafts} tells it
   */
  public static Article fromDraft(String mediaId) {
    return unread(new DraftRef(Optional.empty(), mediaId, 0));
  }

  /** The same of another account of the dealer. */
  public static Article fromDraft(String account, String mediaId) {
    return unread(new DraftRef(Optional.of(account), mediaId, 0));
  }

  private static Article unread(DraftRef draft) {
    return of("", "").withDraft(draft);
  }

  /** Whether it stands for a draft that was not read yet. */
  public boolean unread() {
    return draft.isPresent() && title.isEmpty() && body.isEmpty() && cover.isEmpty();
  }

  /** With this title. */
  public Article withTitle(String words) {
    return new Article(words, author, digest, body, cover, crops, sourceUrl, comments, draft);
  }

  /** With this author. */
  public Article withAuthor(String name) {
    return new Article(title, name, digest, body, cover, crops, sourceUrl, comments, draft);
  }

  /** With this digest. */
  public Article withDigest(String words) {
    return new Article(title, author, words, body, cover, crops, sourceUrl, comments, draft);
  }

  /** With this body. */
  public Article withBody(String html) {
    return new Article(title, author, digest, html, cover, crops, sourceUrl, comments, draft);
  }

  /** With this picture as its cover. */
  public Article withCover(ContentFile picture) {
    return withCover(new Cover.OfFile(notNull("cover", picture).sha256()));
  }

  /** With this cover, shown from its middle. */
  public Article withCover(Cover picture) {
    return new Article(
        title,
        author,
        digest,
        body,
        Optional.of(notNull("cover", picture)),
        List.of(),
        sourceUrl,
        comments,
        draft);
  }

  /** With these parts of the cover shown. */
  public Article withCrops(List<Crop> parts) {
    return new Article(title, author, digest, body, cover, parts, sourceUrl, comments, draft);
  }

  /** With 阅读原文 leading there. */
  public Article withSourceUrl(String url) {
    return new Article(title, author, digest, body, cover, crops, url, comments, draft);
  }

  /** With comments of these. */
  public Article withComments(Comments whose) {
    return new Article(title, author, digest, body, cover, crops, sourceUrl, whose, draft);
  }

  /** Copied from there. */
  Article withDraft(DraftRef source) {
    return new Article(
        title, author, digest, body, cover, crops, sourceUrl, comments, Optional.of(source));
  }

  /** Shows the title only. */
  @Override
  public String toString() {
    return "Article[" + title + "]";
  }
}
