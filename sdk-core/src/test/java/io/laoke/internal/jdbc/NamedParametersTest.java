package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.junit.jupiter.api.Test;

/** Laoke's reader of {@code :name} understands what Jdbi's own does, and names in ` besides. */
class NamedParametersTest {
  private static final List<String> PIECES =
      List.of(
          "SELECT a.b, c",
          " FROM t\n",
          " ",
          ",",
          ")",
          " = ",
          " - ",
          " / ",
          ":name",
          ":_of_2",
          "(:a,:b2",
          ":value::jsonb",
          "x::text",
          "'plain'",
          "'it''s :no'",
          "'-- :no'",
          "\"col:no\"",
          "-- it's :no \"\n",
          "/* it's :no */",
          " 老客 ",
          " 12.5e3",
          ">=");

  @Test
  void findsWhatStandsForValuesAndNothingElse() {
    ParsedSql parsed =
        NamedParameters.parsed(
            """
            SELECT ':a', "b:b", `c:c`, x::text /* :d ' */ FROM t -- it's :e
            WHERE f = :f_1 AND g IN (:g,:f_1) AND h = ':h''' || :last""");

    assertThat(parsed.getParameters().getParameterNames())
        .containsExactly("f_1", "g", "f_1", "last");
    assertThat(parsed.getSql())
        .isEqualTo(
            """
            SELECT ':a', "b:b", `c:c`, x::text /* :d ' */ FROM t -- it's :e
            WHERE f = ? AND g IN (?,?) AND h = ':h''' || ?""");
  }

  @Test
  void understandsWhatJdbisOwnDoes() {
    SqlParser jdbis = new ColonPrefixSqlParser();
    Random random = new Random(7);
    Jdbi.create("jdbc:h2:mem:named")
        .useHandle(
            handle -> {
              for (int round = 0; round < 200; round++) {
                StringBuilder sql = new StringBuilder("SELECT 1 ");
                for (int piece = random.nextInt(12); piece >= 0; piece--) {
                  sql.append(PIECES.get(random.nextInt(PIECES.size())));
                }
                String text = sql.toString();
                assertThat(NamedParameters.parsed(text))
                    .as(text)
                    .isEqualTo(jdbis.parse(text, handle.createQuery(text).getContext()));
              }
            });
  }

  @Test
  void whatDoesNotEndRunsToTheEnd() {
    for (String open : List.of("'", "\"", "`", "--", "/*", ":", "a:", "a::")) {
      assertThat(NamedParameters.parsed("SELECT :a " + open).getSql())
          .isEqualTo("SELECT ? " + open);
    }
  }
}
