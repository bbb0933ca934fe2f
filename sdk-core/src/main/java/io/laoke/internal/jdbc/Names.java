package io.laoke.internal.jdbc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Puts the configured schema and prefix before the table names of a statement. */
public final class Names {
  private static final Pattern PART = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,30}");
  private static final Pattern TABLE = Pattern.compile("\\{([a-z_]+)}");

  private final String before;
  private final String prefix;
  private final Cache<String, String> known = Caffeine.newBuilder().maximumSize(2_000).build();

  /**
   * Names.
   *
   * @param prefix of every table; may be empty
   * @param schema of every table, or empty for the connection's own
   */
  public Names(String prefix, Optional<String> schema) {
    this.prefix = prefix.isEmpty() ? "" : part("tablePrefix", prefix).toLowerCase(Locale.ROOT);
    this.before = schema.map(name -> part("schema", name) + "." + this.prefix).orElse(this.prefix);
  }

  /**
   * A statement with its tables named in full. {@code {member}} becomes {@code laoke_member}, and
   * {@code {#}} the prefix alone, for the names of indexes.
   */
  public String in(String statement) {
    return known.get(
        statement,
        text ->
            TABLE
                .matcher(text)
                .replaceAll(found -> before + found.group(1))
                .replace("{#}", prefix));
  }

  private static String part(String field, String value) {
    Check.notNull(field, value);
    if (!PART.matcher(value).matches()) {
      throw new InvalidInputException(
          field,
          "must be a plain SQL name of at most 31 letters, digits and _, was '%s'"
              .formatted(value));
    }
    return value;
  }
}
