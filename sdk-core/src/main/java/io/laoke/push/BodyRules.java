package io.laoke.push;

import io.laoke.push.BodyHtml.Attribute;
import io.laoke.push.BodyHtml.Element;
import io.laoke.push.ContentProblem.Code;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an article's body may hold. WeChat takes out what it does not allow without a word; here it
 * is said before, and a page of the dealer's that shows the body is safe.
 */
final class BodyRules {
  private static final Set<String> ALLOWED =
      Set.of(
          ("a abbr address article aside b bdi bdo big blockquote br caption center cite code col"
                  + " colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3"
                  + " h4 h5 h6 header hr i iframe img ins kbd label li main mark nav ol p picture pre"
                  + " q rp rt ruby s samp section small span strike strong sub summary sup table tbody"
                  + " td tfoot th thead time tr tt u ul var wbr audio video source svg g path rect"
                  + " circle ellipse line polyline polygon text tspan defs lineargradient"
                  + " radialgradient stop clippath mask pattern symbol marker animate animatetransform"
                  + " animatemotion set foreignobject")
              .split(" ", -1));

  /** WeChat's own, such as {@code mpvoice}. */
  private static final Pattern WECHAT = Pattern.compile("mp[a-z0-9-]*|qqmusic");

  private static final Pattern SCRIPT =
      Pattern.compile(
          "(?:javascript|vbscript|livescript|mocha):|data:(?:text|application|image/svg)");
  private static final Pattern STYLE_SCRIPT =
      Pattern.compile("expression\\(|behaviou?r:|-moz-binding|@import");
  private static final Pattern CSS_URL = Pattern.compile("(?:url|image-set|src)\\(([^)]*)\\)?");
  private static final Pattern BLANKS =
      Pattern.compile("[\\p{Cntrl}\\s\\u00a0\\u200b-\\u200d\\ufeff]+");
  private static final Set<String> FRAMES = Set.of("v.qq.com", "mp.weixin.qq.com", "video.qq.com");

  private final ContentLimits limits;
  private final BodyHtml html;
  private final Found found;

  /** Hears what is wrong. */
  interface Found {
    void problem(Code code, String en, String zh);
  }

  BodyRules(ContentLimits limits, BodyHtml html, Found found) {
    this.limits = limits;
    this.html = html;
    this.found = found;
  }

  void check() {
    html.elements().forEach(this::element);
  }

  private void element(Element element) {
    String name = element.name();
    if (!ALLOWED.contains(name) && !WECHAT.matcher(name).matches()) {
      found.problem(
          Code.FORBIDDEN_ELEMENT,
          "The body has a <%s>, which articles cannot have; remove it.".formatted(shown(name)),
          "正文含有图文不支持的标签 <%s>；请删除。".formatted(shown(name)));
    }
    element.attributes().forEach(attribute -> attribute(name, attribute));
    switch (name) {
      case "img" -> picture(element);
      case "iframe" -> frame(element);
      case "audio", "video", "source", "picture" -> noSource(element);
      default -> {}
    }
  }

  private static String shown(String name) {
    return name.replaceAll("[^a-z0-9:.-]", "?");
  }

  private void attribute(String element, Attribute attribute) {
    String name = attribute.name();
    String value = BLANKS.matcher(attribute.value()).replaceAll("").toLowerCase(Locale.ROOT);
    if (name.startsWith("on") || name.startsWith("@") || name.equals("v-on")) {
      found.problem(
          Code.EVENT_HANDLER,
          "The body has the attribute %s in <%s>, which runs a script; remove it."
              .formatted(shown(name), shown(element)),
          "正文标签 <%s> 含有会运行脚本的属性 %s；请删除。".formatted(shown(element), shown(name)));
    } else if (SCRIPT.matcher(value).find() || name.equals("srcdoc") || name.equals("formaction")) {
      script(element, name);
    } else if (name.equals("style")) {
      style(element, value);
    } else if (name.equals("srcset") || name.equals("background") || name.equals("poster")) {
      foreign(attribute.value());
    } else if (element.equals("a") || !name.endsWith("href")) {
      return;
    } else if (!value.startsWith("#")) {
      found.problem(
          Code.FOREIGN_IMAGE,
          "The body has the address %s in <%s>, which would load something from elsewhere; remove it."
              .formatted(Texts.shown(attribute.value()), shown(element)),
          "正文标签 <%s> 引用了外部地址 %s；请删除。".formatted(shown(element), Texts.shown(attribute.value())));
    }
  }

  private void script(String element, String attribute) {
    found.problem(
        Code.SCRIPT,
        "The body has something in the attribute %s of <%s> that runs a script; remove it."
            .formatted(shown(attribute), shown(element)),
        "正文标签 <%s> 的属性 %s 含有脚本；请删除。".formatted(shown(element), shown(attribute)));
  }

  private void style(String element, String value) {
    if (value.indexOf('\\') >= 0 || value.contains("/*") || STYLE_SCRIPT.matcher(value).find()) {
      script(element, "style");
      return;
    }
    Matcher urls = CSS_URL.matcher(value);
    while (urls.find()) {
      String address = urls.group(1).replaceAll("[\"']", "");
      if (!address.startsWith("#") && !ofWeChat(address)) {
        foreign(address);
      }
    }
  }

  private void picture(Element element) {
    List<Attribute> sources =
        element.attributes().stream()
            .filter(one -> one.name().equals("src") || one.name().equals("data-src"))
            .toList();
    if (sources.isEmpty()) {
      found.problem(
          Code.MISSING,
          "The body has a picture without src; add the file with contents().addFile and write"
              + " src=\"laoke-file:…\".",
          "正文有一张图片没有 src；请用 contents().addFile 上传后写成 src=\"laoke-file:…\"。");
    }
    for (Attribute source : sources) {
      String value = source.value();
      if (value.startsWith(ContentFile.REFERENCE)) {
        if (!ContentFile.isSha256(value.substring(ContentFile.REFERENCE.length()))) {
          found.problem(
              Code.WRONG_URL,
              "The body has the picture %s; behind laoke-file: stands the SHA-256 that contents().addFile gave, 64 digits in lower case."
                  .formatted(Texts.shown(value)),
              "正文图片地址 %s 无效；laoke-file: 之后应为 contents().addFile 返回的SHA-256（64位小写十六进制）。"
                  .formatted(Texts.shown(value)));
        }
      } else if (!ofWeChat(value.strip())) {
        foreign(value);
      }
    }
  }

  private boolean ofWeChat(String address) {
    try {
      URI uri = new URI(address.startsWith("//") ? "https:" + address : address);
      String scheme = uri.getScheme();
      String host = uri.getHost();
      return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
          && host != null
          && uri.getRawUserInfo() == null
          && limits.imageHosts().contains(host.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException no) {
      return false;
    }
  }

  private void foreign(String address) {
    String shown = Texts.shown(address);
    found.problem(
        Code.FOREIGN_IMAGE,
        "The body has the picture %s, which WeChat would take out; download it, add it with contents().addFile and write src=\"laoke-file:SHA256\"."
            .formatted(shown),
        "正文图片 %s 不在微信域名下，会被微信过滤；请下载后用 contents().addFile 上传，并写成 src=\"laoke-file:SHA256\"。"
            .formatted(shown));
  }

  /** WeChat's own films only; within SVG the contents of a frame would be tags for a browser. */
  private void frame(Element element) {
    boolean ours =
        element.attributes().stream()
            .filter(one -> one.name().equals("src") || one.name().equals("data-src"))
            .allMatch(one -> film(one.value()));
    if (!ours || !html.endsAtOnce(element)) {
      found.problem(
          Code.FORBIDDEN_ELEMENT,
          "The body has an <iframe> that is no film of v.qq.com or mp.weixin.qq.com; remove it.",
          "正文含有不是腾讯视频的 <iframe>；请删除。");
    }
  }

  private static boolean film(String address) {
    try {
      String given = address.strip();
      URI uri = new URI(given.startsWith("//") ? "https:" + given : given);
      return "https".equalsIgnoreCase(uri.getScheme())
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && FRAMES.contains(uri.getHost().toLowerCase(Locale.ROOT));
    } catch (URISyntaxException no) {
      return false;
    }
  }

  private void noSource(Element element) {
    found.problem(
        Code.FORBIDDEN_ELEMENT,
        "The body has a <%s>, which WeChat would take out; insert films and sounds in WeChat's editor, or send them as a content of their own."
            .formatted(element.name()),
        "正文含有 <%s>，会被微信过滤；请在微信编辑器中插入音视频，或作为单独内容发送。".formatted(element.name()));
  }
}
