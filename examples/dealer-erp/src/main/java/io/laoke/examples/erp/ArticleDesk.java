package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.error.ConflictException;
import io.laoke.push.Article;
import io.laoke.push.Content;
import io.laoke.push.ContentProblem;
import io.laoke.push.Contents;
import io.laoke.push.Cover;
import io.laoke.push.DraftPage;
import io.laoke.push.SavedContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** 群发的图文: what this ERP keeps at Laoke to be sent to many. */
@Component
class ArticleDesk {
  private static final int DRAFTS = 20;

  private final Dealer dealer;
  private final String account;

  ArticleDesk(Laoke laoke, @Value("${laoke.wechat.accounts.hengxin.app-id}") String account) {
    this.dealer = laoke.dealer("hengxin");
    this.account = account;
  }

  // Laoke: contents.

  private Contents contents() {
    return dealer.contents();
  }

  /**
   * A content in a list.
   *
   * @param key by which plans refer to it
   * @param name what staff call it
   * @param title of its first article
   * @param digest of it
   * @param cover its picture, if this ERP has it
   * @param articles how many it has
   * @param version the newest
   * @param problems what keeps it from being sent
   * @param at when that version was saved
   * @param by by whom
   */
  record Row(
      String key,
      String name,
      String title,
      String digest,
      Optional<String> cover,
      int articles,
      int version,
      int problems,
      Instant at,
      String by) {}

  List<Row> list() {
    return contents().all().stream()
        .sorted(Comparator.comparing(SavedContent::savedAt).reversed())
        .map(this::row)
        .toList();
  }

  Row row(SavedContent saved) {
    List<Article> articles = ArticleForm.articles(saved.content());
    Optional<Article> first = articles.stream().findFirst();
    return new Row(
        saved.key(),
        saved.name(),
        first.map(Article::title).filter(one -> !one.isEmpty()).orElse("（没有标题）"),
        first.map(Article::digest).orElse(""),
        first.flatMap(Article::cover).flatMap(ArticleDesk::picture),
        articles.size(),
        saved.version(),
        contents().problems(saved.content(), account).size(),
        saved.savedAt(),
        saved.savedBy());
  }

  static Optional<String> picture(Cover cover) {
    return cover instanceof Cover.OfFile own ? Optional.of(own.sha256()) : Optional.empty();
  }

  Optional<SavedContent> find(String key) {
    return contents().find(key);
  }

  /** A version, be it the present one or an earlier one. */
  Optional<SavedContent> find(String key, int version) {
    return contents().find(key, version);
  }

  /** All versions, the newest first. */
  List<SavedContent> versions(String key) {
    List<SavedContent> versions = new ArrayList<>(contents().versions(key));
    Collections.reverse(versions);
    return versions;
  }

  /** What became of a save. */
  sealed interface Saving {
    /** Kept; the version tells whether anything was new. */
    record Done(SavedContent saved, boolean changed) implements Saving {}

    /** Somebody else has saved meanwhile; nothing was written. */
    record Meanwhile(SavedContent theirs) implements Saving {}

    /** It was removed meanwhile; nothing was written. */
    record Gone() implements Saving {}
  }

  /**
   * Saves, unless another version is there than the one that was looked at. Laoke takes the last
   * save of two, so this ERP, which runs once, looks and saves under a lock.
   */
  synchronized Saving save(ArticleForm form, String by) {
    Optional<SavedContent> before =
        form.getKey().isEmpty() ? Optional.empty() : contents().find(form.getKey());
    if (!form.getKey().isEmpty() && before.isEmpty()) {
      return new Saving.Gone();
    }
    if (before.isPresent() && before.get().version() != form.getSeen()) {
      return new Saving.Meanwhile(before.get());
    }
    SavedContent saved =
        contents()
            .save(
                before.map(SavedContent::key).orElseGet(ArticleDesk::key),
                form.getName(),
                form.content(before.map(SavedContent::content).orElse(null)),
                by);
    return new Saving.Done(saved, before.filter(old -> old.version() == saved.version()).isEmpty());
  }

  private static String key() {
    return "tw-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /**
   * Removes a content.
   *
   * @return what is in the way, or empty
   */
  Optional<String> remove(String key, String by) {
    try {
      contents().remove(key, by);
      return Optional.empty();
    } catch (ConflictException used) {
      return Optional.of("还有没发完的群发计划用到这篇图文，不能删除；请先改计划");
    }
  }

  /** What keeps an article from being sent, by the field of the form. */
  Map<String, List<String>> problems(Content content, int at) {
    Map<String, List<String>> problems = new LinkedHashMap<>();
    String here = "/articles/" + at + "/";
    for (ContentProblem one : contents().problems(content, account)) {
      String pointer = one.pointer();
      String field = pointer.startsWith(here) ? pointer.substring(here.length()) : "all";
      boolean elsewhere = pointer.matches("/articles/\\d+/.*") && !pointer.startsWith(here);
      String said = elsewhere ? "第 %d 篇：%s".formatted(place(pointer), words(one)) : words(one);
      problems.computeIfAbsent(field, none -> new ArrayList<>()).add(said);
    }
    return problems;
  }

  private static int place(String pointer) {
    return Integer.parseInt(pointer.split("/", -1)[2]) + 1;
  }

  /** In words for staff: what Laoke says of files is for programs. */
  private static String words(ContentProblem problem) {
    boolean cover = problem.pointer().endsWith("/cover");
    return switch (problem.code()) {
      case MISSING -> cover ? "请选一张封面图片。" : problem.zh();
      case UNKNOWN_FILE -> "图片找不到了，请重新选一张。";
      case FOREIGN_IMAGE -> "正文里有别处的图片，微信会去掉；请用“插入图片”。";
      default -> problem.zh();
    };
  }

  /** How many things keep a content from being sent. */
  int problems(Content content) {
    return contents().problems(content, account).size();
  }

  // Laoke: the draft box.

  DraftPage drafts(int offset) {
    return contents().drafts(account, offset, DRAFTS);
  }

  /** Takes a draft over as a content of its own. */
  SavedContent take(String mediaId, String by) {
    Content content = contents().fromDraft(account, mediaId);
    String title = ArticleForm.articles(content).get(0).title();
    String name = title.codePointCount(0, title.length()) <= 100 ? title : title.substring(0, 50);
    return contents().save(key(), name, content, by);
  }

  // Laoke: end.
}
