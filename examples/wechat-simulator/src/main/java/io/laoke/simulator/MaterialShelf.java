package io.laoke.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The material 素材 of one account, permanent and temporary. Guarded by the world. */
final class MaterialShelf {
  static final Duration TEMPORARY_LIFE = Duration.ofDays(3);
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  /** A type of material, with its largest size and the formats it takes. */
  enum Kind {
    IMAGE(10 * MIB, "bmp", "png", "jpg", "gif"),
    VOICE(2 * MIB, "mp3", "wma", "wav", "amr"),
    VIDEO(10 * MIB, "mp4"),
    THUMB(64 * KIB, "jpg");

    final int maxBytes;
    private final String formats;

    Kind(int maxBytes, String... formats) {
      this.maxBytes = maxBytes;
      this.formats = " " + String.join(" ", formats) + " ";
    }

    boolean takes(String format) {
      return formats.contains(" " + format + " ");
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) throws Refusal {
      for (Kind kind : values()) {
        if (kind.word().equals(word)) {
          return kind;
        }
      }
      throw new Refusal(40004);
    }
  }

  /** One piece. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Material(
      String mediaId,
      Kind kind,
      String name,
      byte[] bytes,
      String format,
      String url,
      String description,
      Instant at,
      boolean lasting) {
    String contentType() {
      return switch (format) {
        case "jpg" -> "image/jpeg";
        case "png", "gif", "bmp" -> "image/" + format;
        case "mp4" -> "video/mp4";
        default -> "audio/" + format;
      };
    }
  }

  private final World world;
  private final Map<String, Material> all = new LinkedHashMap<>();
  private final Set<String> bodyImages = new LinkedHashSet<>();
  private int mostImages = 100_000;
  private int mostOthers = 1_000;

  MaterialShelf(World world) {
    this.world = world;
  }

  void limits(int images, int others) {
    mostImages = images;
    mostOthers = others;
  }

  Material add(Kind kind, Multipart.Part part, String description, String base, boolean lasting)
      throws Refusal {
    String format = check(kind, part.bytes());
    int most = kind == Kind.IMAGE ? mostImages : mostOthers;
    if (lasting && lasting(kind).size() >= most) {
      throw new Refusal(45001, "material count out of limit");
    }
    String id = world.alnum(lasting ? 43 : 64);
    String url = kind == Kind.IMAGE && lasting ? base + "/_sim/material?media_id=" + id : "";
    Material material =
        new Material(
            id,
            kind,
            part.fileName(),
            part.bytes(),
            format,
            url,
            description,
            world.now(),
            lasting);
    all.put(id, material);
    return material;
  }

  /** Keeps a picture for the bodies of articles; it does not count. */
  String addBodyImage(Multipart.Part part, String base) throws Refusal {
    String format = format(part.bytes());
    if (!format.equals("jpg") && !format.equals("png")) {
      throw new Refusal(40005);
    }
    if (part.bytes().length >= MIB) {
      throw new Refusal(40009);
    }
    String id = world.alnum(43);
    all.put(
        id,
        new Material(
            id, Kind.IMAGE, part.fileName(), part.bytes(), format, "", "", world.now(), false));
    String url = base + "/_sim/material?media_id=" + id;
    bodyImages.add(url);
    return url;
  }

  Set<String> bodyImages() {
    return bodyImages;
  }

  /** Any piece that is still there, for the page too. */
  @Nullable Material find(String mediaId) {
    Material found = all.get(mediaId);
    boolean gone =
        found != null
            && !found.lasting()
            && !bodyImages.stream().anyMatch(url -> url.endsWith("=" + mediaId))
            && !world.now().isBefore(found.at().plus(TEMPORARY_LIFE));
    return gone ? null : found;
  }

  Material temporary(String mediaId) throws Refusal {
    Material found = find(mediaId);
    if (found == null || found.lasting()) {
      throw new Refusal(40007);
    }
    return found;
  }

  /** A permanent piece of one of these kinds. */
  Material lasting(String mediaId, Kind... kinds) throws Refusal {
    Material found = find(mediaId);
    if (found == null || !found.lasting() || !List.of(kinds).contains(found.kind())) {
      throw new Refusal(40007);
    }
    return found;
  }

  /** A piece of this kind, permanent or not, for a message. */
  Material any(String mediaId, Kind kind) throws Refusal {
    Material found = find(mediaId);
    if (found == null || found.kind() != kind) {
      throw new Refusal(40007);
    }
    return found;
  }

  List<Material> lasting(Kind kind) {
    return all.values().stream().filter(m -> m.lasting() && m.kind() == kind).toList();
  }

  void remove(String mediaId) {
    all.remove(mediaId);
  }

  private static String check(Kind kind, byte[] bytes) throws Refusal {
    if (bytes.length == 0) {
      throw new Refusal(44001);
    }
    String format = format(bytes);
    if (!kind.takes(format)) {
      throw new Refusal(40005);
    }
    if (bytes.length > kind.maxBytes) {
      throw new Refusal(kind == Kind.IMAGE ? 40009 : 40006);
    }
    return format;
  }

  /** What the first bytes say; names prove nothing. */
  static String format(byte[] bytes) {
    if (starts(bytes, 0, 0xFF, 0xD8, 0xFF)) {
      return "jpg";
    }
    if (starts(bytes, 0, 0x89, 'P', 'N', 'G')) {
      return "png";
    }
    if (starts(bytes, 0, 'G', 'I', 'F', '8')) {
      return "gif";
    }
    if (starts(bytes, 0, 'B', 'M')) {
      return "bmp";
    }
    if (starts(bytes, 4, 'f', 't', 'y', 'p')) {
      return "mp4";
    }
    if (starts(bytes, 0, '#', '!', 'A', 'M', 'R')) {
      return "amr";
    }
    if (starts(bytes, 0, 'R', 'I', 'F', 'F')) {
      return "wav";
    }
    if (starts(bytes, 0, 0x30, 0x26, 0xB2, 0x75)) {
      return "wma";
    }
    return starts(bytes, 0, 'I', 'D', '3') || mp3Frame(bytes) ? "mp3" : "";
  }

  /** The head of a frame of MPEG 1, 2 or 2.5, layer III. */
  private static boolean mp3Frame(byte[] bytes) {
    return bytes.length > 1 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xE6) == 0xE2;
  }

  private static boolean starts(byte[] bytes, int at, int... with) {
    if (bytes.length < at + with.length) {
      return false;
    }
    for (int i = 0; i < with.length; i++) {
      if ((bytes[at + i] & 0xFF) != with[i]) {
        return false;
      }
    }
    return true;
  }
}
