package io.laoke.internal.jdbc;

import io.laoke.error.StoreException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the database answered, without a value of any row: drivers quote keys and rows in
 * their messages, and those are openids and phones.
 */
final class Failures {
  private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");
  private static final Set<String> NO_SCHEMA = Set.of("3F000", "90079");
  private static final Set<String> BUSY = Set.of("55P03", "HYT00", "57014");

  private static final String LOCKED_OUT = "55P03";

  /** A statement was ended from outside: PostgreSQL, MySQL and MariaDB. */
  private static final Set<String> ENDED = Set.of("57014", "70100");

  /** H2 waits a second or two and does not look for deadlocks first. */
  private static final int H2_LOCK_TIMEOUT = 50_200;

  /** MySQL and MariaDB have waited for long already; MySQL's driver calls it a deadlock. */
  private static final int MYSQL_LOCK_TIMEOUT = 1205;

  /** MySQL, where a row was locked that was not to be waited for; MariaDB calls it a timeout. */
  private static final int MYSQL_NO_WAIT = 3572;

  private static final int MYSQL_NO_DATABASE = 1049;

  /** MariaDB, where a snapshot refuses rows that have changed since. */
  private static final int MARIADB_CHANGED = 1020;

  /** Classes of SQLState whose messages speak of connections, statements and names only. */
  private static final Set<String> PLAIN = Set.of("08", "25", "3F", "42", "53", "57");

  private static final Pattern DUPLICATE_ENTRY = Pattern.compile("entry '.*' for key");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)\\b(?:column|constraint|relation|table|type|index|key) (?:\"[^\"]*\"|'[^']*')"
              + "|\"([^\"]* ON [^\"(]*\\([^\")]*\\))[^\"]*(?:\"|$)"
              + "|\"(?:[^\"]|\"\")*(?:\"|$)|'[^']*(?:'|$)");

  private Failures() {}

  /** What is left of a failed call. */
  enum Left {
    /** Nothing; the transaction was Laoke's own. */
    NOTHING,
    /** Nothing, in a transaction of the host's. */
    NOTHING_IN_HOST,
    /** The commit itself failed. */
    MAYBE_ALL
  }

  static StoreException of(String what, Exception failure, Left left) {
    SQLException sql = root(failure);
    if (sql == null) {
      return new StoreException(
          "Could not %s: what the database gave could not be read (%s). Compare Laoke's tables with what Migrations.render(…) prints; if nobody changed them, report the cause as a mistake of Laoke's. Nothing of the call remains."
              .formatted(what, failure.getClass().getSimpleName()),
          failure,
          false);
    }
    String state = state(sql);
    boolean again = transientState(state) || transientType(sql) || busy(sql);
    String words = words(sql);
    return new StoreException(
        "Could not %s: the database answered %s(%s). %s"
            .formatted(
                what,
                sql.getSQLState() == null
                    ? ""
                    : "SQLState %s, error %d ".formatted(state, sql.getErrorCode()),
                words,
                advice(sql, again, left)),
        plain(state) ? sql : without(sql, words),
        again);
  }

  /** A call failed and could not be undone in the host's transaction. */
  static StoreException notUndone(String what, Throwable failure, SQLException lost) {
    boolean again =
        (failure instanceof StoreException store && store.retryable())
            || transientState(state(lost));
    return new StoreException(
        "Could not %s, and the database did not undo it alone (%s); it may have ended the whole transaction. Roll the transaction back%s."
            .formatted(what, words(lost), again ? " and repeat it as a whole" : ""),
        failure,
        again);
  }

  private static String advice(SQLException failure, boolean again, Left left) {
    String state = state(failure);
    if (NO_TABLE.contains(state)) {
      return "Laoke's tables are missing or old: call laoke.migrations().apply(), or apply what"
          + " Migrations.render(…) prints.";
    }
    if (noSchema(failure)) {
      return "Create the schema that Laoke.builder().schema(…) names, or leave it out.";
    }
    if (state.equals("25P02")) {
      return "The host's transaction had failed before this call; roll it back and repeat it as a"
          + " whole.";
    }
    if (state.equals("25006")) {
      return "The transaction is read-only; make calls that write in one that is not.";
    }
    return switch (left) {
      case NOTHING -> nothingRemains(again);
      case NOTHING_IN_HOST ->
          again
              ? "Nothing of the call remains; roll the transaction back and repeat it as a whole."
              : "Nothing of the call remains, and the transaction can go on; mend what the database"
                  + " names before repeating the call.";
      case MAYBE_ALL ->
          state.startsWith("40") || state.startsWith("23")
              ? nothingRemains(again)
              : "Whether it was committed is not known; repeating the call is safe.";
    };
  }

  private static String nothingRemains(boolean again) {
    return again
        ? "Nothing of the call remains; repeat it."
        : "Nothing of the call remains; mend what the database names before repeating it.";
  }

  /** Whether another's lock was in the way, so that the same transaction may well succeed now. */
  static boolean deadlock(StoreException failure) {
    return failure.getCause() instanceof SQLException sql
        && sql.getErrorCode() != MYSQL_LOCK_TIMEOUT
        && (state(sql).startsWith("40")
            || sql.getErrorCode() == H2_LOCK_TIMEOUT
            || sql.getErrorCode() == MARIADB_CHANGED);
  }

  /** Whether a lock of another was in the way for longer than this was to wait. */
  static boolean lockedOut(StoreException failure) {
    return failure.getCause() instanceof SQLException sql
        && (sql.getErrorCode() == MYSQL_LOCK_TIMEOUT
            || sql.getErrorCode() == H2_LOCK_TIMEOUT
            || state(sql).equals(LOCKED_OUT));
  }

  /** What is told where statements are ended that take long, since waits have no bound. */
  static StoreException tookTooLong(String what, StoreException failure, int seconds) {
    if (!(failure.getCause() instanceof SQLException sql)
        || !(sql instanceof SQLTimeoutException || ENDED.contains(state(sql)))) {
      return failure;
    }
    return new StoreException(
        "Could not %s: a statement took longer than %d seconds and was ended; most likely it waited for a lock of others. Nothing of the call remains; repeat it."
            .formatted(what, seconds),
        new SQLException(words(sql), LOCKED_OUT, sql),
        true);
  }

  static boolean noTable(SQLException failure) {
    return NO_TABLE.contains(state(failure)) || noSchema(failure);
  }

  private static boolean noSchema(SQLException failure) {
    return NO_SCHEMA.contains(state(failure)) || failure.getErrorCode() == MYSQL_NO_DATABASE;
  }

  static String state(SQLException failure) {
    return String.valueOf(failure.getSQLState());
  }

  private static boolean transientState(String state) {
    return state.startsWith("40")
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || BUSY.contains(state);
  }

  private static boolean busy(SQLException failure) {
    return failure.getErrorCode() == MYSQL_LOCK_TIMEOUT
        || failure.getErrorCode() == MYSQL_NO_WAIT
        || failure.getErrorCode() == MARIADB_CHANGED;
  }

  private static boolean transientType(SQLException failure) {
    return failure instanceof SQLTransientException || failure instanceof SQLRecoverableException;
  }

  private static boolean plain(String state) {
    return state.equals("null") || (state.length() > 1 && PLAIN.contains(state.substring(0, 2)));
  }

  /** The failure that the database told; a batch's own exception only repeats it with the rows. */
  private static @Nullable SQLException root(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql instanceof BatchUpdateException && sql.getNextException() != null
            ? sql.getNextException()
            : sql;
      }
    }
    return null;
  }

  private static String words(SQLException failure) {
    String message = failure.getMessage();
    if (message == null || failure instanceof BatchUpdateException) {
      return failure.getClass().getSimpleName();
    }
    String line = message.lines().findFirst().orElse("").strip();
    return plain(state(failure)) ? line : withoutValues(line);
  }

  /** Keeps the names of columns and keys, and no other quotation. */
  static String withoutValues(String line) {
    Matcher quoted = NAMED.matcher(DUPLICATE_ENTRY.matcher(line).replaceAll("entry for key"));
    return quoted.replaceAll(
        found -> {
          String all = found.group();
          String index = found.group(1);
          String kept =
              index != null
                  ? "\"" + index + "\""
                  : all.startsWith("\"") || all.startsWith("'") ? "…" : all;
          return Matcher.quoteReplacement(kept);
        });
  }

  private static SQLException without(SQLException failure, String words) {
    SQLException clean = new SQLException(words, failure.getSQLState(), failure.getErrorCode());
    clean.setStackTrace(failure.getStackTrace());
    return clean;
  }
}
