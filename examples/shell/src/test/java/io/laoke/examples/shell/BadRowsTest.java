package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each bad row is told with file, line, column, value and reason, and the rest goes on. */
class BadRowsTest {
  /** A row and what is said of it. */
  private record Bad(String row, String column, String value, String reason) {}

  private static final List<Bad> MEMBERS =
      List.of(
          new Bad(",x,,,,,,", "customer_no", "", "must not be empty"),
          new Bad("1.38E+10,,,,,,,", "customer_no", "*** (8 characters)", "scientific notation"),
          new Bad("C-1,,,,,,,", "customer_no", "*** (3 characters)", "line 2 of the file already"),
          new Bad("M-1,,12345,,,,,", "phone", "*** (5 characters)", "is no phone number"),
          new Bad("M-2,,1.38001E10,,,,,", "phone", "*** (10 characters)", "scientific notation"),
          new Bad("M-3,,,other,,,,", "gender", "other", "must be FEMALE, MALE"),
          new Bad("M-4,,,,1990-02-30,,,", "birthday", "*** (10 characters)", "must be a day"),
          new Bad("M-5,,,,1800-01-01,,,", "birthday", "*** (10 characters)", "1900"),
          new Bad("M-6,,,,,a//b,,", "region", "a//b", "blank level"),
          new Bad("M-7,,,,,,maybe,", "consent_care", "maybe", "must be yes or no"),
          new Bad("M-8,,,,,,yes,", "consent_at", "", "must say when"),
          new Bad("M-9,,,,,,,x", "points:integer", "*** (1 characters)", "plain digits"),
          new Bad("M-10,,,,,,,1.5", "points:integer", "*** (3 characters)", "whole number"),
          new Bad("M-11," + "长".repeat(101) + ",,,,,,", "name", "*** (101 characters)", "100"),
          new Bad("M-12,\"a\nb\",,,,,,", "name", "*** (3 characters)", "one line"),
          new Bad("M-13,,,,,,,,,extra", "", "", "has 10 cells, the header has 8"));

  private static final List<Bad> ORDERS =
      List.of(
          new Bad(",,2024-05-01,,,", "order_no", "", "must not be empty"),
          new Bad("2.0E+11,,2024-05-01,,,", "order_no", "2.0E+11", "scientific notation"),
          new Bad("O-1,,,,,", "ordered_at", "", "must not be empty"),
          new Bad("O-2,,01/02/2024,,,", "ordered_at", "01/02/2024", "must be a time such as"),
          new Bad("O-3,,2024-02-30,,,", "ordered_at", "2024-02-30", "no day or time that there is"),
          new Bad("O-4,,2024-05-01 24:30,,,", "ordered_at", "2024-05-01 24:30", "no day or time"),
          new Bad("O-5,,1812-05-01,,,", "ordered_at", "1812-05-01", "1900 to 2299"),
          new Bad("O-6,,2024-05-01,EXCHANGE,,", "type", "EXCHANGE", "must be SALE or RETURN"),
          new Bad("O-7,,2024-05-01,RETURN,1.1E+5,", "original_order_no", "1.1E+5", "scientific"),
          new Bad("O-8,,2024-05-01,,,a/?", "region", "a/?", "reserved"),
          new Bad("O-" + "9".repeat(70) + ",,2024-05-01,,,", "order_no", "O-99999", "at most 64"),
          new Bad("SO-1,,2024-05-01,,,", "order_no", "SO-1", "stands in row 1 of the file already"),
          new Bad("O-12,1.5E+9,2024-05-01,,,", "customer_no", "*** (6 characters)", "scientific"));

  private static final List<Bad> LINES =
      List.of(
          new Bad("SO-1,1,,a,1,1", "line_no", "1", "stands in line 2 of the file already"),
          new Bad("SO-1,,,a,1,1", "line_no", "", "must not be empty"),
          new Bad("SO-1,3,THING,a,1,1", "kind", "THING", "GOODS, GIFT or SERVICE"),
          new Bad("SO-1,4,,,1,1", "category", "", "must not be empty"),
          new Bad("SO-1,5,,?,1,1", "category", "?", "reserved"),
          new Bad("SO-1,6,,a/b/c/d/e/f/g/h/i,1,1", "category", "a/b/c/d/e/f/g/h/i", "8 levels"),
          new Bad("SO-1,7,,a,0,1", "quantity", "0", "must be more than 0"),
          new Bad("SO-1,8,,a,-2,1", "quantity", "-2", "must be more than 0"),
          new Bad("SO-1,9,,a,1.5,1", "quantity", "1.5", "must be whole for GOODS"),
          new Bad("SO-1,10,,a,1e3,1", "quantity", "1e3", "plain digits"),
          new Bad("SO-1,11,,a,1,-1", "net_amount", "-1", "must be between 0"),
          new Bad("SO-1,12,,a,1,1.23456", "net_amount", "1.23456", "at most 4 decimals"),
          new Bad("SO-1,13,,a,1,\"1,000\"", "net_amount", "1,000", "plain digits"),
          new Bad("SO-1,14,,a,1,", "net_amount", "", "must not be empty"),
          new Bad("SO-1,15,,a,1,99999999999999", "net_amount", "99999999999999", "must be between"),
          new Bad("SO-9,1,,a,1,1", "order_no", "SO-9", "no order in orders.csv"),
          new Bad("O-1,1,,a,1,1", "order_no", "O-1", "an order that was refused, orders.csv:"),
          new Bad("SO-2,1,,a,-1,1", "quantity", "-1", "must be more than 0"));

  private static final List<Bad> STAGES =
      List.of(
          new Bad("SO-1,LOST,,,", "stage", "LOST", "must be one of REPORTED, APPROVED"),
          new Bad("SO-1,SHIPPED,yesterday,,", "at", "yesterday", "must be a time such as"),
          new Bad("SO-1,SHIPPED,2024-05-02,,77", "line_no", "77", "is no line of the order"),
          new Bad("SO-1,SHIPPED,2024-05-02,,7", "line_no", "7", "or was refused"),
          new Bad(
              "SO-1,DELIVERED,2024-05-04,,", "stage", "DELIVERED", "line 2 of the file already"),
          new Bad("RT-1,SHIPPED,2024-05-02,,", "order_no", "RT-1", "a RETURN, which has no stages"),
          new Bad("O-1,SHIPPED,2024-05-02,,", "order_no", "O-1", "an order that was refused"),
          new Bad("SO-2,SHIPPED,2024-05-02,,", "order_no", "SO-2", "an order that was refused"),
          new Bad(",SHIPPED,2024-05-02,,", "order_no", "", "must not be empty"));

  @TempDir private Path dir;

  private final List<String> expected = new ArrayList<>();

  private void file(String name, String header, List<String> good, List<Bad> bad) throws Exception {
    List<String> rows = new ArrayList<>(List.of(header));
    rows.addAll(good);
    for (Bad one : bad) {
      // Where the row begins, which is not how many rows are before it.
      long line = String.join("\n", rows).lines().count() + 1;
      rows.add(one.row());
      expected.add("%s:%d %s".formatted(name, line, one.column()));
    }
    Ran.file(dir, name, rows.toArray(String[]::new));
  }

  @Test
  void eachIsToldAndTheRestGoesOn() throws Exception {
    file(
        "members.csv",
        "customer_no,name,phone,gender,birthday,region,consent_care,points:integer",
        List.of("C-1,,,,,,,"),
        MEMBERS);
    file(
        "orders.csv",
        "order_no,customer_no,ordered_at,type,original_order_no,region",
        List.of("SO-1,C-1,2024-05-01,,,", "SO-2,C-1,2024-05-01,,,", "RT-1,C-1,2024-05-01,RETURN,,"),
        ORDERS);
    expected.add("orders.csv:3 ");
    file(
        "lines.csv",
        "order_no,line_no,kind,category,quantity,net_amount",
        List.of("SO-1,1,,a,1,10", "RT-1,1,,a,1,1"),
        LINES);
    file(
        "stages.csv",
        "order_no,stage,at,document,line_no",
        List.of("SO-1,DELIVERED,2024-05-03,,"),
        STAGES);
    Path errors = dir.resolve("errors");

    Ran ran = Ran.imported(dir, Ran.memory(), "--dry-run", "--errors", errors.toString());

    assertThat(ran.code()).isEqualTo(1);
    List<String> told = Files.readAllLines(errors);
    assertThat(told.get(0)).isEqualTo("file,line,column,value,reason");
    List<String> places =
        told.stream()
            .skip(1)
            .map(row -> row.replaceAll("^([^,]*),([^,]*),([^,]*),.*", "$1:$2 $3"))
            .toList();
    assertThat(places).containsExactlyInAnyOrderElementsOf(expected);
    for (List<Bad> all : List.of(MEMBERS, ORDERS, LINES, STAGES)) {
      for (Bad one : all) {
        assertThat(told)
            .as(one.toString())
            .anySatisfy(
                row ->
                    assertThat(row)
                        .contains("," + one.column() + ",")
                        .contains(one.value().replace("\"", "\"\""))
                        .contains(one.reason()));
      }
    }
    assertThat(told)
        .anyMatch(row -> row.contains("has no line left: all of its lines were refused"));

    Ran real = Ran.imported(dir, Ran.memory(), "--errors", errors.toString());

    assertThat(real.code()).isEqualTo(1);
    JsonNode json = real.json();
    assertThat(json.path("refused").asLong()).isEqualTo(expected.size());
    assertThat(json.path("members").asLong()).isEqualTo(1);
    assertThat(json.path("orders").asLong()).isEqualTo(1);
    assertThat(json.path("lines").asLong()).isEqualTo(1);
    assertThat(json.path("stages").asLong()).isEqualTo(1);
    assertThat(json.path("returns").asLong()).isEqualTo(1);
    assertThat(json.path("errors")).hasSize(20);
    assertThat(real.errors()).isEqualTo(ran.errors());
    assertThat(
            Files.readAllLines(errors).stream()
                .skip(1)
                .map(row -> row.replaceAll("^([^,]*),([^,]*),([^,]*),.*", "$1:$2 $3")))
        .containsExactlyInAnyOrderElementsOf(expected);
    // Every row of lines.csv became a line or was refused.
    assertThat(json.path("rows").path("lines.csv").asLong())
        .isEqualTo(
            json.path("lines").asLong()
                + json.path("returnLines").asLong()
                + json.path("outcomes").path("lines").path("refused").asLong());
  }
}
