package io.laoke.wechat;

import static io.laoke.base.Check.range;

/**
 * What WeChat takes of an article where the reference has it from one source only, or where WeChat
 * has changed it before: set other values when WeChat has changed its own. All else is fixed: see
 * {@link Drafts}.
 *
 * @param title characters of a title
 * @param author characters of an author
 * @param articles how many articles a draft may have
 */
public record ArticleLimits(int title, int author, int articles) {
  /** 32, 16 and 8. */
  public static final ArticleLimits DEFAULT = new ArticleLimits(32, 16, 8);

  /** Checks. */
  public ArticleLimits {
    long unused = range("title", title, 1, 1_000) + range("author", author, 1, 1_000);
    unused += range("articles", articles, 1, 100);
  }

  /** With another limit of titles. */
  public ArticleLimits withTitle(int characters) {
    return new ArticleLimits(characters, author, articles);
  }

  /** With another limit of authors. */
  public ArticleLimits withAuthor(int characters) {
    return new ArticleLimits(title, characters, articles);
  }

  /** With another limit of articles in a draft. */
  public ArticleLimits withArticles(int most) {
    return new ArticleLimits(title, author, most);
  }
}
