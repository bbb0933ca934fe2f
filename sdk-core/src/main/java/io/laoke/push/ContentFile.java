package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.util.regex.Pattern;

/**
 * A picture, sound or film that Laoke keeps for the contents of a dealer. It is kept once, however
 * often it is given and used; what it is called by in contents is the SHA-256 of its bytes.
 *
 * @param name what it was called when it was first given, at most 60 characters
 * @param type by its first bytes
 * @param sha256 64 hexadecimal digits in lower case
 * @param size in bytes
 */
public record ContentFile(String name, FileType type, String sha256, long size) {
  /** How a body refers to a file: {@code <img src="laoke-file:SHA256">}. */
  public static final String REFERENCE = "laoke-file:";

  /** The most bytes of a file. */
  public static final int MAX_BYTES = 10 * 1024 * 1024;

  private static final Pattern SHA = Pattern.compile("[0-9a-f]{64}");

  /** Checks. */
  public ContentFile {
    name = key("name", name, 60);
    notNull("type", type);
    sha256 = sha256("sha256", sha256);
    long unused = range("size", size, 1, MAX_BYTES);
  }

  /** What stands as {@code src} of a picture in a body. */
  public String reference() {
    return REFERENCE + sha256;
  }

  static boolean isSha256(String value) {
    return SHA.matcher(value).matches();
  }

  /** Checks that it is the hash of a file. */
  static String sha256(String field, String value) {
    String given = notNull(field, value);
    if (!isSha256(given)) {
      throw new InvalidInputException(
          field,
          "must be the SHA-256 of a file, 64 hexadecimal digits in lower case, as"
              + " contents().addFile gives it; has "
              + given.length()
              + " characters");
    }
    return given;
  }
}
