package io.laoke.examples.erp;

import io.laoke.push.Article;
import io.laoke.push.ContentFile;
import io.laoke.push.Cover;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An article as a phone shows it: the card in the chat, and the page that opens.
 *
 * @param title what the card says first
 * @param digest what it says below
 * @param author may be empty
 * @param cover the address of its picture; empty while there is none
 * @param draftCover whether its picture is material of WeChat's own, which this ERP cannot show
 * @param document the page that opens, for a frame in which nothing runs
 * @param sourceUrl where 阅读原文 leads; may be empty
 */
record ArticlePreview(
    String title,
    String digest,
    String author,
    Optional<String> cover,
    boolean draftCover,
    String document,
    String sourceUrl) {
  private static final int DIGEST = 54;
  private static final Pattern FILE = Pattern.compile(ContentFile.REFERENCE + "([0-9a-f]{64})");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  /**
   * The frame has no scripts by its sandbox; the policy keeps it from asking anybody but this ERP
   * for pictures.
   */
  private static final String DOCUMENT =
      """
      <!doctype html><html lang="zh-CN"><meta charset="utf-8">\
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src %s/push/files/; style-src 'unsafe-inline'">\
      <base target="_blank">\
      <style>body{margin:0;padding:16px 14px 32px;color:#191919;background:#fff;\
      font:16px/1.7 system-ui,-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}\
      h1{font-size:20px;line-height:1.4;margin:0 0 10px}h3{font-size:17px;margin:18px 0 6px}p{margin:0 0 12px}\
      img{max-width:100%%;height:auto}.by{color:#8a8a8a;font-size:14px;margin:0 0 18px}.src{color:#576b95}</style>\
      <body><h1>%s</h1><p class="by">%s</p><div>%s</div>%s</body></html>""";

  static ArticlePreview of(Article article, String origin) {
    Optional<Cover> cover = article.cover();
    String by = (article.author() + "　恒信家电服务号").strip();
    String source = article.sourceUrl().isEmpty() ? "" : "<p class=\"src\">阅读原文</p>";
    return new ArticlePreview(
        article.title(),
        article.digest().isEmpty() ? digest(article.body()) : article.digest(),
        article.author(),
        cover.flatMap(ArticleDesk::picture).map(sha -> "/push/files/" + sha),
        cover.filter(Cover.OfMaterial.class::isInstance).isPresent(),
        DOCUMENT.formatted(
            origin,
            escaped(article.title()),
            escaped(by),
            FILE.matcher(article.body()).replaceAll(origin + "/push/files/$1"),
            source),
        article.sourceUrl());
  }

  /** The first words of the body, as WeChat takes them. */
  private static String digest(String body) {
    String words = TAG.matcher(body).replaceAll("").replaceAll("\\s+", " ").strip();
    return words.codePointCount(0, words.length()) <= DIGEST
        ? words
        : words.substring(0, words.offsetByCodePoints(0, DIGEST));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
