package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Questions put through the shell to a database that was imported into. */
record Asked(String database) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Ran run(String in, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--database", database));
    return Ran.asked(in, all.toArray(String[]::new));
  }

  /** The counts of several questions, by their names, from one run. */
  Map<String, Long> counts(Map<String, String> questions, String... options) throws Exception {
    StringBuilder lines = new StringBuilder();
    questions.values().forEach(where -> lines.append(question(where)).append('\n'));
    List<String> arguments = new ArrayList<>(List.of("count", "--lines"));
    arguments.addAll(List.of(options));
    Ran ran = run(lines.toString(), arguments.toArray(String[]::new));
    assertThat(ran.code()).as(ran.err() + ran.out()).isZero();
    List<String> answers = ran.out().lines().toList();
    assertThat(answers).hasSameSizeAs(questions.values());
    Map<String, Long> counts = new LinkedHashMap<>();
    int line = 0;
    for (String name : questions.keySet()) {
      JsonNode answer = JSON.readTree(answers.get(line++));
      assertThat(answer.path("line").asInt()).isEqualTo(line);
      counts.put(name, answer.path("count").longValue());
    }
    return counts;
  }

  /** A segment in JSON. */
  static String question(String where) {
    return "{\"v\":1,\"where\":" + where + "}";
  }

  /** A row of a breakdown. */
  record Row(long members, BigDecimal net) {}

  /** The rows of a breakdown by their keys. */
  Map<String, Row> breakdown(String where, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("breakdown", "--json"));
    arguments.addAll(List.of(options));
    Ran ran = run(question(where), arguments.toArray(String[]::new));
    assertThat(ran.code()).as(ran.err()).isZero();
    Map<String, Row> rows = new LinkedHashMap<>();
    JsonNode all =
        JSON.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).readTree(ran.out());
    all.path("rows")
        .forEach(
            row ->
                rows.put(
                    row.path("key").asText(),
                    new Row(
                        row.path("members").longValue(),
                        row.path("net").decimalValue().setScale(2))));
    return rows;
  }
}
