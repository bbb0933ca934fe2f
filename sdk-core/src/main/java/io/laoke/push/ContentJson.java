package io.laoke.push;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.laoke.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of contents, such as <code>{"kind":"TEXT","text":"…","v":1}</code>. It is
 * canonical: equal contents have the same form, in one line, with keys in the order of their
 * letters and without what is empty.
 */
public final class ContentJson {
  /** The most characters of a content's JSON form. */
  static final int MOST = 2_000_000;

  private static final int VERSION = 1;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(20)
                          .maxStringLength(MOST)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private ContentJson() {}

  /** Writes the canonical form. */
  public static String write(Content content) {
    try {
      return MAPPER.writeValueAsString(tree(notNull("content", content)));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("not a value that JSON can hold", impossible);
    }
  }

  /** The SHA-256 of the canonical form, in hexadecimal digits. */
  static String hash(Content content) {
    return sha256(write(content).getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /**
   * Reads. Strict: a key that does not belong there or stands twice is refused.
   *
   * @throws InvalidInputException if it is no content; it names the place
   */
  public static Content read(String json) {
    notNull("json", json);
    if (json.length() > MOST) {
      throw new InvalidInputException(
          "json",
          "must have at most %,d characters, has %,d; split the content"
              .formatted(MOST, json.length()));
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException no) {
      throw new InvalidInputException(
          "json",
          "is no JSON (line %d, column %d); give what ContentJson.write gave"
              .formatted(line(no), column(no)));
    }
    return content(new Fields("", node));
  }

  private static int line(JsonProcessingException no) {
    return no.getLocation() == null ? 0 : no.getLocation().getLineNr();
  }

  private static int column(JsonProcessingException no) {
    return no.getLocation() == null ? 0 : no.getLocation().getColumnNr();
  }

  // ---- writing

  private static Map<String, Object> tree(Content content) {
    Map<String, Object> tree = new TreeMap<>();
    tree.put("v", VERSION);
    tree.put("kind", content.kind().name());
    if (content instanceof Content.Articles articles) {
      tree.put("articles", articles.articles().stream().map(ContentJson::tree).toList());
    } else if (content instanceof Content.Text text) {
      some(tree, "text", text.text());
    } else if (content instanceof Content.Images images) {
      tree.put("pictures", images.pictures());
      some(tree, "words", images.words());
      some(tree, "comments", images.comments());
    } else if (content instanceof Content.Voice voice) {
      tree.put("sound", voice.sound());
    } else if (content instanceof Content.Video video) {
      tree.put("film", video.film());
      some(tree, "title", video.title());
      some(tree, "description", video.description());
    }
    return tree;
  }

  private static Map<String, Object> tree(Article article) {
    Map<String, Object> tree = new TreeMap<>();
    some(tree, "title", article.title());
    some(tree, "author", article.author());
    some(tree, "digest", article.digest());
    some(tree, "body", article.body());
    some(tree, "sourceUrl", article.sourceUrl());
    some(tree, "comments", article.comments());
    article.cover().ifPresent(cover -> tree.put("cover", tree(cover)));
    if (!article.crops().isEmpty()) {
      tree.put("crops", article.crops().stream().map(ContentJson::tree).toList());
    }
    article.draft().ifPresent(draft -> tree.put("draft", tree(draft)));
    return tree;
  }

  private static Map<String, Object> tree(Cover cover) {
    return cover instanceof Cover.OfMaterial material
        ? new TreeMap<>(Map.of("account", material.account(), "mediaId", material.mediaId()))
        : new TreeMap<>(Map.of("file", ((Cover.OfFile) cover).sha256()));
  }

  private static Map<String, Object> tree(Crop crop) {
    return new TreeMap<>(
        Map.of(
            "ratio",
            crop.ratio(),
            "x1",
            crop.x1(),
            "y1",
            crop.y1(),
            "x2",
            crop.x2(),
            "y2",
            crop.y2()));
  }

  private static Map<String, Object> tree(DraftRef draft) {
    Map<String, Object> tree = new TreeMap<>();
    draft.account().ifPresent(account -> tree.put("account", account));
    tree.put("mediaId", draft.mediaId());
    tree.put("index", draft.index());
    return tree;
  }

  private static void some(Map<String, Object> tree, String key, String value) {
    if (!value.isEmpty()) {
      tree.put(key, value);
    }
  }

  private static void some(Map<String, Object> tree, String key, Comments comments) {
    if (comments != Comments.OFF) {
      tree.put(key, comments.name());
    }
  }

  // ---- reading

  private static Content content(Fields fields) {
    long version = fields.whole("v", 1, Integer.MAX_VALUE);
    if (version != VERSION) {
      throw fields.refused(
          "v", "must be %d, was %d; a newer Laoke wrote it, use that".formatted(VERSION, version));
    }
    Content content =
        switch (fields.word("kind", Content.Kind.class, null)) {
          case ARTICLES -> new Content.Articles(fields.list("articles", ContentJson::article));
          case TEXT -> new Content.Text(fields.text("text"));
          case IMAGES ->
              new Content.Images(fields.texts("pictures"), fields.text("words"), comments(fields));
          case VOICE -> new Content.Voice(fields.text("sound"));
          case VIDEO ->
              new Content.Video(
                  fields.text("film"), fields.text("title"), fields.text("description"));
        };
    fields.end();
    return content;
  }

  private static Comments comments(Fields fields) {
    return fields.word("comments", Comments.class, Comments.OFF);
  }

  private static Article article(Fields fields) {
    Article article =
        new Article(
            fields.text("title"),
            fields.text("author"),
            fields.text("digest"),
            fields.text("body"),
            fields.object("cover").map(ContentJson::cover),
            fields.list("crops", ContentJson::crop),
            fields.text("sourceUrl"),
            comments(fields),
            fields.object("draft").map(ContentJson::draft));
    fields.end();
    return article;
  }

  private static Cover cover(Fields fields) {
    String file = fields.text("file");
    Cover cover =
        file.isEmpty()
            ? new Cover.OfMaterial(fields.text("account"), fields.text("mediaId"))
            : new Cover.OfFile(file);
    fields.end();
    return cover;
  }

  private static Crop crop(Fields fields) {
    Crop crop =
        new Crop(
            fields.text("ratio"),
            fields.number("x1"),
            fields.number("y1"),
            fields.number("x2"),
            fields.number("y2"));
    fields.end();
    return crop;
  }

  private static DraftRef draft(Fields fields) {
    String account = fields.text("account");
    DraftRef draft =
        new DraftRef(
            account.isEmpty() ? Optional.empty() : Optional.of(account),
            fields.text("mediaId"),
            (int) fields.whole("index", 0, 99));
    fields.end();
    return draft;
  }

  /** The fields of an object, each asked for once. */
  private static final class Fields {
    private final String at;
    private final Map<String, JsonNode> left = new LinkedHashMap<>();

    Fields(String at, JsonNode node) {
      this.at = at;
      if (!node.isObject()) {
        throw new InvalidInputException(
            at.isEmpty() ? "json" : at, "must be an object of JSON, {…}");
      }
      Iterator<String> names = node.fieldNames();
      while (names.hasNext()) {
        String name = names.next();
        left.put(name, node.path(name));
      }
    }

    InvalidInputException refused(String key, String message) {
      return new InvalidInputException(at + "/" + key, message);
    }

    private Optional<JsonNode> take(String key) {
      JsonNode node = left.remove(key);
      return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    String text(String key) {
      Optional<JsonNode> node = take(key);
      if (node.isPresent() && !node.get().isTextual()) {
        throw refused(key, "must be a text in quotes");
      }
      return node.map(JsonNode::textValue).orElse("");
    }

    long whole(String key, long least, long most) {
      JsonNode node = take(key).orElseThrow(() -> refused(key, "must be there; give a number"));
      boolean fits = node.isIntegralNumber() && node.canConvertToLong();
      if (!fits || node.longValue() < least || node.longValue() > most) {
        throw refused(key, "must be a whole number from %d to %d".formatted(least, most));
      }
      return node.longValue();
    }

    double number(String key) {
      JsonNode node = take(key).orElseThrow(() -> refused(key, "must be there; give a number"));
      if (!node.isNumber()) {
        throw refused(key, "must be a number");
      }
      return node.doubleValue();
    }

    <E extends Enum<E>> E word(String key, Class<E> type, @Nullable E none) {
      String word = text(key).toUpperCase(Locale.ROOT);
      if (word.isEmpty() && none != null) {
        return none;
      }
      for (E one : type.getEnumConstants()) {
        if (one.name().equals(word)) {
          return one;
        }
      }
      throw refused(
          key,
          "must be one of %s, was %s"
              .formatted(List.of(type.getEnumConstants()), Texts.shown(word)));
    }

    Optional<Fields> object(String key) {
      return take(key).map(node -> new Fields(at + "/" + key, node));
    }

    <T> List<T> list(String key, Function<Fields, T> each) {
      List<T> list = new ArrayList<>();
      for (JsonNode node : array(key)) {
        list.add(each.apply(new Fields(at + "/" + key + "/" + list.size(), node)));
      }
      return list;
    }

    List<String> texts(String key) {
      List<String> texts = new ArrayList<>();
      for (JsonNode node : array(key)) {
        if (!node.isTextual()) {
          throw refused(key + "/" + texts.size(), "must be a text in quotes");
        }
        texts.add(node.textValue());
      }
      return texts;
    }

    private Iterable<JsonNode> array(String key) {
      Optional<JsonNode> node = take(key);
      if (node.isPresent() && !node.get().isArray()) {
        throw refused(key, "must be a list […]");
      }
      return node.<Iterable<JsonNode>>map(list -> list).orElse(List.of());
    }

    void end() {
      Set<String> unknown = left.keySet();
      if (!unknown.isEmpty()) {
        throw refused(
            Texts.shown(unknown.iterator().next()),
            "is no key of contents here; remove it, or correct its name");
      }
    }
  }
}
