package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line: help, versions, exit codes, and where it works. */
class FrameTest {
  @TempDir private Path dir;

  @Test
  void helpSaysAllThatThereIs() {
    Ran help = Ran.of("--help");
    Ran importing = Ran.of("import", "--help");

    assertThat(help.code()).isZero();
    assertThat(help.out())
        .contains("import", "Exit codes:", "  0   All went well.", "  3   It cannot be done");
    assertThat(importing.code()).isZero();
    assertThat(importing.out())
        .contains(
            "--dealer",
            "--zone",
            "--json",
            "--charset",
            "--database",
            "--user",
            "--password-from",
            "--dry-run",
            "--errors",
            "DIR",
            "Exit codes:");
    assertThat(Ran.of("--version").out()).matches("laoke-shell [0-9]+\\..*\\R");
  }

  @Test
  void aWrongCommandLineIsTwo() {
    for (List<String> wrong :
        List.of(
            List.<String>of(),
            List.of("export"),
            List.of("import"),
            List.of("import", "a", "b"),
            List.of("import", "a", "--nothing"),
            List.of("import", "a", "--zone", "Mars/Base"),
            List.of("import", "a", "--charset", "latin1"),
            List.of("import", "a", "--database", "a;b"),
            List.of("import", "a", "--password-from", "secret"),
            List.of("import", "a", "--password-from", "env:LAOKE_IS_NOT_SET"),
            List.of("import", "a", "--password-from", "file:/is/not/there"))) {
      Ran ran = Ran.of(wrong.toArray(String[]::new));
      assertThat(ran.code()).as(wrong.toString()).isEqualTo(2);
      assertThat(ran.err()).contains("examples/run shell");
      assertThat(ran.out()).isEmpty();
    }
  }

  @Test
  void optionsStandBeforeOrBehindTheCommand() throws Exception {
    Ran.file(dir, "members.csv", "customer_no", "C-1");
    String database = dir.resolve("db").toString();

    Ran before = Ran.of("--json", "--database", database, "--dealer", "one", "import", "" + dir);
    Ran behind = Ran.of("import", "" + dir, "--dealer", "one", "--database", database, "--json");

    assertThat(before.json().path("dealer").asText()).isEqualTo("one");
    assertThat(behind.json().path("unchanged").asLong()).isEqualTo(1);
  }

  @Test
  void aPasswordComesFromAFileAndIsNeverShown() throws Exception {
    Ran.file(dir, "members.csv", "customer_no", "C-1");
    Path secret = Ran.file(dir.resolve("s"), "secret", "geheim-77");
    String database = dir.resolve("db").toString();
    String[] command = {
      "import",
      "" + dir,
      "--database",
      database,
      "--user",
      "erp",
      "--password-from",
      "file:" + secret
    };

    assertThat(Ran.of(command).code()).isZero();
    assertThat(Ran.of(command).code()).isZero();
    Ran other = Ran.of("import", "" + dir, "--database", database, "--user", "erp");

    assertThat(other.code()).isEqualTo(3);
    assertThat(other.err()).contains("cannot be opened").contains("Wrong user name or password");
    Ran url =
        Ran.of(
            "import",
            "" + dir,
            "--database",
            "jdbc:h2:file:" + database + ";IFEXISTS=TRUE;PASSWORD=geheim-78;USER=erp");
    assertThat(url.code()).isEqualTo(3);
    assertThat(url.err()).contains("PASSWORD=***").doesNotContain("geheim");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://127.0.0.1:1/none?user=a&password=geheim-77&connectTimeout=1",
        "jdbc:mysql://a:geheim-77@127.0.0.1:1/none",
        "jdbc:mariadb://127.0.0.1:1/none?user=a&password=geheim-77",
        "jdbc:nobody:none;password=geheim-77"
      })
  void aDatabaseThatIsNotThereIsThree(String url) throws Exception {
    Ran.file(dir, "members.csv", "customer_no", "C-1");
    for (String mode : List.of("--json", "--dry-run")) {
      Ran ran = Ran.of("import", "" + dir, "--database", url, mode);

      assertThat(ran.code()).isEqualTo(3);
      assertThat(ran.err()).contains("cannot be opened").doesNotContain("geheim", "\tat ");
      assertThat(ran.err().lines().count()).isLessThan(4);
    }
  }

  @Test
  void theTextReportHasTheSameCounts() throws Exception {
    Ran.file(dir, "members.csv", "customer_no,gender,card", "C-1,F,1", "C-2,?,1");
    Ran ran = Ran.of("import", "" + dir, "--database", Ran.memory());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .startsWith("Imported.")
        .containsPattern("members +1 +1 new, 1 refused")
        .containsPattern("guest lines +0")
        .containsPattern("net SALE +0\\.00")
        .contains("attribute card: text", "members.csv:3 gender '?': must be FEMALE");
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void progressIsToldOnlyOfLongWork() {
    StringWriter plain = new StringWriter();
    long[] now = {0};
    Progress lines = new Progress(new PrintWriter(plain), false, () -> now[0]);
    StringWriter terminal = new StringWriter();
    Progress rewriting = new Progress(new PrintWriter(terminal), true, () -> now[0]);
    for (int second = 0; second <= 10; second++) {
      int percent = second * 10;
      now[0] = second * 1_000_000_000L;
      lines.tell(() -> percent + "%");
      rewriting.tell(() -> (100 - percent) + "%");
    }
    lines.done();
    rewriting.done();

    assertThat(plain.toString().lines()).containsExactly("30% …", "60% …", "90% …");
    assertThat(terminal.toString())
        .startsWith("\r70% …\r60% …")
        .endsWith("\r0% … \r" + " ".repeat(4) + "\r")
        .doesNotContain("\n");
  }

  @Test
  void theDefaultDatabaseIsNamedByTheHelp() {
    String home = System.setProperty("laoke.shell.home", dir.resolve("home").toString());
    try {
      Ran.of("--help");
      assertThat(Ran.of("--help").out().replaceAll("\\s+", ""))
          .contains("Default:" + dir.resolve("home") + "/laoke");
    } finally {
      if (home == null) {
        System.clearProperty("laoke.shell.home");
      } else {
        System.setProperty("laoke.shell.home", home);
      }
    }
    assertThat(Files.exists(dir.resolve("home"))).isFalse();
  }
}
