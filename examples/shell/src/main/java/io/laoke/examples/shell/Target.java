package io.laoke.examples.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/**
 * A database.
 *
 * @param url its address
 * @param file of an embedded one that a path named
 */
record Target(String url, @Nullable String user, @Nullable String password, Optional<Path> file) {
  private static final Pattern SECRETS =
      Pattern.compile("(?i)(password|pwd|secret|token)=[^&;]*|(?<=//)[^/@]*@");
  private static final String SUFFIX = ".mv.db";

  /** What the options say. */
  static Target of(
      String database,
      @Nullable String user,
      @Nullable String passwordFrom,
      Function<String, ParameterException> wrong) {
    String password = passwordFrom == null ? null : password(passwordFrom, wrong);
    if (database.toLowerCase(Locale.ROOT).startsWith("jdbc:")) {
      return new Target(database, user, password, Optional.empty());
    }
    Path file;
    try {
      file = Shell.absolute(Path.of(database));
    } catch (InvalidPathException none) {
      throw wrong.apply("--database must be a path or begin with jdbc:, was: " + database);
    }
    String path = file.toString();
    path = path.endsWith(SUFFIX) ? path.substring(0, path.length() - SUFFIX.length()) : path;
    if (path.indexOf(';') >= 0) {
      throw wrong.apply("--database must not have a semicolon in its path, was: " + database);
    }
    // What is committed is on the disk; and the shell itself closes it, when it has ended its work.
    return new Target(
        "jdbc:h2:file:" + path + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE",
        user == null ? "sa" : user,
        password == null ? "" : password,
        Optional.of(Path.of(path + SUFFIX)));
  }

  private static String password(String from, Function<String, ParameterException> wrong) {
    if (from.startsWith("env:")) {
      String value = System.getenv(from.substring(4));
      if (value == null) {
        throw wrong.apply("--password-from names an environment variable that is not set: " + from);
      }
      return value;
    }
    if (from.startsWith("file:")) {
      try {
        return Files.readString(Path.of(from.substring(5)), StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .orElse("");
      } catch (IOException | InvalidPathException unreadable) {
        throw wrong.apply(
            "--password-from names a file that cannot be read (%s): %s"
                .formatted(unreadable.getClass().getSimpleName(), from));
      }
    }
    throw wrong.apply("--password-from must be env:NAME or file:PATH");
  }

  /** The same, but so that H2 makes no database where there is none. */
  Target existing() {
    boolean embedded = url.toLowerCase(Locale.ROOT).startsWith("jdbc:h2:");
    return embedded && !url.toUpperCase(Locale.ROOT).contains("IFEXISTS=")
        ? new Target(url + ";IFEXISTS=TRUE", user, password, file)
        : this;
  }

  /** For people's eyes, without a password. */
  String shown() {
    return file.map(Path::toString).orElseGet(() -> hidden(url));
  }

  /** A driver's words, without a password. */
  String hidden(String text) {
    String plain = password == null || password.isEmpty() ? text : text.replace(password, "***");
    return SECRETS
        .matcher(plain)
        .replaceAll(found -> found.group(1) == null ? "***@" : found.group(1) + "=***");
  }

  /** Shows no password. */
  @Override
  public String toString() {
    return "Target[" + shown() + "]";
  }
}
