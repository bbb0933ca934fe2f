package io.laoke.push;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The types of files that contents may have, known by their first bytes; names prove nothing. */
public enum FileType {
  /** A picture. */
  JPG("image/jpeg"),
  /** A picture. */
  PNG("image/png"),
  /** A picture that may move; not for bodies of articles. */
  GIF("image/gif"),
  /** A picture; not for bodies of articles. */
  BMP("image/bmp"),
  /** A sound. */
  MP3("audio/mpeg"),
  /** A sound. */
  WMA("audio/x-ms-wma"),
  /** A sound. */
  WAV("audio/wav"),
  /** A sound as phones record it. */
  AMR("audio/amr"),
  /** A film. */
  MP4("video/mp4");

  /** What WeChat takes as a picture of a message or a cover. */
  static final Set<FileType> PICTURES = Collections.unmodifiableSet(EnumSet.of(JPG, PNG, GIF, BMP));

  /** What WeChat takes as a picture in a body. */
  static final Set<FileType> IN_BODIES = Collections.unmodifiableSet(EnumSet.of(JPG, PNG));

  /** What WeChat takes as a voice. */
  static final Set<FileType> VOICES = Collections.unmodifiableSet(EnumSet.of(MP3, WMA, WAV, AMR));

  /** What WeChat takes as a film. */
  static final Set<FileType> VIDEOS = Collections.unmodifiableSet(EnumSet.of(MP4));

  private final String mediaType;

  FileType(String mediaType) {
    this.mediaType = mediaType;
  }

  /** Such as {@code image/jpeg}, for pages that show the file. */
  public String mediaType() {
    return mediaType;
  }

  /** The end of a name, such as {@code jpg}. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the first bytes say. */
  static Optional<FileType> of(byte[] bytes) {
    if (has(bytes, 0, 0xFF, 0xD8, 0xFF)) {
      return Optional.of(JPG);
    }
    if (has(bytes, 0, 0x89, 'P', 'N', 'G')) {
      return Optional.of(PNG);
    }
    if (has(bytes, 0, 'G', 'I', 'F', '8')) {
      return Optional.of(GIF);
    }
    if (has(bytes, 0, 'B', 'M')) {
      return Optional.of(BMP);
    }
    if (has(bytes, 4, 'f', 't', 'y', 'p')) {
      return Optional.of(MP4);
    }
    return sound(bytes);
  }

  private static Optional<FileType> sound(byte[] bytes) {
    if (has(bytes, 0, '#', '!', 'A', 'M', 'R')) {
      return Optional.of(AMR);
    }
    if (has(bytes, 0, 'R', 'I', 'F', 'F') && has(bytes, 8, 'W', 'A', 'V', 'E')) {
      return Optional.of(WAV);
    }
    if (has(bytes, 0, 0x30, 0x26, 0xB2, 0x75)) {
      return Optional.of(WMA);
    }
    boolean frame = bytes.length > 1 && (bytes[0] & 0xFF) == 0xFF && (bytes[1] & 0xE6) == 0xE2;
    return has(bytes, 0, 'I', 'D', '3') || frame ? Optional.of(MP3) : Optional.empty();
  }

  private static boolean has(byte[] bytes, int at, int... wanted) {
    if (bytes.length < at + wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if ((bytes[at + i] & 0xFF) != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
