package io.laoke.examples.erp;

import io.laoke.push.Article;
import io.laoke.push.Content;
import io.laoke.push.Cover;
import io.laoke.push.SavedContent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is filled in for an article. */
class ArticleForm {
  /** The cover stays what it was: material of WeChat's own, which this ERP does not have. */
  static final String KEEP = "keep";

  private String key = "";
  private int seen;
  private int at;
  private String name = "";
  private String title = "";
  private String digest = "";
  private String author = "";
  private String body = "";
  private String cover = "";
  private String sourceUrl = "";

  /** An article of a content, from 0. */
  static ArticleForm of(SavedContent saved, int at) {
    Article article = articles(saved.content()).get(at);
    ArticleForm form = new ArticleForm();
    form.key = saved.key();
    form.seen = saved.version();
    form.at = at;
    form.name = saved.name();
    form.title = article.title();
    form.digest = article.digest();
    form.author = article.author();
    form.body = article.body();
    form.sourceUrl = article.sourceUrl();
    article
        .cover()
        .ifPresent(known -> form.cover = known instanceof Cover.OfFile own ? own.sha256() : KEEP);
    return form;
  }

  static List<Article> articles(Content content) {
    return content instanceof Content.Articles several ? several.articles() : List.of();
  }

  /**
   * What comes of it.
   *
   * @param before the content that is changed, if there is one
   * @throws io.laoke.error.InvalidInputException if something is far too long
   */
  Content content(@Nullable Content before) {
    List<Article> all = new ArrayList<>(before == null ? List.of() : articles(before));
    Article article = article(at < all.size() ? all.get(at) : Article.of("", ""));
    if (at < all.size()) {
      all.set(at, article);
    } else {
      all.add(article);
    }
    return Content.of(all.toArray(Article[]::new));
  }

  private Article article(Article known) {
    Article article =
        known
            .withTitle(title)
            .withDigest(digest)
            .withAuthor(author)
            .withBody(body)
            .withSourceUrl(sourceUrl);
    if (cover.equals(KEEP) && known.cover().isPresent()) {
      return article;
    }
    Article bare =
        new Article(
            article.title(),
            article.author(),
            article.digest(),
            article.body(),
            java.util.Optional.empty(),
            List.of(),
            article.sourceUrl(),
            article.comments(),
            article.draft());
    return cover.matches("[0-9a-f]{64}") ? bare.withCover(new Cover.OfFile(cover)) : bare;
  }

  public String getKey() {
    return key;
  }

  public void setKey(String key) {
    this.key = key;
  }

  public int getSeen() {
    return seen;
  }

  public void setSeen(int seen) {
    this.seen = seen;
  }

  public int getAt() {
    return at;
  }

  public void setAt(int at) {
    this.at = at;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }

  public String getTitle() {
    return title;
  }

  public void setTitle(String title) {
    this.title = title;
  }

  public String getDigest() {
    return digest;
  }

  public void setDigest(String digest) {
    this.digest = digest;
  }

  public String getAuthor() {
    return author;
  }

  public void setAuthor(String author) {
    this.author = author;
  }

  public String getBody() {
    return body;
  }

  public void setBody(String body) {
    this.body = body;
  }

  public String getCover() {
    return cover;
  }

  public void setCover(String cover) {
    this.cover = cover;
  }

  public String getSourceUrl() {
    return sourceUrl;
  }

  public void setSourceUrl(String sourceUrl) {
    this.sourceUrl = sourceUrl;
  }
}
