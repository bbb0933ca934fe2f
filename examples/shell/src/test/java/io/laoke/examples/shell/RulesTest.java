package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Service reminders through the shell: rules, what is to come, and the days passing. */
class RulesTest {
  private static final String RULE =
      "{\"code\":\"hood\",\"category\":\"kitchen/hood\",\"kind\":\"CLEANING\",\"every\":\"P6M\"}";

  @TempDir private Path dir;
  private String database;

  @BeforeEach
  void aShop() throws Exception {
    database = dir.resolve("db/laoke").toString();
    Path shop = Files.createDirectory(dir.resolve("shop"));
    Files.writeString(shop.resolve("members.csv"), "customer_no\nC-1\nC-2\n");
    Files.writeString(
        shop.resolve("orders.csv"),
        """
        order_no,customer_no,ordered_at,store,receiver_name,receiver_phone
        SO-1,C-1,2026-01-02,S1,,
        SO-2,C-2,2026-01-03,S2,李雷,13900139000
        """);
    Files.writeString(
        shop.resolve("lines.csv"),
        """
        order_no,line_no,category,model,quantity,net_amount
        SO-1,1,kitchen/hood,CXW-1,2,2999.00
        SO-2,1,kitchen/hood,CXW-1,1,1999.00
        SO-2,2,av/tv,TV-1,1,1999.00
        """);
    Files.writeString(
        shop.resolve("stages.csv"),
        """
        order_no,stage,at
        SO-1,INSTALLED,2026-01-10
        SO-2,INSTALLED,2026-02-20
        """);
    assertThat(Ran.imported(shop, database).code()).isZero();
  }

  private Ran ran(String... arguments) {
    return asked("", arguments);
  }

  /** A task is done, as of a day in August. */
  private Ran done(String task, String staff, String day, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "done", "--task", task, "--staff", staff, "--at", day, "--as-of", "2026-08-01"));
    all.addAll(List.of(more));
    return ran(all.toArray(String[]::new));
  }

  private Ran asked(String in, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--database", database));
    return Ran.asked(in, all.toArray(String[]::new));
  }

  @Test
  void aRuleIsTriedAddedFollowedAndRetired() throws Exception {
    assertThat(asked(RULE, "rules", "add", "--dry-run").out())
        .isEqualTo("hood: 0 reminders move, 0 vanish, 3 appear\n");
    assertThat(ran("rules").out()).isEmpty();
    Path file = Files.writeString(dir.resolve("rule.json"), RULE);
    assertThat(ran("rules", "add", file.toString()).out()).isEqualTo("hood: created\n");
    assertThat(ran("rules", "add", file.toString()).out()).isEqualTo("hood: unchanged\n");
    Ran rules = ran("rules");
    assertThat(Ran.line(rules.out()).path("every").asText()).isEqualTo("P6M");
    assertThat(asked(rules.out(), "rules", "add", "-").out()).isEqualTo("hood: unchanged\n");

    assertThat(ran("tick", "--as-of", "2026-03-01").out())
        .isEqualTo("hood: 0 reminders move, 0 vanish, 3 appear\n");
    assertThat(ran("tick", "--as-of", "2026-03-01").out())
        .as("told once")
        .isEqualTo("No rule has changed since the last tick.\n");
    assertThat(ran("tick", "--as-of", "2026-03-01", "--json").out())
        .isEqualToIgnoringWhitespace("{\"rules\":[]}");
    Ran july = ran("due", "--from", "2026-07-01", "--to", "2026-07-31");
    assertThat(july.out().lines())
        .hasSize(3)
        .first()
        .isEqualTo(
            "contact,due,kind,order_no,line_no,unit_no,member_id,store,category,model,brand,rule,"
                + "counted_from,basis,assumed");
    assertThat(july.out().lines().skip(1))
        .allMatch(line -> line.startsWith("2026-07-10,2026-07-10,CLEANING,SO-1,1,"))
        .allMatch(line -> line.endsWith(",S1,kitchen/hood,CXW-1,,hood,2026-01-10,INSTALLED,false"));
    Ran second =
        ran("due", "--from", "2026-07-01", "--to", "2026-12-31", "--store", "S2", "--json");
    assertThat(Ran.line(second.out()).path("due").asText()).isEqualTo("2026-08-20");
    assertThat(Ran.line(second.out()).path("orderNo").asText()).isEqualTo("SO-2");

    assertThat(ran("tick", "--as-of", "2026-07-10").code()).isZero();
    assertThat(ran("due", "--from", "2026-07-01", "--to", "2026-07-31").out().lines()).hasSize(1);
    assertThat(ran("due", "--from", "2027-01-01", "--to", "2027-01-31").out().lines()).hasSize(3);

    assertThat(ran("rules", "retire", "hood").out()).isEqualTo("hood: retired\n");
    assertThat(ran("rules", "retire", "hood").out()).isEqualTo("hood: was retired already\n");
    assertThat(ran("rules").out()).isEmpty();
    assertThat(ran("tick", "--as-of", "2026-07-10").out())
        .isEqualTo("hood: 0 reminders move, 3 vanish, 0 appear\n");
    assertThat(ran("due", "--from", "2026-01-01", "--to", "2028-01-31").out().lines()).hasSize(1);
  }

  @Test
  void whatRulesListsIsWhatRulesAddTakes() {
    String filter = RULE.replace("hood\",\"cat", "filter\",\"cat").replace("CLEANING", "FILTER");
    assertThat(asked(RULE + "\n" + filter, "rules", "add").out())
        .isEqualTo("hood: created\nfilter: created\n");
    String listed = ran("rules").out();
    assertThat(listed.lines()).hasSize(2);

    assertThat(asked(listed, "rules", "add").out())
        .isEqualTo("filter: unchanged\nhood: unchanged\n");
    assertThat(asked(RULE.replace(",", ",\n"), "rules", "add").out())
        .isEqualTo("hood: unchanged\n");

    Ran second = asked(RULE.replace("P6M", "P1Y") + "\n{\"code\":\"x\"}", "rules", "add");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.err()).startsWith("line 2: /category");
    assertThat(ran("rules").out()).isEqualTo(listed);
  }

  @Test
  void whatIsWrongIsTold() {
    Ran unknownKey = asked(RULE.replace("every", "evry"), "rules", "add");
    assertThat(unknownKey.code()).isEqualTo(2);
    assertThat(unknownKey.err()).startsWith("/evry: is no key that belongs here");
    assertThat(asked("", "rules", "add").code()).isEqualTo(2);
    Ran unknown = asked(RULE.replace("hood\",\"kind", "oven\",\"kind"), "rules", "add");
    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.err()).contains("kitchen/oven");
    assertThat(ran("rules", "add", dir.resolve("none.json").toString()).code()).isEqualTo(3);
    assertThat(ran("rules", "retire", "none").code()).isEqualTo(3);
    Ran backwards = ran("due", "--from", "2026-02-01", "--to", "2026-01-01");
    assertThat(backwards.code()).isEqualTo(2);
    assertThat(backwards.err()).startsWith("--to: must not be before from");
    assertThat(ran("due", "--from", "tomorrow", "--to", "2026-01-01").code()).isEqualTo(2);
    assertThat(ran("due", "--to", "2026-01-01").code()).isEqualTo(2);
    assertThat(ran("tick", "--as-of", "soon").code()).isEqualTo(2);
    assertThat(ran("tick", "--as-of", "2026-01-01").out())
        .isEqualTo("There are no rules: add one by 'rules add'.\n");
  }

  @Test
  void whatIsDoneMovesTheNextDateAndEndsTheTask() {
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-07-10").code()).isZero();
    JsonNode task = Ran.line(ran("tasks", "--format", "jsonl").out());
    assertThat(task.path("due").asText()).isEqualTo("2026-07-10");
    assertThat(task.path("state").asText()).isEqualTo("OPEN");
    assertThat(task.path("services").findValuesAsText("unitNo")).containsExactly("1", "2");

    String[] unit2 = {
      "done",
      "--order",
      "SO-1",
      "--line",
      "1",
      "--unit",
      "2",
      "--kind",
      "CLEANING",
      "--at",
      "2026-07-12",
      "--paid",
      "120",
      "--staff",
      "E-1",
      "--as-of",
      "2026-08-01"
    };
    String[] later = unit2.clone();
    later[16] = "2026-07-11";
    refused(2, "--at: must not be after 2026-07-11, today; was 2026-07-12", later);
    assertThat(ran(unit2).out())
        .isEqualTo(
            """
            Recorded: created
            next CLEANING of SO-1, line 1, unit 2: last service 2026-07-12 + 6 months = 2027-01-12
            """);
    assertThat(ran(unit2).out()).startsWith("Recorded: unchanged\nnext CLEANING of SO-1");
    unit2[12] = "99.5";
    assertThat(ran(unit2).out()).startsWith("Recorded: changed\n");
    assertThat(ran("tick", "--as-of", "2026-07-13").code()).isZero();
    assertThat(Ran.line(ran("tasks", "--json").out()).path("services").findValuesAsText("state"))
        .containsExactly("OPEN", "DONE");

    String id = task.path("taskId").asText();
    refused(
        2,
        "--staff",
        "done",
        "--task",
        id,
        "--staff",
        "",
        "--at",
        "2026-07-14",
        "--as-of",
        "2026-08-01");
    Ran done = done(id, "E-2", "2026-07-14", "--paid", "80", "--json");
    assertThat(done.json().path("outcome").asText()).isEqualTo("done");
    assertThat(done.json().path("next").findValuesAsText("due"))
        .containsExactly("2027-01-14", "2027-01-12");
    assertThat(ran("tasks").out().lines()).hasSize(1);
    JsonNode ended = Ran.line(ran("tasks", "--state", "DONE,REFUSED", "--json").out());
    assertThat(ended.path("assignee").asText()).isEqualTo("E-2");
    assertThat(ended.path("services").findValuesAsText("incomeFen"))
        .containsExactly("8000", "9950");
    assertThat(done(id, "E-2", "2026-07-14", "--paid", "80"))
        .satisfies(
            again -> assertThat(again.out()).startsWith("Task " + id + ": unchanged\n"),
            again -> assertThat(again.code()).isZero());
    assertThat(done(id, "E-2", "2026-07-15"))
        .satisfies(
            other -> assertThat(other.err()).contains("it was done already, but otherwise"),
            other -> assertThat(other.code()).isEqualTo(3));
  }

  @Test
  void nextDatesOfATaskAreToldOnceThoughMoreDatesOfAUnitAreOpen() {
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-08-20").code()).isZero();
    assertThat(ran("tick", "--as-of", "2027-02-20").code()).isZero();
    JsonNode task =
        ran("tasks", "--store", "S2", "--json").out().lines().map(Ran::line).findFirst().get();
    assertThat(task.path("services").findValuesAsText("due"))
        .containsExactly("2026-08-20", "2027-02-20");

    Ran done =
        ran(
            "done",
            "--task",
            task.path("taskId").asText(),
            "--staff",
            "E-1",
            "--at",
            "2027-02-21",
            "--as-of",
            "2027-03-01");

    assertThat(done.out().lines().skip(1))
        .containsExactly(
            "next CLEANING of SO-2, line 1, unit 1: last service 2027-02-21 + 6 months = 2027-08-21");
  }

  @Test
  void whatASpreadsheetWouldCalculateIsText() throws Exception {
    Path shop = Files.createDirectory(dir.resolve("hostile"));
    Files.writeString(shop.resolve("members.csv"), "customer_no,name\n=1+1,\"=HYPERLINK(1)\"\n");
    Files.writeString(
        shop.resolve("orders.csv"), "order_no,customer_no,ordered_at\n@SUM(1),=1+1,2026-01-02\n");
    Files.writeString(
        shop.resolve("lines.csv"),
        """
        order_no,line_no,category,model,brand,quantity,net_amount
        @SUM(1),-1,kitchen/hood,=cmd|'/C calc'!A0,＝1,1,1999.00
        @SUM(1),2,kitchen/hood,CXW-1,,=2+5,1999.00
        @SUM(1),3,kitchen/hood,CXW-1,,-7,1999.00
        """);
    Files.writeString(
        shop.resolve("stages.csv"), "order_no,stage,at\n@SUM(1),INSTALLED,2026-03-10\n");
    Path errors = dir.resolve("errors.csv");
    assertThat(Ran.imported(shop, database, "--errors", errors.toString()).code()).isEqualTo(1);
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-04-01").code()).isZero();

    assertThat(ran("due", "--from", "2026-09-01", "--to", "2026-09-30").out().lines().skip(1))
        .singleElement()
        .asString()
        .contains(",CLEANING,'@SUM(1),'-1,1,", ",'=cmd|'/C calc'!A0,'＝1,");
    assertThat(asked("{\"v\":1,\"where\":{\"everyone\":true}}", "list", "--names").out().lines())
        .anySatisfy(line -> assertThat(line).contains(",'=1+1,").endsWith(",'=HYPERLINK(1)"));
    assertThat(Files.readAllLines(errors))
        .anySatisfy(line -> assertThat(line).contains(",quantity,'=2+5,"))
        .anySatisfy(line -> assertThat(line).contains(",quantity,-7,"));
  }

  @Test
  void whatCameOfItAndWhatIsToComeIsTold() {
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-07-01").code()).isZero();
    assertThat(ran("forecast", "--from", "2026-07-01", "--days", "60").out())
        .isEqualTo(
            """
            day,store,due,planned,over,coming_planned,waiting_planned,overdue_planned,booked_planned
            2026-07-10,S1,2,2,0,2,0,0,0
            2026-08-20,S2,1,1,0,1,0,0,0
            """);
    Ran full =
        ran("forecast", "--from", "2026-07-01", "--capacity", "5", "--capacity", "S1=1", "--json");
    assertThat(Ran.line(full.out()).path("over").asInt()).isEqualTo(1);
    assertThat(ran("tick", "--as-of", "2026-07-10").code()).isZero();
    assertThat(ran("forecast", "--from", "2026-07-12", "--days", "60").out().lines())
        .as("on the work list, and overdue")
        .endsWith("2026-07-12,S1,2,2,0,0,0,2,0", "2026-08-20,S2,1,1,0,1,0,0,0");
    String id = Ran.line(ran("tasks", "--json").out()).path("taskId").asText();
    assertThat(done(id, "E-2", "2026-07-14", "--paid", "80").code()).isZero();

    assertThat(ran("report", "--from", "2026-07", "--by", "MONTH,STAFF").out())
        .isEqualTo(
            """
            month,kind,store,staff,channel,due,reached,booked,done,income_fen,own_services,own_income_fen
            2026-07,,,E-2,,2,0,0,2,8000,0,0
            """);
    JsonNode row = Ran.line(ran("report", "--from", "2026-07", "--to", "2026-12", "--json").out());
    assertThat(row.path("channel").asText()).isEqualTo("NONE");
    assertThat(row.path("incomeFen").asLong()).isEqualTo(8_000);
    assertThat(ran("report", "--from", "2026-07", "--store", "S2").out().lines()).hasSize(1);

    refused(2, "--to: must be first", "report", "--from", "2026-07", "--to", "2026-06");
    refused(2, "--days: must be", "forecast", "--days", "400");
    refused(2, "--capacity: must be a number", "forecast", "--capacity", "many");
    refused(2, "--from", "report", "--from", "july");
  }

  @Test
  void aTaskThatARuleHasGivenToSomebodyIsDoneByThem() {
    String rule =
        RULE.replaceFirst("}$", ",\"assign\":{\"by\":\"ROUND_ROBIN\",\"staff\":[\"E-2\"]}}");
    assertThat(asked(rule, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-07-10").code()).isZero();
    JsonNode task = Ran.line(ran("tasks", "--json").out());
    assertThat(task.path("assignee").asText()).isEqualTo("E-2");
    String id = task.path("taskId").asText();

    refused(
        3,
        "'E-2' has it",
        "done",
        "--task",
        id,
        "--staff",
        "E-1",
        "--at",
        "2026-07-12",
        "--as-of",
        "2026-08-01");
    Ran done = done(id, "E-2", "2026-07-12");
    assertThat(done.err()).isEmpty();
    assertThat(done.out()).startsWith("Task " + id + ": done\n");
  }

  @Test
  void aTaskThatCannotBeDoneStaysInThePool() {
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    String[] earlier = {"done", "--order", "SO-2", "--line", "1", "--kind", "CLEANING"};
    assertThat(ran(with(earlier, "--at", "2026-03-15")).code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-09-15").code()).isZero();
    String id = Ran.line(ran("tasks", "--store", "S2", "--json").out()).path("taskId").asText();

    refused(3, "does not follow", "done", "--task", id, "--staff", "E-1", "--at", "2026-03-10");

    JsonNode task = Ran.line(ran("tasks", "--store", "S2", "--json").out());
    assertThat(task.path("state").asText()).isEqualTo("OPEN");
    assertThat(task.path("assignee").isNull()).isTrue();
    assertThat(ran("done", "--task", id, "--staff", "E-2", "--at", "2026-09-20").out())
        .isEqualTo(
            """
            Task %s: done
            next CLEANING of SO-2, line 1, unit 1: last service 2026-09-20 + 6 months = 2027-03-20
            """
                .formatted(id));
  }

  @Test
  void servicesOfAFileMoveTheNextDatesToo() throws Exception {
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-03-01").code()).isZero();
    Path later = Files.createDirectory(dir.resolve("later"));
    Files.writeString(
        later.resolve("services.csv"),
        """
        order_no,line_no,unit_no,kind,done_at,paid_amount
        SO-1,1,1,CLEANING,2026-04-15,120
        SO-9,1,1,CLEANING,2026-04-15,120
        """);

    Ran first = Ran.imported(later, database);
    Ran again = Ran.imported(later, database);

    assertThat(first.code()).isEqualTo(1);
    assertThat(first.errors()).hasSize(1).first().asString().startsWith("services.csv:3 order_no");
    assertThat(again.json().path("outcomes").path("services").path("unchanged").asLong()).isOne();
    assertThat(ran("tick", "--as-of", "2026-05-01").code()).isZero();
    assertThat(ran("due", "--from", "2026-07-01", "--to", "2026-07-31").out().lines().skip(1))
        .hasSize(1)
        .allMatch(line -> line.startsWith("2026-07-10,2026-07-10,CLEANING,SO-1,1,2,"));
    assertThat(ran("due", "--from", "2026-10-01", "--to", "2026-10-31").out().lines().skip(1))
        .hasSize(1)
        .allMatch(line -> line.startsWith("2026-10-15,2026-10-15,CLEANING,SO-1,1,1,"));
  }

  @Test
  void theWorkListGoesByItsFilters() {
    assertThat(asked(RULE, "rules", "add").code()).isZero();
    assertThat(ran("tick", "--as-of", "2026-08-20").code()).isZero();

    Ran all = ran("tasks");
    assertThat(all.out().lines()).hasSize(4).first().asString().startsWith("task_id,state,");
    assertThat(ran("tasks", "--store", "S2").out().lines().skip(1))
        .hasSize(1)
        .allMatch(line -> line.contains(",李雷,139****9000,"))
        .allMatch(line -> line.contains(",SO-2,1,1,CLEANING,2026-08-20,OPEN,"));
    JsonNode second = Ran.line(ran("tasks", "--store", "S2", "--json").out());
    assertThat(second.path("phone").asText()).isEqualTo("139****9000");
    assertThat(second.path("contactName").asText()).isEqualTo("李雷");
    assertThat(ran("tasks", "--due-to", "2026-07-31").out().lines()).hasSize(3);
    assertThat(ran("tasks", "--due-from", "2026-08-01").out().lines()).hasSize(2);
    assertThat(ran("tasks", "--kind", "FILTER").out().lines()).hasSize(1);
    assertThat(ran("tasks", "--staff", "E-1").out().lines()).hasSize(1);
    Ran backwards = ran("tasks", "--due-from", "2026-08-01", "--due-to", "2026-07-01");
    assertThat(backwards.code()).isEqualTo(2);
    assertThat(backwards.err()).startsWith("--due-to: must not be before");
    assertThat(ran("tasks", "--state", "LOST").code()).isEqualTo(2);
  }

  @Test
  void whatCannotBeDoneIsTold() {
    String[] known = {"done", "--order", "SO-1", "--line", "1", "--kind", "CLEANING"};
    assertThat(ran(with(known, "--at", "2026-07-10")).out())
        .isEqualTo("Recorded: created\nNo rule says when it is due again: see 'rules'.\n");
    assertThat(ran(known).code()).isEqualTo(2);
    refused(2, "--at must be a date or time", with(known, "--at", "soon"));
    refused(2, "--paid: must be between 0", with(known, "--at", "2026-07-10", "--paid", "-1"));
    refused(2, "--unit: must be", with(known, "--at", "2026-07-10", "--unit", "0"));
    refused(2, "--unit: ", with(known, "--at", "2026-07-10", "--unit", "3"));
    refused(
        3, "SO-9", "done", "--order", "SO-9", "--line", "1", "--kind", "C", "--at", "2026-07-10");
    refused(
        3, "line", "done", "--order", "SO-1", "--line", "9", "--kind", "C", "--at", "2026-07-10");
    refused(2, "Name the unit by", "done", "--order", "SO-1", "--at", "2026-07-10");
    refused(2, "--task needs --staff", "done", "--task", "1", "--at", "2026-07-10");
    refused(2, "--task stands for", with(known, "--at", "2026-07-10", "--task", "1"));
    refused(
        3, "There is no task 77.", "done", "--task", "77", "--staff", "E", "--at", "2026-07-10");
  }

  private static String[] with(String[] begin, String... more) {
    return Stream.of(begin, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private void refused(int code, String told, String... arguments) {
    Ran ran = ran(arguments);
    assertThat(ran.err().lines().findFirst().orElseThrow()).contains(told);
    assertThat(ran.code()).isEqualTo(code);
    assertThat(ran.out()).isEmpty();
  }
}
