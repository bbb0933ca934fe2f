package io.laoke.push;

import io.laoke.push.ContentLimits.Limit;
import io.laoke.push.ContentProblem.Code;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What keeps a content from being sent. For one thread and one use. */
final class ContentChecker {
  static final int MOST_PROBLEMS = 100;

  private final ContentLimits limits;
  private final Function<String, Optional<ContentFile>> files;
  private final List<ContentProblem> problems = new ArrayList<>();

  ContentChecker(ContentLimits limits, Function<String, Optional<ContentFile>> files) {
    this.limits = limits;
    this.files = files;
  }

  List<ContentProblem> check(Content content) {
    if (content instanceof Content.Articles articles) {
      articles(articles.articles());
    } else if (content instanceof Content.Text text) {
      required("/text", text.text(), "the text", "文本");
      bytes("/text", text.text(), Limit.TEXT_BYTES, "The text", "文本");
    } else if (content instanceof Content.Images images) {
      images(images);
    } else if (content instanceof Content.Voice voice) {
      file(
          "/sound",
          voice.sound(),
          new Wanted("The voice", "语音", FileType.VOICES, Limit.VOICE_BYTES));
    } else if (content instanceof Content.Video video) {
      video(video);
    }
    return List.copyOf(problems);
  }

  private boolean full() {
    return problems.size() >= MOST_PROBLEMS;
  }

  private void add(String pointer, Code code, String en, String zh) {
    ContentProblem problem = new ContentProblem(pointer, code, en, zh);
    if (!full() && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  // ---- articles

  private void articles(List<Article> articles) {
    int most = limits.most(Limit.ARTICLES);
    if (articles.isEmpty()) {
      add("/articles", Code.MISSING, "There is no article; add one.", "没有文章，请至少添加一篇。");
    } else if (articles.size() > most) {
      add(
          "/articles",
          Code.TOO_MANY,
          "There are %d articles, at most %d can be sent together; put the others into another content."
              .formatted(articles.size(), most),
          "共%d篇文章，一次最多%d篇；其余请放入另一份内容。".formatted(articles.size(), most));
    }
    for (int i = 0; i < articles.size() && !full(); i++) {
      article("/articles/" + i, articles.get(i));
    }
    accounts(articles);
  }

  /** Whose parts are one account's own can be sent by no other. */
  private void accounts(List<Article> articles) {
    Set<String> accounts =
        articles.stream()
            .flatMap(article -> article.cover().stream())
            .filter(Cover.OfMaterial.class::isInstance)
            .map(cover -> ((Cover.OfMaterial) cover).account())
            .collect(Collectors.toCollection(TreeSet::new));
    if (accounts.size() > 1) {
      String named = String.join(", ", accounts);
      add(
          "/articles",
          Code.SEVERAL_ACCOUNTS,
          "The covers are material of several accounts (%s), of which none can send all; give the articles of one account, or covers from your own files."
              .formatted(named),
          "封面素材来自多个公众号（%s），无法一起发送；请只用同一公众号的文章，或改用自己上传的封面。".formatted(named));
    }
  }

  private void article(String at, Article article) {
    if (article.unread()) {
      add(
          at + "/draft",
          Code.DRAFT_UNREAD,
          "The draft was not read yet; save the content, or read the draft with"
              + " contents().fromDraft.",
          "草稿尚未读取；请先保存内容，或用 contents().fromDraft 读取草稿。");
      return;
    }
    required(at + "/title", article.title(), "the title", "标题");
    characters(at + "/title", article.title(), Limit.TITLE, "The title", "标题");
    characters(at + "/author", article.author(), Limit.AUTHOR, "The author", "作者");
    characters(at + "/digest", article.digest(), Limit.DIGEST, "The digest", "摘要");
    sourceUrl(at + "/sourceUrl", article.sourceUrl());
    if (article.cover().isEmpty()) {
      add(
          at + "/cover",
          Code.MISSING,
          "The article has no cover; add a picture with contents().addFile and give it withCover.",
          "文章没有封面；请用 contents().addFile 上传图片并设为封面。");
    } else if (article.cover().get() instanceof Cover.OfFile own) {
      file(
          at + "/cover",
          own.sha256(),
          new Wanted("The cover", "封面", FileType.PICTURES, Limit.IMAGE_BYTES));
    }
    body(at + "/body", article.body());
  }

  private void sourceUrl(String at, String url) {
    if (url.isEmpty()) {
      return;
    }
    bytes(at, url, Limit.SOURCE_URL_BYTES, "The address of 阅读原文", "“阅读原文”链接");
    if (!web(url)) {
      add(
          at,
          Code.WRONG_URL,
          "The address of 阅读原文 must be like https://dealer.example/page, was %s."
              .formatted(Texts.shown(url)),
          "“阅读原文”链接应形如 https://dealer.example/page，现为 %s。".formatted(Texts.shown(url)));
    }
  }

  private static boolean web(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme();
      return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
          && uri.getRawAuthority() != null
          && !uri.getRawAuthority().isEmpty();
    } catch (URISyntaxException no) {
      return false;
    }
  }

  // ---- bodies

  private void body(String at, String body) {
    if (body.isEmpty()) {
      required(at, body, "the body", "正文");
      return;
    }
    BodyHtml html = BodyHtml.of(body);
    sent(at, body, html);
    for (BodyHtml.Malformed bad : html.malformed()) {
      add(
          at,
          Code.MALFORMED,
          "The body %s (character %d).".formatted(bad.en(), bad.at()),
          "正文%s（第%d个字符）。".formatted(bad.zh(), bad.at()));
    }
    new BodyRules(limits, html, (code, en, zh) -> add(at, code, en, zh)).check();
    for (String sha256 : html.files()) {
      if (full()) {
        return;
      }
      file(
          at,
          sha256,
          new Wanted("A picture in the body", "正文图片", FileType.IN_BODIES, Limit.BODY_IMAGE_BYTES));
    }
  }

  /** How long it is once its pictures have their addresses. */
  private void sent(String at, String body, BodyHtml html) {
    int address = limits.most(Limit.IMAGE_ADDRESS);
    int more = 0;
    for (BodyHtml.Attribute source : html.sources()) {
      if (source.value().startsWith(ContentFile.REFERENCE)) {
        more += address - (source.to() - source.from());
      }
    }
    int length = Texts.length(body) + more;
    if (length > limits.most(Limit.BODY)) {
      add(
          at,
          Code.TOO_LONG,
          "The body has %,d characters with its tags, each picture counted as %d; at most %,d can be sent. Split the article, or remove styles."
              .formatted(length, address, limits.most(Limit.BODY)),
          "正文含标签共%,d个字符（每张图片按%d计），最多%,d个；请拆分文章或精简样式。"
              .formatted(length, address, limits.most(Limit.BODY)));
    }
    bytes(at, body, Limit.BODY_BYTES, "The body", "正文");
  }

  // ---- others

  private void images(Content.Images images) {
    int count = images.pictures().size();
    int most = limits.most(Limit.IMAGES);
    if (count == 0) {
      add("/pictures", Code.MISSING, "There is no picture; add one.", "没有图片，请至少添加一张。");
    } else if (count > most) {
      add(
          "/pictures",
          Code.TOO_MANY,
          "There are %d pictures, at most %d can be sent together; leave some out."
              .formatted(count, most),
          "共%d张图片，一次最多%d张；请删减。".formatted(count, most));
    }
    for (int i = 0; i < count && !full(); i++) {
      file(
          "/pictures/" + i,
          images.pictures().get(i),
          new Wanted("The picture", "图片", FileType.PICTURES, Limit.IMAGE_BYTES));
    }
    characters("/words", images.words(), Limit.IMAGES_WORDS, "What is said beside them", "图片说明");
  }

  private void video(Content.Video video) {
    file("/film", video.film(), new Wanted("The video", "视频", FileType.VIDEOS, Limit.VIDEO_BYTES));
    required("/title", video.title(), "the title", "标题");
    characters("/title", video.title(), Limit.VIDEO_TITLE, "The title", "标题");
    characters(
        "/description", video.description(), Limit.VIDEO_DESCRIPTION, "The description", "视频简介");
  }

  private void required(String at, String value, String en, String zh) {
    if (value.isEmpty()) {
      add(
          at,
          Code.MISSING,
          "%s is missing; write it."
              .formatted(Character.toUpperCase(en.charAt(0)) + en.substring(1)),
          "缺少%s，请填写。".formatted(zh));
    }
  }

  private void characters(String at, String value, Limit limit, String en, String zh) {
    int length = Texts.length(value);
    int most = limits.most(limit);
    if (length > most) {
      add(
          at,
          Code.TOO_LONG,
          "%s has %,d characters, at most %,d can be sent: %s. Shorten it."
              .formatted(en, length, most, Texts.shown(value)),
          "%s有%,d个字，最多%,d个：%s。请缩短。".formatted(zh, length, most, Texts.shown(value)));
    }
  }

  private void bytes(String at, String value, Limit limit, String en, String zh) {
    int bytes = Texts.utf8(value);
    int most = limits.most(limit);
    if (bytes > most) {
      add(
          at,
          Code.TOO_LONG,
          "%s has %,d bytes in UTF-8, at most %,d can be sent; shorten it."
              .formatted(en, bytes, most),
          "%s按UTF-8有%,d字节，最多%,d字节；请缩短（一个汉字占3字节）。".formatted(zh, bytes, most));
    }
  }

  private record Wanted(String en, String zh, Set<FileType> types, Limit most) {}

  private void file(String at, String sha256, Wanted wanted) {
    Optional<ContentFile> found = files.apply(sha256);
    if (found.isEmpty()) {
      add(
          at,
          Code.UNKNOWN_FILE,
          "%s is a file that is not kept here (%s…); add it with contents().addFile."
              .formatted(wanted.en(), sha256.substring(0, 8)),
          "%s对应的文件不存在（%s…）；请用 contents().addFile 上传。"
              .formatted(wanted.zh(), sha256.substring(0, 8)));
      return;
    }
    ContentFile file = found.get();
    if (!wanted.types().contains(file.type())) {
      String taken =
          wanted.types().stream().map(FileType::extension).collect(Collectors.joining(", "));
      add(
          at,
          Code.WRONG_TYPE,
          "%s must be %s, but %s is %s by its first bytes; convert it."
              .formatted(wanted.en(), taken, file.name(), file.type().extension()),
          "%s须为 %s 格式，而 %s 实际是 %s；请转换格式。"
              .formatted(wanted.zh(), taken, file.name(), file.type().extension()));
    }
    int most = limits.most(wanted.most());
    if (file.size() > most) {
      add(
          at,
          Code.TOO_BIG,
          "%s %s has %,d bytes, at most %,d can be sent; compress it or cut it down."
              .formatted(wanted.en(), file.name(), file.size(), most),
          "%s %s 有%,d字节，最多%,d字节；请压缩或裁剪。".formatted(wanted.zh(), file.name(), file.size(), most));
    }
  }
}
