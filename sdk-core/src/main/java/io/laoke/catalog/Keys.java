package io.laoke.catalog;

import io.laoke.base.Check;
import io.laoke.base.Internal;
import io.laoke.base.Phone;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How business keys are written, and under which hash personal ones are looked up. */
@Internal
public final class Keys {
  /** Most characters of a path. */
  public static final int PATH = 200;

  private static final int LEVELS = 8;
  private static final int LEVEL = 100;

  private Keys() {}

  /** Text of one line that is not blank, without surrounding blanks. */
  public static String line(String field, @Nullable String value, int max) {
    return oneLine(field, Check.text(field, value, max));
  }

  /** Text of one line without surrounding blanks, or null if there is none. */
  public static @Nullable String optionalLine(String field, @Nullable String value, int max) {
    String line = Check.optionalText(field, value, max);
    return line == null ? null : oneLine(field, line);
  }

  private static String oneLine(String field, String value) {
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidInputException(field, "must be one line without control characters");
    }
    return value;
  }

  /**
   * A path such as {@code kitchen/hood}: levels between slashes, each without surrounding blanks.
   * Compared with case. At most 200 characters and 8 levels of at most 100; a level {@code ?} is
   * reserved.
   */
  public static String path(String field, @Nullable String value) {
    String given = line(field, value, PATH);
    List<String> levels = new ArrayList<>();
    for (String level : given.split("/", -1)) {
      levels.add(level.strip());
    }
    if (levels.contains("")) {
      throw new InvalidInputException(
          field, "must have no blank level, such as by a leading or doubled /, was: " + given);
    }
    if (levels.contains(CatalogBook.UNMAPPED)) {
      throw new InvalidInputException(field, "must not use ?, which is reserved, was: " + given);
    }
    for (String level : levels) {
      Check.text(field, level, LEVEL);
    }
    if (levels.size() > LEVELS) {
      throw new InvalidInputException(
          field, "must have at most %d levels, has %d".formatted(LEVELS, levels.size()));
    }
    return String.join("/", levels);
  }

  /** Whether this can be a path. */
  public static boolean isPath(String value) {
    try {
      return !path("path", value).isEmpty();
    } catch (InvalidInputException refused) {
      return false;
    }
  }

  /** A code as it would be put, however it was written; refuses nothing. */
  public static String loose(String code) {
    return Arrays.stream(code.split("/", -1)).map(String::strip).collect(Collectors.joining("/"));
  }

  /** A category code as it is put. */
  static String code(@Nullable String value) {
    String code = loose(line("codes", value, PATH));
    checkCode(code);
    return code;
  }

  /** A code names a category. */
  static void checkCode(String code) {
    if (code.equals(CatalogBook.UNMAPPED)) {
      throw new InvalidInputException(
          "codes", "must not be ?, which stands for goods of no category");
    }
  }

  /** Whether a path is below another, at any depth. */
  public static boolean below(String path, String other) {
    return path.length() > other.length()
        && path.charAt(other.length()) == '/'
        && path.startsWith(other);
  }

  /** Where a path is once another, which may be above it, has moved. */
  static String moved(String path, String from, String to) {
    return path.equals(from) || below(path, from) ? to + path.substring(from.length()) : path;
  }

  /** The path and its ancestors, nearest first. */
  public static List<String> upwards(String path) {
    List<String> paths = new ArrayList<>();
    for (String at = path; ; at = at.substring(0, at.lastIndexOf('/'))) {
      paths.add(at);
      if (at.indexOf('/') < 0) {
        return paths;
      }
    }
  }

  /** The lookup hash of a phone. */
  public static String hash(Tenant tenant, Phone phone) {
    return tenant.privacy().hash("phone", phone.value());
  }

  /** The lookup hash of a customer number. */
  public static String customerNo(Tenant tenant, String customerNo) {
    return tenant.privacy().hash("customer_no", customerNo);
  }

  /** The lookup hash of whatever a platform calls a person by, however it is written. */
  public static String recipient(Tenant tenant, String account, String address) {
    return tenant.privacy().hash("openid", account + "/" + address);
  }

  /** The lookup hash of an openid of an account. */
  public static String openidHash(Tenant tenant, String account, String openid) {
    return tenant
        .privacy()
        .hash("openid", line("account", account, 64) + "/" + line("openid", openid, 128));
  }
}
