package io.laoke.wechat;

import io.laoke.error.InvalidInputException;
import io.laoke.wechat.Materials.Kind;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The formats of files that WeChat takes, known by their first bytes. */
enum MediaFormat {
  JPG("image/jpeg"),
  PNG("image/png"),
  GIF("image/gif"),
  BMP("image/bmp"),
  MP3("audio/mpeg"),
  WMA("audio/x-ms-wma"),
  WAV("audio/wav"),
  AMR("audio/amr"),
  MP4("video/mp4");

  /** How many first bytes tell. */
  static final int HEAD = 16;

  private static final int KB = 1024;
  private static final int MB = 1024 * KB;

  private final String contentType;

  MediaFormat(String contentType) {
    this.contentType = contentType;
  }

  /**
   * A picture for bodies, checked.
   *
   * @throws InvalidInputException unless WeChat takes it
   */
  static FormFile forBody(MediaFile file) {
    return form(file, "a picture in an article's body", EnumSet.of(JPG, PNG), MB - 1L, Map.of());
  }

  /**
   * Material, checked.
   *
   * @param fields what else the form holds
   * @throws InvalidInputException unless WeChat takes it as that
   */
  static FormFile form(Kind kind, MediaFile file, Map<String, String> fields) {
    return switch (kind) {
      case IMAGE -> form(file, "a picture", EnumSet.of(JPG, PNG, GIF, BMP), 10L * MB, fields);
      case VOICE -> form(file, "a voice", EnumSet.of(MP3, WMA, WAV, AMR), 2L * MB, fields);
      case VIDEO -> form(file, "a video", EnumSet.of(MP4), 10L * MB, fields);
      case THUMB -> form(file, "a thumb", EnumSet.of(JPG), 64L * KB, fields);
    };
  }

  private static FormFile form(
      MediaFile file, String what, Set<MediaFormat> taken, long most, Map<String, String> fields) {
    long size = file.size();
    if (size == 0) {
      throw new InvalidInputException(
          "file", file.name() + " must not be empty; choose another file");
    }
    Optional<MediaFormat> format = of(file.head());
    if (format.isEmpty() || !taken.contains(format.get())) {
      throw new InvalidInputException(
          "file",
          "%s must be %s for %s, but is %s by its first bytes; convert it"
              .formatted(
                  file.name(),
                  taken.stream().map(MediaFormat::word).collect(Collectors.joining(", ")),
                  what,
                  format.map(MediaFormat::word).orElse("none that is known here")));
    }
    if (size > most) {
      throw new InvalidInputException(
          "file",
          "%s must have at most %,d bytes for %s, has %,d; compress it or cut it down"
              .formatted(file.name(), most, what, size));
    }
    return new FormFile(
        file, named(file.name(), format.get()), format.get().contentType, size, fields);
  }

  /** WeChat looks at the name's end too. */
  private static String named(String name, MediaFormat format) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean fits =
        lower.endsWith("." + format.word()) || (format == JPG && lower.endsWith(".jpeg"));
    return fits ? name : name + "." + format.word();
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the first bytes say. */
  static Optional<MediaFormat> of(byte[] head) {
    if (has(head, 0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(JPG);
    }
    if (has(head, 0, 0x89, 'P', 'N', 'G')) {
      return Optional.of(PNG);
    }
    if (has(head, 0, 'G', 'I', 'F', '8')) {
      return Optional.of(GIF);
    }
    if (has(head, 0, 'B', 'M')) {
      return Optional.of(BMP);
    }
    if (has(head, 4, 'f', 't', 'y', 'p')) {
      return Optional.of(MP4);
    }
    return sound(head);
  }

  private static Optional<MediaFormat> sound(byte[] head) {
    if (has(head, 0, '#', '!', 'A', 'M', 'R')) {
      return Optional.of(AMR);
    }
    if (has(head, 0, 'R', 'I', 'F', 'F') && has(head, 8, 'W', 'A', 'V', 'E')) {
      return Optional.of(WAV);
    }
    if (has(head, 0, 0x30, 0x26, 0xB2, 0x75)) {
      return Optional.of(WMA);
    }
    boolean frame = head.length > 1 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xE6) == 0xE2;
    return has(head, 0, 'I', 'D', '3') || frame ? Optional.of(MP3) : Optional.empty();
  }

  private static boolean has(byte[] head, int at, int... bytes) {
    if (head.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((head[at + i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
