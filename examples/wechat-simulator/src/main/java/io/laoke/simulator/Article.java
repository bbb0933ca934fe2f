package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One article of a draft, as it was kept: without scripts, and without pictures from elsewhere.
 *
 * @param json what {@code draft/get} gives back
 */
record Article(ObjectNode json) {
  static final int MAX_TITLE = 32;
  private static final int MAX_AUTHOR = 16;
  private static final int MAX_DIGEST = 120;
  private static final int DIGEST = 54;
  private static final int MAX_CONTENT = 20_000;
  private static final int MAX_CONTENT_BYTES = 1024 * 1024;
  private static final int MAX_LINK_BYTES = 1024;
  private static final int MAX_PICTURES = 20;
  private static final Pattern SCRIPT =
      Pattern.compile(
          "(?is)<script\\b.*?(</script\\s*>|\\z)|\\son\\w+\\s*=\\s*(\"[^\"]*\"|'[^']*')");
  private static final Pattern IMAGE = Pattern.compile("(?is)<img\\b[^>]*>");
  private static final Pattern SOURCE =
      Pattern.compile("(?is)\\b(?:data-)?src\\s*=\\s*[\"']([^\"']*)[\"']");

  static Article read(JsonNode given, MaterialShelf shelf) throws Refusal {
    if (!given.isObject()) {
      throw new Refusal(44003);
    }
    String type = Api.text(given, "article_type");
    boolean pictures = type.equals("newspic");
    if (!type.isEmpty() && !type.equals("news") && !pictures) {
      throw new Refusal(45166, "invalid article_type");
    }
    String title = Api.text(given, "title");
    limit(title, 1, MAX_TITLE, 45003);
    limit(Api.text(given, "author"), 0, MAX_AUTHOR, 45110);
    limit(Api.text(given, "digest"), 0, MAX_DIGEST, 45004);
    String content = Api.text(given, "content");
    if (content.isBlank()) {
      throw new Refusal(44004);
    }
    if (length(content) >= MAX_CONTENT || content.getBytes(UTF_8).length >= MAX_CONTENT_BYTES) {
      throw new Refusal(45002);
    }
    if (Api.text(given, "content_source_url").getBytes(UTF_8).length > MAX_LINK_BYTES) {
      throw new Refusal(45005);
    }
    ObjectNode kept = given.deepCopy();
    kept.put("article_type", pictures ? "newspic" : "news");
    if (pictures) {
      pictures(given.path("image_info").path("image_list"), shelf);
    } else {
      shelf.lasting(
          Api.text(given, "thumb_media_id"), MaterialShelf.Kind.IMAGE, MaterialShelf.Kind.THUMB);
    }
    String clean = clean(content, shelf.bodyImages());
    kept.put("content", clean);
    if (Api.text(given, "digest").isEmpty()) {
      kept.put("digest", cut(clean.replaceAll("(?s)<[^>]*>", "").strip()));
    }
    return new Article(kept);
  }

  String title() {
    return Api.text(json, "title");
  }

  String digest() {
    return Api.text(json, "digest");
  }

  String content() {
    return Api.text(json, "content");
  }

  private static void pictures(JsonNode list, MaterialShelf shelf) throws Refusal {
    if (!list.isArray() || list.isEmpty() || list.size() > MAX_PICTURES) {
      throw new Refusal(45166, "invalid image_list size");
    }
    for (JsonNode picture : list) {
      shelf.lasting(Api.text(picture, "image_media_id"), MaterialShelf.Kind.IMAGE);
    }
  }

  private static String clean(String content, Set<String> ours) {
    String quiet = SCRIPT.matcher(content).replaceAll("");
    return IMAGE
        .matcher(quiet)
        .replaceAll(
            image -> {
              Matcher source = SOURCE.matcher(image.group());
              boolean kept = source.find() && ours.contains(source.group(1));
              return kept ? Matcher.quoteReplacement(image.group()) : "";
            });
  }

  private static void limit(String text, int least, int most, int code) throws Refusal {
    if (length(text) < least || length(text) > most) {
      throw new Refusal(code);
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String cut(String text) {
    return length(text) <= DIGEST ? text : text.substring(0, text.offsetByCodePoints(0, DIGEST));
  }
}
