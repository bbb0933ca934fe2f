package io.laoke.testing;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** Looks for words in every column of text of every table of Laoke. */
public final class TextColumns {
  private static final int FEWEST_TABLES = 30;

  private TextColumns() {}

  /**
   * Those of some words that are in any of them, and in which; but for what the dealer says of its
   * own staff.
   */
  public static Map<String, Set<String>> showing(DataSource database, Collection<String> words) {
    Map<String, Set<String>> found = new TreeMap<>();
    try (Connection connection = database.getConnection()) {
      List<String> tables = tables(connection);
      if (tables.size() < FEWEST_TABLES) {
        throw new AssertionError("only these tables were looked at: " + tables);
      }
      for (String table : tables) {
        if (!table.toLowerCase(Locale.ROOT).matches(".*_(staff|own_phone|staff_openid)")) {
          look(connection, table, words, found);
        }
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
    return found;
  }

  /** Laoke's tables. */
  public static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet all =
        connection
            .getMetaData()
            .getTables(
                connection.getCatalog(),
                connection.getSchema(),
                null,
                new String[] {"TABLE", "BASE TABLE"})) {
      while (all.next()) {
        String name = all.getString("TABLE_NAME");
        if (name.toLowerCase(Locale.ROOT).startsWith("laoke_")) {
          tables.add(name);
        }
      }
    }
    return tables;
  }

  private static void look(
      Connection connection, String table, Collection<String> words, Map<String, Set<String>> found)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          String value = rows.getObject(i) instanceof Number ? null : rows.getString(i);
          for (String word : words) {
            if (value != null && contains(value, word)) {
              found
                  .computeIfAbsent(word, none -> new TreeSet<>())
                  .add(table + "." + rows.getMetaData().getColumnLabel(i));
            }
          }
        }
      }
    }
  }

  /** A few digits are in many a hash, token and time; they count where they stand alone. */
  private static boolean contains(String value, String word) {
    if (!word.matches("[0-9]{1,4}")) {
      return value.contains(word);
    }
    String part = "[0-9A-Za-z_+/=.-]";
    return Pattern.compile("(?<!" + part + ")" + word + "(?!" + part + ")").matcher(value).find();
  }
}
