package io.laoke.internal.jdbc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Finds the parameters, as {@code :name}, of Laoke's own statements. Jdbi's parser is a grammar
 * that takes a millisecond for a statement that it sees for the first time, which was a third of
 * all work of a process in its first minute.
 */
final class NamedParameters implements SqlParser {
  private static final int REMEMBERED = 1_000;

  private final Cache<String, ParsedSql> known =
      Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  @Override
  public ParsedSql parse(String sql, StatementContext context) {
    return remembered(sql);
  }

  /** The statement with marks, and the names that they stand for. */
  ParsedSql remembered(String sql) {
    return known.get(sql, NamedParameters::parsed);
  }

  @Override
  public String nameParameter(String name, StatementContext context) {
    return ":" + name;
  }

  static ParsedSql parsed(String sql) {
    ParsedSql.Builder parsed = ParsedSql.builder();
    int copied = 0;
    int at = 0;
    while (at < sql.length()) {
      int end = plainEnd(sql, at);
      if (end == at) {
        end = nameEnd(sql, at + 1);
        parsed.append(sql.substring(copied, at)).appendNamedParameter(sql.substring(at + 1, end));
        copied = end;
      }
      at = end;
    }
    return parsed.append(sql.substring(copied)).build();
  }

  /** Behind what begins there and is no parameter: the same place if it is one. */
  private static int plainEnd(String sql, int at) {
    return switch (sql.charAt(at)) {
      case '\'', '"', '`' -> behind(sql, sql.substring(at, at + 1), at + 1);
      case '-' -> sql.startsWith("--", at) ? behind(sql, "\n", at + 2) : at + 1;
      case '/' -> sql.startsWith("/*", at) ? behind(sql, "*/", at + 2) : at + 1;
      case ':' -> {
        if (sql.startsWith("::", at)) {
          yield at + 2;
        }
        yield nameEnd(sql, at + 1) > at + 1 ? at : at + 1;
      }
      default -> at + 1;
    };
  }

  private static int behind(String sql, String closing, int from) {
    int found = sql.indexOf(closing, from);
    return found < 0 ? sql.length() : found + closing.length();
  }

  private static int nameEnd(String sql, int from) {
    int end = from;
    while (end < sql.length() && isName(sql.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isName(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
