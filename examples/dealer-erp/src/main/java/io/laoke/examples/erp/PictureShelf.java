package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.push.ContentFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** 图片: what articles are made of. Some come with the ERP, staff upload others. */
@Component
class PictureShelf {
  private static final int LONGEST_NAME = 60;

  /** The bundled ones, by their file. */
  private static final Map<String, String> BUNDLED = new LinkedHashMap<>();

  static {
    BUNDLED.put("kitchen", "厨电封面");
    BUNDLED.put("cleaning", "清洁封面");
    BUNDLED.put("av", "影音封面");
    BUNDLED.put("value", "超值封面");
    BUNDLED.put("hood", "油烟机");
    BUNDLED.put("filter", "清洗前后");
    BUNDLED.put("living", "客厅");
    BUNDLED.put("coupon", "优惠券");
  }

  /**
   * A picture.
   *
   * @param sha256 by which contents name it
   * @param name for people
   */
  record Picture(String sha256, String name) {}

  private final Dealer dealer;
  private final PushPictures uploaded;
  private final Clock clock;
  private volatile @Nullable Map<String, Picture> bundled;

  PictureShelf(Laoke laoke, PushPictures uploaded, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.uploaded = uploaded;
    this.clock = clock;
  }

  /** All of them, those that staff uploaded first. */
  List<Picture> all() {
    List<Picture> all = new ArrayList<>();
    uploaded
        .findTop60ByOrderByAddedAtDesc()
        .forEach(one -> all.add(new Picture(one.sha256(), one.name())));
    bundled().values().stream()
        .filter(one -> all.stream().noneMatch(known -> known.sha256().equals(one.sha256())))
        .forEach(all::add);
    return all;
  }

  /** One that comes with the ERP. */
  Picture bundled(String file) {
    return Optional.ofNullable(bundled().get(file)).orElseThrow();
  }

  private Map<String, Picture> bundled() {
    Map<String, Picture> known = bundled;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (Map.Entry<String, String> one : BUNDLED.entrySet()) {
        ContentFile kept =
            dealer.contents().addFile(read(one.getKey()), one.getValue() + ".png"); // Laoke
        known.put(one.getKey(), new Picture(kept.sha256(), one.getValue()));
      }
      bundled = known;
    }
    return known;
  }

  static byte[] read(String file) {
    try (InputStream in = PictureShelf.class.getResourceAsStream("/pictures/" + file + ".png")) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks pictures/" + file + ".png");
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Keeps what staff uploaded.
   *
   * @throws io.laoke.error.InvalidInputException if it is no picture, or too large
   */
  @Transactional
  public Picture add(byte[] bytes, String name) {
    ContentFile kept = dealer.contents().addFile(bytes, named(name)); // Laoke
    if (!uploaded.existsById(kept.sha256())) {
      uploaded.save(new PushPicture(kept.sha256(), kept.name(), clock.instant()));
    }
    return new Picture(kept.sha256(), kept.name());
  }

  private static String named(String given) {
    String line = given.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    String name = line.isEmpty() ? "图片" : line;
    int length = name.codePointCount(0, name.length());
    return length <= LONGEST_NAME / 2
        ? name
        : name.substring(name.offsetByCodePoints(0, length - LONGEST_NAME / 2)).strip();
  }

  /** A file with its bytes. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Shown(ContentFile file, byte[] bytes) {}

  Optional<Shown> file(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      return Optional.empty();
    }
    return dealer
        .contents()
        .file(sha256)
        .map(file -> new Shown(file, dealer.contents().bytes(sha256))); // Laoke
  }
}
