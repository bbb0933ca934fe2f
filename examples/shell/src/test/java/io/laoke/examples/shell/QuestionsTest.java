package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions about members: how they are put, answered and refused. */
class QuestionsTest {
  private static final String WOMEN = "{\"field\":\"gender\",\"op\":\"eq\",\"value\":\"FEMALE\"}";
  private static final String TYPO = "{\"field\":\"gendre\",\"op\":\"eq\",\"value\":\"FEMALE\"}";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MEMBERS = 50;

  @TempDir private static Path dir;
  private static Asked asked;

  /** Of 50 members each seventh is a woman; each has one order of pots, the women one of hoods. */
  @BeforeAll
  static void imported() throws Exception {
    List<String> members = new ArrayList<>(List.of("customer_no,name,gender,region"));
    List<String> orders =
        new ArrayList<>(List.of("order_no,customer_no,ordered_at,store,type,original_order_no"));
    List<String> lines =
        new ArrayList<>(List.of("order_no,line_no,category,model,quantity,net_amount"));
    for (int i = 1; i <= MEMBERS; i++) {
      boolean woman = i % 7 == 0;
      members.add("C-%d,王%d,%s,浙江/杭州".formatted(i, i, woman ? "F" : i % 7 == 1 ? "" : "M"));
      orders.add("P-%d,C-%d,2024-03-%02d 10:00,S%d,,".formatted(i, i, i % 28 + 1, i % 2));
      lines.add("P-%d,1,kitchen/pot,=P,1,99.50".formatted(i));
      if (woman) {
        orders.add("H-%d,C-%d,2024-05-01,S1,,".formatted(i, i));
        lines.add("H-%d,1,kitchen/hood,H,2,3000.01".formatted(i));
      }
    }
    orders.add("R-1,C-7,2024-06-01,,RETURN,H-7");
    lines.add("R-1,1,kitchen/hood,H,2,3000.01");
    Ran.file(dir, "members.csv", members.toArray(String[]::new));
    Ran.file(dir, "orders.csv", orders.toArray(String[]::new));
    Ran.file(dir, "lines.csv", lines.toArray(String[]::new));
    asked = new Asked(Ran.memory());
    assertThat(Ran.imported(dir, asked.database()).code()).isZero();
  }

  private static Path file(String text) throws Exception {
    return Ran.bytes(dir.resolve("q"), "q" + System.nanoTime(), text.getBytes("UTF-8"));
  }

  // ---- count

  @Test
  void aSegmentComesFromAFileOrStandardInputInOneLineOrMany() throws Exception {
    String segment = Asked.question(WOMEN);
    String spread = segment.replace("{", "{\n").replace(",", ",\n ");

    for (String text : List.of(segment, segment + "\r\n", "\n\n" + spread, "\uFEFF" + spread)) {
      assertThat(asked.run(text, "count"))
          .isEqualTo(new Ran(0, "7 members: gender is female\n", ""));
      assertThat(asked.run("", "count", "--segment", file(text).toString()).out())
          .startsWith("7 members");
      assertThat(asked.run(text, "count", "--segment", "-", "--lang", "zh").out())
          .isEqualTo("7 位会员：性别为女\n");
    }
    Ran json = asked.run(segment, "count", "--json");
    assertThat(json.json().toString()).isEqualTo("{\"count\":7,\"of\":\"members\"}");
    assertThat(asked.run("", "count", "--everyone", "--json").json().path("count").asInt())
        .isEqualTo(MEMBERS);
  }

  @Test
  void documentsAreCountedToo() {
    String segment = Asked.question(WOMEN);

    // The hoods of C-7 came back whole.
    assertThat(asked.run(segment, "count", "--of", "orders").out()).startsWith("13 orders: ");
    assertThat(asked.run("", "count", "--of", "items", "--everyone", "--json").json().toString())
        .isEqualTo("{\"count\":56,\"of\":\"items\"}");
    assertThat(asked.run(segment, "count", "--of", "orders", "--lang", "zh").out())
        .isEqualTo("13 条订单：性别为女\n");
    Ran wrong = asked.run(segment, "count", "--of", "order");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).startsWith("--of: ").contains("did you mean 'orders'?");
  }

  @Test
  void linesAreAnsweredInTheirOrderAndABadOneAlone() throws Exception {
    String lines =
        String.join(
            "\n",
            Asked.question(WOMEN),
            "",
            "oops",
            Asked.question(TYPO),
            "{\"v\":1,\"where\":{\"everyone\":true}}",
            "{\"v\":1,\"where\":" + " ".repeat(200_000) + WOMEN + "}");

    Ran ran = asked.run(lines, "count");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).isEmpty();
    List<JsonNode> answers = new ArrayList<>();
    for (String line : ran.out().lines().toList()) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers).extracting(one -> one.path("line").asInt()).containsExactly(1, 3, 4, 5, 6);
    assertThat(answers.get(0).path("count").asInt()).isEqualTo(7);
    assertThat(answers.get(3).path("count").asInt()).isEqualTo(MEMBERS);
    assertThat(code(answers.get(1))).isEqualTo("NOT_JSON");
    assertThat(code(answers.get(2))).isEqualTo("UNKNOWN_FIELD");
    assertThat(code(answers.get(4))).isEqualTo("TOO_LONG");
    JsonNode problem = answers.get(2).path("error").path("problems").get(0);
    assertThat(problem.path("pointer").asText()).isEqualTo("/where/field");
    assertThat(problem.path("nearest").asText()).isEqualTo("gender");
    assertThat(problem.path("zh").asText()).contains("是不是“gender”");
    assertThat(problem.path("en").asText()).contains("did you mean 'gender'");
    // One line, where a program wants lines.
    assertThat(asked.run(Asked.question(WOMEN), "count", "--lines").out())
        .isEqualTo("{\"line\":1,\"count\":7,\"of\":\"members\"}\n");
    assertThat(asked.run("", "count", "--lines")).isEqualTo(new Ran(0, "", ""));
  }

  private static String code(JsonNode answer) {
    return answer.path("error").path("problems").path(0).path("code").asText();
  }

  @Test
  void whatIsWrongWithASegmentIsToldWithItsPlaceAndAdvice() {
    String wrong =
        Asked.question(
            "{\"all\":[%s,{\"field\":\"name\",\"op\":\"gte\",\"value\":\"'; DROP TABLE x --\"}]}"
                .formatted(TYPO));
    for (String[] command :
        new String[][] {
          {"count"},
          {"list"},
          {"explain", "C-7"},
          {"breakdown", "--by", "gender"},
          {"count", "--of", "orders"}
        }) {
      Ran text = asked.run(wrong, command);
      assertThat(text.code()).as(text.out()).isEqualTo(2);
      assertThat(text.out()).isEmpty();
      assertThat(text.err().lines())
          .satisfiesExactly(
              one ->
                  assertThat(one)
                      .startsWith("/where/all/0/field: ")
                      .contains("did you mean 'gender'?"),
              two -> assertThat(two).startsWith("/where/all/1/op: ").contains("contains"));
      assertThat(text.err()).doesNotContain("DROP").doesNotContainIgnoringCase("select");
    }
    assertThat(asked.run(wrong, "count", "--lang", "zh").err())
        .startsWith("/where/all/0/field：")
        .contains("是不是“gender”");
    Ran json = asked.run(wrong, "count", "--json");
    assertThat(json.code()).isEqualTo(2);
    assertThat(new Ran(2, json.err(), "").json().path("error").path("problems")).hasSize(2);
    Ran early = asked.run(Asked.question(WOMEN), "count", "--as-of", "0001-01-01");
    assertThat(early.code()).isEqualTo(2);
    assertThat(early.err().lines()).hasSize(1);
  }

  @Test
  void whatCannotBeAskedIsToldByItsExitCode() throws Exception {
    String segment = Asked.question(WOMEN);
    assertThat(asked.run("", "count").code()).isEqualTo(2);
    assertThat(asked.run(" \n ", "list").err()).contains("no segment on standard input");
    assertThat(asked.run(segment, "count", "--as-of", "yesterday").code()).isEqualTo(2);
    assertThat(asked.run(segment, "count", "--lang", "fr").code()).isEqualTo(2);
    assertThat(asked.run(segment, "explain").code()).isEqualTo(2);
    assertThat(asked.run(segment, "explain", "C-7", "--id", "7").code()).isEqualTo(2);
    assertThat(asked.run(segment + "\n" + segment, "list").code()).isEqualTo(2);

    Ran file = asked.run("", "count", "--segment", dir.resolve("none").toString());
    assertThat(file.code()).isEqualTo(3);
    assertThat(file.err()).contains("There is no file");
    Ran dealer = asked.run(segment, "count", "--dealer", "nobody");
    assertThat(dealer.code()).isEqualTo(3);
    assertThat(dealer.err()).contains("There is no dealer 'nobody'");
    assertThat(asked.run(segment, "count", "--zone", "Europe/London").code()).isEqualTo(3);
    Path none = dir.resolve("nothing/here");
    Ran database = Ran.asked(segment, "count", "--database", none.toString());
    assertThat(database.code()).isEqualTo(3);
    assertThat(database.err()).contains("There is no database at");
    assertThat(Files.exists(none.getParent())).isFalse();
    Ran empty = Ran.asked(segment, "count", "--database", Ran.memory());
    assertThat(empty.err()).doesNotContain("Exception");
    assertThat(empty.code()).isEqualTo(3);
    Path gbk =
        Ran.bytes(dir, "gbk", Asked.question(WOMEN.replace("FEMALE", "油烟机")).getBytes("GB18030"));
    assertThat(asked.run("", "count", "--segment", gbk.toString()).err()).contains("--charset");
    assertThat(asked.run("", "count", "--segment", gbk.toString(), "--charset", "gbk").code())
        .isEqualTo(2);
  }

  @Test
  void windowsAreReckonedFromTheMomentThatIsGiven() {
    String before =
        Asked.question(
            "{\"agg\":\"count\",\"of\":\"items\",\"where\":{\"field\":\"category\",\"op\":\"under\","
                + "\"value\":\"kitchen/hood\"},\"during\":{\"last\":\"P1D\"},\"op\":\"gte\",\"value\":1}");

    for (String moment :
        List.of(
            "2024-05-02", "2024-05-02 00:00", "2024-05-01T16:00:00Z", "2024-05-02T01:00+08:00")) {
      assertThat(asked.run(before, "count", "--as-of", moment).out())
          .as(moment)
          .startsWith("6 members");
    }
    assertThat(asked.run(before, "count", "--as-of", "2024-05-01").out()).startsWith("0 members");
    assertThat(asked.run(before, "count", "--as-of", "2024-05-03").out()).startsWith("0 members");
  }

  // ---- list

  @Test
  void aListShowsNamesOnlyIfTheyAreWanted() throws Exception {
    Ran csv = asked.run(Asked.question(WOMEN), "list");
    Ran names = asked.run(Asked.question(WOMEN), "list", "--names", "--format", "jsonl");

    List<String> rows = csv.out().lines().toList();
    assertThat(csv.code()).isZero();
    assertThat(rows.get(0)).isEqualTo("member_id,customer_no,gender,region,source,since");
    assertThat(rows).hasSize(8);
    assertThat(rows.get(1)).matches("\\d+,C-7,FEMALE,浙江/杭州,\\w+,\\d{4}-.*Z");
    assertThat(csv.out()).doesNotContain("王");
    List<JsonNode> members = new ArrayList<>();
    for (String line : names.out().lines().toList()) {
      members.add(JSON.readTree(line));
    }
    assertThat(members)
        .extracting(one -> one.path("customerNos").path(0).asText() + one.path("name").asText())
        .containsExactlyInAnyOrder(
            "C-7王7", "C-14王14", "C-21王21", "C-28王28", "C-35王35", "C-42王42", "C-49王49");
    assertThat(asked.run(Asked.question(WOMEN), "list", "--limit", "2").out().lines().toList())
        .isEqualTo(rows.subList(0, 3));
    assertThat(asked.run(Asked.question(WOMEN), "list", "--limit", "-1").code()).isEqualTo(2);
    assertThat(asked.run(Asked.question(WOMEN), "list", "--limit", "0").code()).isEqualTo(2);
    var both = asked.run("", "count", "--everyone", "--segment", "nowhere.json");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("--segment or --everyone, not both");
    assertThat(asked.run("", "list", "--everyone", "--json").out().lines()).hasSize(MEMBERS);
    // Nobody is a table of nobody.
    assertThat(asked.run(Asked.question("{\"any\":[]}"), "list").out())
        .isEqualTo("member_id,customer_no,gender,region,source,since\n");
  }

  // ---- explain

  @Test
  void anExplanationShowsEachPartWithWhatWasFound() throws Exception {
    String segment =
        Asked.question(
            "{\"all\":[%s,{\"agg\":\"sum\",\"of\":\"items\",\"field\":\"netAmount\",\"op\":\"gte\",\"value\":300000},{\"not\":{\"field\":\"birthday\",\"op\":\"gte\",\"value\":\"1990-01-01\"}}]}"
                .formatted(WOMEN));

    Ran in = asked.run(segment, "explain", "C-14");
    Ran out = asked.run(segment, "explain", "C-1", "--lang", "zh");

    assertThat(in.code()).as(in.err()).isZero();
    assertThat(in.out()).contains("is in the segment.\nTRUE    ");
    assertThat(in.out().lines().skip(2).map(line -> line.replaceAll("(?<=[A-Z]) +.*  \\[", " … [")))
        .contains("├ TRUE … [seen: FEMALE]", "├ TRUE … [seen: ¥3,099.51, rows: 2]")
        .anyMatch(line -> line.startsWith("  └ MISSING"));
    assertThat(out.out()).contains("不符合这些条件。\nFALSE ", "├ MISSING 性别为女\n", "看到：¥99.50，记录数：1]");

    JsonNode json = asked.run(segment, "explain", "C-1", "--json").json();
    assertThat(json.path("in").asBoolean()).isFalse();
    JsonNode parts = json.path("explanation").path("parts");
    assertThat(parts.findValuesAsText("result")).contains("MISSING", "FALSE", "TRUE");
    assertThat(parts.findValuesAsText("seen")).containsExactly("9950");
    String id = json.path("memberId").asText();
    assertThat(asked.run(segment, "explain", "--id", id, "--json").json()).isEqualTo(json);

    assertThat(asked.run(segment, "explain", "C-99").err())
        .contains("no member with the customer number 'C-99'");
    assertThat(asked.run(segment, "explain", "C-99").code()).isEqualTo(3);
    assertThat(asked.run(segment, "explain", "--id", "1").code()).isEqualTo(3);
    Ran lines = asked.run(segment + "\n" + Asked.question(TYPO), "explain", "C-1");
    assertThat(lines.code()).isEqualTo(1);
    assertThat(lines.out().lines()).hasSize(2);
  }

  // ---- breakdown

  @Test
  void aBreakdownDividesMembersAndMoney() throws Exception {
    Ran text = asked.run(Asked.question(WOMEN), "breakdown", "--by", "category");
    assertThat(text.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .containsExactly(
            "members net category",
            "7 18,696.56 (all)",
            "7 18,696.56 kitchen",
            "6 18,000.06 kitchen/hood",
            "7 696.50 kitchen/pot");
    text = asked.run(Asked.question(WOMEN), "breakdown", "--by", "category", "--lang", "zh");
    assertThat(text.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
        .startsWith("会员数 净额（元） 品类", "7 18,696.56 （全部）");
    assertThat(text.out().lines().findFirst().orElseThrow())
        .as("a terminal shows ideographs two columns wide")
        .isEqualTo(" ".repeat(8) + "会员数" + " ".repeat(9) + "净额（元）" + "  品类");
    text = asked.run("", "breakdown", "--everyone", "--by", "gender", "--lang", "zh");
    assertThat(text.out()).contains("  性别\n", "  （无）\n").doesNotContain("none", "members");
    assertThat(asked.breakdown("{\"everyone\":true}", "--by", "gender").keySet())
        .containsExactly("FEMALE", "MALE", "null");
    assertThat(asked.breakdown("{\"everyone\":true}", "--by", "month").keySet())
        .containsExactly("2024-03", "2024-05");
    assertThat(asked.breakdown("{\"everyone\":true}", "--by", "order.store").get("S1").members())
        .isEqualTo(28);
    String hoods = "{\"field\":\"category\",\"op\":\"under\",\"value\":\"kitchen/hood\"}";
    // Of all documents, C-7's sale and its return.
    assertThat(
            asked.breakdown(
                WOMEN,
                "--by",
                "order.type",
                "--scope",
                "all",
                "--where",
                hoods,
                "--during",
                "{\"from\":\"2024-05-01\",\"to\":\"2024-05-31\"}"))
        .containsOnlyKeys("SALE");
    assertThat(asked.breakdown(WOMEN, "--by", "category", "--where", hoods).keySet())
        .containsExactly("", "kitchen", "kitchen/hood");
    Ran lines = asked.run(Asked.question(WOMEN) + "\n{}", "breakdown", "--by", "gender");
    assertThat(lines.code()).isEqualTo(1);
    assertThat(lines.out())
        .startsWith("{\"line\":1,\"by\":\"gender\",\"rows\":[{\"key\":\"FEMALE\"");
  }

  @Test
  void whatIsWrongWithABreakdownIsToldByItsOption() {
    String[][] wrong = {
      {"--by", "categoy", "--by: ", "did you mean 'category'"},
      {"--by", "store", "--by: ", "did you mean 'order.store'"},
      {"--by", "gender", "--during", "{\"last\":\"P1D\"}", "--by: ", "leave where, during"},
      {"--by", "category", "--where", TYPO, "--where /field: ", ""},
      {"--by", "category", "--where", "{\"field\":\"model\"}", "--where: ", ""},
      {"--by", "category", "--during", "{\"lst\":\"P1D\"}", "--during", ""},
      {
        "--by",
        "category",
        "--during",
        "{\"from\":\"2024-02-01\",\"to\":\"2024-01-01\"}",
        "--during",
        ""
      },
      {"--by", "category", "--where", "oops", "--where must be one object of JSON", ""},
      {
        "--by",
        "category",
        "--during",
        "{\"last\":\"P1D\"},\"scope\":\"all\"",
        "--during must be one object of JSON",
        ""
      }
    };
    for (String[] one : wrong) {
      List<String> arguments = new ArrayList<>(List.of("breakdown", "--everyone"));
      arguments.addAll(List.of(one).subList(0, one.length - 2));
      Ran ran = asked.run("", arguments.toArray(String[]::new));
      assertThat(ran.code()).as(ran.out()).isEqualTo(2);
      assertThat(ran.err()).startsWith(one[one.length - 2]).contains(one[one.length - 1]);
      assertThat(ran.out()).isEmpty();
    }
    assertThat(asked.run("", "breakdown", "--everyone").code()).isEqualTo(2);
  }

  // ---- describe

  @Test
  void aDescriptionHasTheDealersOwnNames() {
    Ran text = asked.run("", "describe", "--lang", "zh");
    assertThat(text.code()).isZero();
    assertThat(text.out())
        .contains("gender", "性别：FEMALE, MALE", "集合 items：商品明细", "kitchen/hood", "last")
        .contains("会员的字段（时区 Asia/Shanghai）：", "\n  汇总：", "运算符：", "时间窗口：", "\n最多 ")
        .doesNotContain("Fields", "Collection", "aggregates", "Operators", "Windows", "At most");
    assertThat(asked.run("", "describe").out())
        .contains("Fields of members (zone Asia/Shanghai):", "Collection items: ", "Operators:");
    JsonNode json = asked.run("", "describe", "--json").json();
    assertThat(json.path("zone").asText()).isEqualTo("Asia/Shanghai");
    assertThat(json.findValuesAsText("name")).contains("gender", "items", "netAmount");
  }
}
