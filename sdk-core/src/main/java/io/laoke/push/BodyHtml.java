package io.laoke.push;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The tags of an article's body, read as browsers read them. What browsers could read in another
 * way than this, such as an end that is missing, is told as {@link #malformed}; of such a body
 * nothing may be believed. Elements whose contents are no tags for a browser, such as {@code
 * <style>}, must be refused by whoever asks, since their contents are read as tags here.
 */
final class BodyHtml {
  /** Named characters that an address or a style could be hidden in. */
  private static final Map<String, String> NAMED =
      Map.ofEntries(
          Map.entry("amp", "&"),
          Map.entry("AMP", "&"),
          Map.entry("lt", "<"),
          Map.entry("LT", "<"),
          Map.entry("gt", ">"),
          Map.entry("GT", ">"),
          Map.entry("quot", "\""),
          Map.entry("QUOT", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", "\u00a0"),
          Map.entry("colon", ":"),
          Map.entry("semi", ";"),
          Map.entry("Tab", "\t"),
          Map.entry("NewLine", "\n"),
          Map.entry("sol", "/"),
          Map.entry("bsol", "\\"),
          Map.entry("period", "."),
          Map.entry("comma", ","),
          Map.entry("quest", "?"),
          Map.entry("num", "#"),
          Map.entry("equals", "="),
          Map.entry("commat", "@"),
          Map.entry("percnt", "%"),
          Map.entry("lpar", "("),
          Map.entry("rpar", ")"),
          Map.entry("lbrack", "["),
          Map.entry("rbrack", "]"),
          Map.entry("ast", "*"),
          Map.entry("excl", "!"),
          Map.entry("lowbar", "_"),
          Map.entry("plus", "+"),
          Map.entry("fjlig", "fj"));

  private static final int LONGEST_NAME = 32;

  private final String html;
  private final List<Element> elements = new ArrayList<>();
  private final List<Malformed> malformed = new ArrayList<>();
  private int at;

  private BodyHtml(String html) {
    this.html = html;
  }

  /** Something that browsers could read in another way. */
  record Malformed(int at, String en, String zh) {}

  /**
   * A start tag.
   *
   * @param name in lower case
   * @param end behind its {@code >}
   */
  record Element(String name, List<Attribute> attributes, int start, int end) {}

  /**
   * An attribute.
   *
   * @param name in lower case
   * @param value decoded
   * @param from where the value begins, inside its quotes
   * @param to where it ends
   */
  record Attribute(String name, String value, int from, int to) {}

  static BodyHtml of(String html) {
    BodyHtml body = new BodyHtml(html);
    body.read();
    return body;
  }

  List<Element> elements() {
    return elements;
  }

  List<Malformed> malformed() {
    return malformed;
  }

  /** Whether nothing but blanks stands before that end tag. */
  boolean endsAtOnce(Element element) {
    int most = Math.min(html.length(), element.end() + 200);
    String rest = html.substring(element.end(), most).stripLeading().toLowerCase(Locale.ROOT);
    String tag = "</" + element.name();
    return rest.startsWith(tag)
        && rest.length() > tag.length()
        && rest.substring(tag.length()).stripLeading().startsWith(">");
  }

  /** The files that pictures refer to. */
  Set<String> files() {
    Set<String> files = new LinkedHashSet<>();
    for (Attribute source : sources()) {
      if (source.value().startsWith(ContentFile.REFERENCE)) {
        String sha256 = source.value().substring(ContentFile.REFERENCE.length());
        if (ContentFile.isSha256(sha256)) {
          files.add(sha256);
        }
      }
    }
    return files;
  }

  /** Where pictures stand. */
  List<Attribute> sources() {
    List<Attribute> sources = new ArrayList<>();
    for (Element element : elements) {
      if (element.name().equals("img")) {
        for (Attribute attribute : element.attributes()) {
          if (attribute.name().equals("src") || attribute.name().equals("data-src")) {
            sources.add(attribute);
          }
        }
      }
    }
    return sources;
  }

  /**
   * The body with other addresses for the files that pictures refer to.
   *
   * @param address of a file's hash
   */
  String withAddresses(UnaryOperator<String> address) {
    StringBuilder written = new StringBuilder(html.length());
    int copied = 0;
    for (Attribute source : sources()) {
      String value = source.value();
      if (value.startsWith(ContentFile.REFERENCE)) {
        String to = address.apply(value.substring(ContentFile.REFERENCE.length()));
        written.append(html, copied, source.from()).append(encoded(to));
        copied = source.to();
      }
    }
    return written.append(html, copied, html.length()).toString();
  }

  private static String encoded(String address) {
    return address
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace(" ", "%20");
  }

  // ---- reading

  private void read() {
    while (at < html.length()) {
      int open = html.indexOf('<', at);
      if (open < 0) {
        return;
      }
      at = open + 1;
      char next = peek();
      if (letter(next)) {
        startTag(open);
      } else if (next == '/') {
        endTag(open);
      } else if (html.startsWith("!--", at)) {
        comment(open);
      } else if (next == '!' || next == '?') {
        bad(
            open,
            "has a declaration <" + next + "…>; articles have none, remove it",
            "含有 <" + next + "…> 声明；图文不支持，请删除");
        skipTo('>');
      }
    }
  }

  private char peek() {
    return at < html.length() ? html.charAt(at) : 0;
  }

  private void bad(int where, String en, String zh) {
    malformed.add(new Malformed(where, en, zh));
  }

  private void skipTo(char end) {
    int found = html.indexOf(end, at);
    at = found < 0 ? html.length() : found + 1;
  }

  private void comment(int open) {
    at += 3;
    int end = html.indexOf("-->", at);
    String inside = html.substring(at, end < 0 ? html.length() : end);
    if (end < 0
        || inside.startsWith(">")
        || inside.startsWith("->")
        || inside.contains("--")
        || inside.endsWith("-")) {
      bad(
          open,
          "has a comment whose end is not clear; remove the comment",
          "含有结束不明确的注释 <!-- -->；请删除该注释");
    }
    at = end < 0 ? html.length() : end + 3;
  }

  private void endTag(int open) {
    at++;
    if (!letter(peek())) {
      bad(open, "has an end tag without a name; remove it", "含有没有名称的结束标签；请删除");
      skipTo('>');
      return;
    }
    String name = name();
    List<Attribute> attributes = attributes(open, name);
    if (!attributes.isEmpty()) {
      bad(
          open,
          "has attributes in the end tag </" + name + ">; remove them",
          "结束标签 </" + name + "> 带有属性；请删除");
    }
  }

  private void startTag(int open) {
    String name = name();
    List<Attribute> attributes = attributes(open, name);
    elements.add(new Element(name, attributes, open, at));
  }

  private String name() {
    int from = at;
    while (at < html.length() && !blank(peek()) && peek() != '/' && peek() != '>') {
      at++;
    }
    String name = html.substring(from, at).toLowerCase(Locale.ROOT);
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }

  /** Reads to behind the end of the tag. */
  private List<Attribute> attributes(int open, String tag) {
    List<Attribute> attributes = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    while (true) {
      while (at < html.length() && (blank(peek()) || peek() == '/')) {
        at++;
      }
      if (at >= html.length()) {
        bad(
            open,
            "has a tag <" + tag + " that does not end; close it with >",
            "标签 <" + tag + " 没有结束；请补上 >");
        return attributes;
      }
      if (peek() == '>') {
        at++;
        return attributes;
      }
      Attribute attribute = attribute(open, tag);
      attributes.add(attribute);
      if (!names.add(attribute.name())) {
        bad(
            open,
            "has the attribute " + attribute.name() + " twice in <" + tag + ">; keep one",
            "标签 <" + tag + "> 的属性 " + attribute.name() + " 重复；请保留一个");
      }
    }
  }

  private Attribute attribute(int open, String tag) {
    int from = at;
    at++; // whatever begins it belongs to it, an equals sign too
    while (at < html.length()
        && !blank(peek())
        && peek() != '/'
        && peek() != '>'
        && peek() != '=') {
      at++;
    }
    String name = html.substring(from, at).toLowerCase(Locale.ROOT);
    if (!plain(name)) {
      bad(
          open,
          "has an attribute in <" + tag + "> whose name is none; write name=\"value\"",
          "标签 <" + tag + "> 含有无效的属性名；请写成 name=\"value\"");
    }
    int behind = at;
    while (at < html.length() && blank(peek())) {
      at++;
    }
    if (peek() != '=') {
      at = behind;
      return new Attribute(name, "", behind, behind);
    }
    at++;
    while (at < html.length() && blank(peek())) {
      at++;
    }
    return value(open, tag, name);
  }

  private Attribute value(int open, String tag, String name) {
    char quote = peek();
    if (quote == '"' || quote == '\'') {
      int from = ++at;
      int to = html.indexOf(quote, from);
      if (to < 0) {
        bad(
            open,
            "has a value in <" + tag + "> that does not end; close it with " + quote,
            "标签 <" + tag + "> 的属性值没有结束；请补上 " + quote);
        to = html.length();
      }
      at = Math.min(html.length(), to + 1);
      return new Attribute(name, decoded(html.substring(from, to)), from, to);
    }
    int from = at;
    while (at < html.length() && !blank(peek()) && peek() != '>') {
      at++;
    }
    String raw = html.substring(from, at);
    if (raw.isEmpty() || raw.matches("(?s).*[\"'<=`].*")) {
      bad(
          open,
          "has a value in <" + tag + "> without proper quotes; write name=\"value\"",
          "标签 <" + tag + "> 的属性值引号不规范；请写成 name=\"value\"");
    }
    return new Attribute(name, decoded(raw), from, at);
  }

  private static boolean plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!letter(c) && !(c >= '0' && c <= '9') && "-_:.@".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
  }

  /** With its references to characters read, as far as they matter for addresses and styles. */
  static String decoded(String raw) {
    if (raw.indexOf('&') < 0) {
      return raw;
    }
    StringBuilder text = new StringBuilder(raw.length());
    int at = 0;
    while (at < raw.length()) {
      char c = raw.charAt(at);
      int end = c == '&' ? reference(raw, at, text) : -1;
      if (end < 0) {
        text.append(c);
        at++;
      } else {
        at = end;
      }
    }
    return text.toString();
  }

  /** Reads one at an ampersand; -1 if it is none. */
  private static int reference(String raw, int from, StringBuilder text) {
    int at = from + 1;
    if (at < raw.length() && raw.charAt(at) == '#') {
      return number(raw, at + 1, text);
    }
    int end = at;
    while (end < raw.length() && end - at < 8 && letter(raw.charAt(end))) {
      end++;
    }
    String named = NAMED.get(raw.substring(at, end));
    if (named == null) {
      return -1;
    }
    text.append(named);
    return end < raw.length() && raw.charAt(end) == ';' ? end + 1 : end;
  }

  private static int number(String raw, int from, StringBuilder text) {
    boolean hex = from < raw.length() && (raw.charAt(from) | 0x20) == 'x';
    int at = hex ? from + 1 : from;
    int first = at;
    int point = 0;
    while (at < raw.length() && Character.digit(raw.charAt(at), hex ? 16 : 10) >= 0) {
      if (raw.charAt(at) > 'f') {
        break;
      }
      point = Math.min(0x110000, point * (hex ? 16 : 10) + Character.digit(raw.charAt(at), 16));
      at++;
    }
    if (at == first) {
      return -1;
    }
    text.appendCodePoint(
        point > 0x10FFFF || point == 0 || (point >= 0xD800 && point <= 0xDFFF) ? 0xFFFD : point);
    return at < raw.length() && raw.charAt(at) == ';' ? at + 1 : at;
  }
}
