package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        order_no,customer_no,ordered_at,store
        SO-1,C-1,2026-01-02,S1
        SO-2,C-2,2026-01-03,S2
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
    assertThat(ran("tick", "--as-of", "2026-07-10").code()).isZero();
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
}
