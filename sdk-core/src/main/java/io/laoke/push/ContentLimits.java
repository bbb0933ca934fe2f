package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What an account takes of contents, as data: WeChat has changed such limits before. An account
 * tells its own ({@link ArticleChannel#limits}); what it does not say is as in {@link #DEFAULT}.
 *
 * @param values the limits that differ from their defaults
 * @param imageHosts where pictures of bodies may stand already, in lower case
 */
public record ContentLimits(Map<Limit, Integer> values, List<String> imageHosts) {
  /** WeChat's limits as they are known. */
  public static final ContentLimits DEFAULT = new ContentLimits(Map.of(), List.of("mmbiz.qpic.cn"));

  /** Checks and copies. */
  public ContentLimits {
    notNull("values", values)
        .forEach(
            (limit, most) -> {
              long unused = range("values." + limit, notNull("values", most), 0, 100_000_000);
            });
    EnumMap<Limit, Integer> copy = new EnumMap<>(Limit.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
    imageHosts =
        List.copyOf(
            new TreeSet<>(
                notNull("imageHosts", imageHosts).stream()
                    .map(host -> key("imageHosts", host, 255).toLowerCase(Locale.ROOT))
                    .toList()));
  }

  /** The most of it. */
  public int most(Limit limit) {
    return values.getOrDefault(notNull("limit", limit), limit.standard());
  }

  /** With another limit. */
  public ContentLimits with(Limit limit, int most) {
    EnumMap<Limit, Integer> changed = new EnumMap<>(Limit.class);
    changed.putAll(values);
    changed.put(notNull("limit", limit), most);
    return new ContentLimits(changed, imageHosts);
  }

  /** With these hosts, where pictures of bodies may stand already. */
  public ContentLimits withImageHosts(List<String> hosts) {
    return new ContentLimits(values, hosts);
  }

  /**
   * All that keeps a content from being sent under these limits, in the order in which it stands;
   * at most 100. Asks nothing but {@code files}; takes time by the content's length, whatever is in
   * it.
   *
   * @param files the file of that hash, if it is kept
   */
  public List<ContentProblem> problems(
      Content content, Function<String, Optional<ContentFile>> files) {
    return new ContentChecker(this, notNull("files", files)).check(notNull("content", content));
  }

  /** What is limited. */
  public enum Limit {
    /** Characters of an article's title. */
    TITLE(32),
    /** Characters of an article's author. */
    AUTHOR(16),
    /** Characters of an article's digest. */
    DIGEST(120),
    /** Characters of a body, its tags counted. */
    BODY(19_999),
    /** Bytes of a body in UTF-8. */
    BODY_BYTES(1024 * 1024 - 1),
    /**
     * As how many characters the address of a picture counts that is to be uploaded: WeChat's own
     * have up to about 160.
     */
    IMAGE_ADDRESS(200),
    /** Bytes of the address of 阅读原文. */
    SOURCE_URL_BYTES(1024),
    /** Articles of a content. */
    ARTICLES(8),
    /** Bytes of a text in UTF-8, of which a Chinese character has three. */
    TEXT_BYTES(2048),
    /** Pictures of a content of pictures. */
    IMAGES(20),
    /** Characters beside pictures. */
    IMAGES_WORDS(1_000),
    /** Characters of a video's title. */
    VIDEO_TITLE(64),
    /** Characters of a video's description. */
    VIDEO_DESCRIPTION(500),
    /** Bytes of a picture in a body. */
    BODY_IMAGE_BYTES(1024 * 1024 - 1),
    /** Bytes of a cover, or of a picture of a content of pictures. */
    IMAGE_BYTES(10 * 1024 * 1024),
    /** Bytes of a voice. That it lasts at most 60 seconds WeChat checks. */
    VOICE_BYTES(2 * 1024 * 1024),
    /** Bytes of a video. */
    VIDEO_BYTES(10 * 1024 * 1024);

    private final int standard;

    Limit(int standard) {
      this.standard = standard;
    }

    /** The most, as far as WeChat has said. */
    public int standard() {
      return standard;
    }
  }
}
