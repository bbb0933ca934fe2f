package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are none of the layout, or try to break what reads them. */
class HostileFilesTest {
  private static final String ORDERS = "order_no,customer_no,ordered_at";
  private static final String LINES = "order_no,line_no,category,quantity,net_amount";

  @TempDir private Path dir;

  private Ran dry(String... more) {
    List<String> options = new ArrayList<>(List.of("--dry-run"));
    options.addAll(List.of(more));
    return Ran.imported(dir, Ran.memory(), options.toArray(String[]::new));
  }

  private void text(String name, String text) throws IOException {
    Ran.bytes(dir, name, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aQuotationMarkSpoilsOnlyItsOwnRow() throws Exception {
    text(
        "members.csv",
        "customer_no,name\r\n"
            + "C-1,\"a \"\"quoted\"\" name\"\r\n"
            + "C-2,\"open\r\n"
            + "C-3,c\r"
            + "C-4,\"x\"y\n"
            + "\n"
            + "C-5,5\" pipe\n"
            + "\"C-6\",\"\"\n"
            + "C-7,\"to the end");

    Ran ran = dry();

    assertThat(ran.json().path("members").asLong()).isEqualTo(4);
    assertThat(ran.errors())
        .hasSize(3)
        .allMatch(error -> error.contains("has a quotation mark that does not enclose its cell"))
        .extracting(error -> error.replaceAll(" .*", ""))
        .containsExactly("members.csv:3", "members.csv:5", "members.csv:9");
  }

  @Test
  void rowsOfAMillionCharactersAreRefusedAlone() throws Exception {
    String million = "x".repeat(1_000_000);
    text(
        "orders.csv",
        ORDERS
            + ",address\n"
            + million
            + ",,2024-05-01,\n"
            + "SO-1,,2024-05-01,"
            + million
            + "\nSO-2,,2024-05-01,\"" // is never closed, and longer than any row
            + (million + "\n").repeat(3)
            + "SO-3,,2024-05-01,\n");
    text("lines.csv", LINES + "\nSO-3,1," + million + ",1,1\nSO-3,2,a,1,1\n");

    Ran ran = dry();

    assertThat(ran.json().path("orders").asLong()).isEqualTo(1);
    assertThat(ran.json().path("lines").asLong()).isEqualTo(1);
    assertThat(ran.out().length()).isLessThan(20_000);
    assertThat(ran.errors())
        .anySatisfy(
            error -> assertThat(error).contains("orders.csv:2 order_no", "x…", "at most 64"))
        .anySatisfy(
            error ->
                assertThat(error)
                    .contains("orders.csv:3 address '*** (1000000 characters)'", "at most 200"))
        .anySatisfy(error -> assertThat(error).contains("orders.csv:4 ", "quotation mark"))
        .anySatisfy(error -> assertThat(error).contains("lines.csv:2 category", "200"));
  }

  /** Characters that steer terminals, and that PostgreSQL takes in no text. */
  @ParameterizedTest
  @MethodSource("databases")
  void charactersThatNobodySeesReachNoTableAndNoTerminal(TestServer server) throws Exception {
    text(
        "members.csv", "customer_no,name,note\nC-1,a\u0000b,\nC-2\u0000,b,\nC-3,c,\u001b[31mred\n");
    text(
        "orders.csv",
        ORDERS
            + "\nSO\u0000-1,,2024-05-01\nSO-\u001b[2J,,2024-05-01\nSO-2,,20\u000024\nSO-3,,2024-05-01\n");
    text("lines.csv", LINES + "\nSO\u0000-1,1,a,1,1\nSO-3,1,a\u0000,1,1\nSO-3,2,a,1,\u0007\n");
    text("stages.csv", "order_no,stage,text\nSO-3,SHIPPED,\u0000\nSO-3,\u202eSHIPPED,\n");
    try (HikariDataSource pool = server.migrated()) {
      Ran ran = Ran.imported(dir, pool.getJdbcUrl());

      assertThat(ran.code()).as(ran.err()).isEqualTo(1);
      assertThat(ran.json().path("refused").asLong()).isEqualTo(12);
      assertThat(ran.json().path("members").asLong()).isZero();
      assertThat(ran.out().chars().filter(c -> c != '\n' && c != '\r'))
          .noneMatch(Character::isISOControl)
          .noneMatch(c -> c == 0x202e);
    }
  }

  private static Stream<TestServer> databases() {
    return Stream.of(TestServer.H2, TestServer.POSTGRESQL);
  }

  @Test
  void blankRowsAndRaggedOnes() throws Exception {
    text(
        "orders.csv",
        "\n"
            + ORDERS
            + ",store\n\n,,,\nSO-1,,2024-05-01\nSO-2,,2024-05-01,S,,,\nSO-3,,2024-05-01,S,x\nSO-4\n");
    text("lines.csv", LINES);

    Ran ran = dry();

    assertThat(ran.json().path("orders").asLong()).isEqualTo(2);
    assertThat(ran.errors())
        .containsExactly(
            "orders.csv:7  '': has 5 cells, the header has 4",
            "orders.csv:8 ordered_at '': must not be empty");
  }

  private static Stream<Arguments> folders() {
    return Stream.of(
        Arguments.of("", "", "has no members.csv, orders.csv, stages.csv or services.csv"),
        Arguments.of("members.csv", "", "members.csv is empty: its header line is missing"),
        Arguments.of("members.csv", "\n\n", "members.csv is empty: its header line is missing"),
        Arguments.of("members.csv", "name\nx\n", "has no column customer_no"),
        Arguments.of("members.csv", "customer_no;name\nC-1;x\n", "Separate them by commas"),
        Arguments.of("members.csv", "customer_no\tname\nC-1\tx\n", "Separate them by commas"),
        Arguments.of("members.csv", "customer_no,Name,name\n", "has two columns 'name'"),
        Arguments.of("members.csv", "customer_no,x,x\n", "has two columns 'x'"),
        Arguments.of("members.csv", "customer_no,x,x:text\n", "two columns of the same attribute"),
        Arguments.of("members.csv", "customer_no,x:colour\n", "'colour' is no type"),
        Arguments.of(
            "members.csv", "customer_no,tags\n", "every member has a field 'tags' already"),
        Arguments.of("members.csv", "customer_no,Phone:text\n", "has a field 'Phone' already"),
        Arguments.of("members.csv", "customer_no," + "x".repeat(70) + "\n", "at most 64"),
        Arguments.of(
            "members.csv",
            "customer_no," + String.join(",", names(51)) + "\n",
            "members have 50 at most"),
        Arguments.of("members.csv", "\"customer_no\nC-1\n", "line 1, has a quotation mark"),
        Arguments.of("orders.csv", ORDERS + "\n", "has orders.csv without lines.csv"),
        Arguments.of(
            "lines.csv",
            LINES + "\n",
            "has no members.csv, orders.csv, stages.csv or services.csv"),
        Arguments.of("stages.csv", "order_no\n", "has no column stage"),
        Arguments.of("members.csv", "\uFFFE\uFFFEx", "has no column"));
  }

  private static List<String> names(int count) {
    String[] names = new String[count];
    Arrays.setAll(names, i -> "a" + i);
    return List.of(names);
  }

  @ParameterizedTest
  @MethodSource("folders")
  void aFolderThatCannotBeReadIsRefusedAsAWhole(String name, String text, String said)
      throws Exception {
    if (!name.isEmpty()) {
      text(name, text);
    }

    Ran ran = dry();

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains(said);
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void filesThatAreNotWholeAreFoundBeforeAnythingIsImported() throws Exception {
    text("members.csv", "customer_no\nC-1\n");
    StringBuilder orders = new StringBuilder(ORDERS + "\n");
    for (int i = 0; i < 20_000; i++) {
      orders.append("SO-").append(i * 7919 % 20_011).append(",,2024-05-01\n");
    }
    text("orders.csv.gz", orders.toString());
    text("lines.csv", LINES);
    byte[] whole = Files.readAllBytes(dir.resolve("orders.csv.gz"));
    String database = dir.resolve("db").toString();

    Files.write(dir.resolve("orders.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
    Ran cut = Ran.imported(dir, database);
    assertThat(cut.code()).isEqualTo(3);
    assertThat(cut.err()).contains("orders.csv.gz is cut off");

    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 0x55;
    damaged[whole.length / 2 + 1] ^= 0x55;
    Files.write(dir.resolve("orders.csv.gz"), damaged);
    Ran broken = Ran.imported(dir, database);
    assertThat(broken.code()).isEqualTo(3);
    assertThat(broken.err()).contains("orders.csv.gz");

    Files.write(dir.resolve("orders.csv.gz"), "no gzip".getBytes(StandardCharsets.UTF_8));
    Ran none = Ran.imported(dir, database);
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("orders.csv.gz is damaged, or no gzip file");

    text("orders.csv", ORDERS);
    Ran both = Ran.imported(dir, database);
    assertThat(both.code()).isEqualTo(3);
    assertThat(both.err()).contains("has both orders.csv and orders.csv.gz");
    assertThat(Files.exists(dir.resolve("db.mv.db"))).isFalse();
  }

  @Test
  void otherCharsetsAreTold() throws Exception {
    Ran.bytes(dir, "members.csv", "customer_no,name\nC-1,王\n".getBytes(StandardCharsets.UTF_16));
    assertThat(dry().err()).contains("members.csv is UTF-16");
    assertThat(dry("--charset", "auto").err()).contains("members.csv is UTF-16");

    Ran.bytes(dir, "members.csv", new byte[] {'c', '\n', (byte) 0xff, (byte) 0xff, '\n'});
    Ran ran = dry("--charset", "auto");
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("members.csv, line 2: byte 0xFF is no GB18030");

    // A character of four bytes, cut at the border of what is read at once.
    String row = "C-%d,%s\n";
    StringBuilder text = new StringBuilder("customer_no,name\n");
    for (int i = 0; i < 10_000; i++) {
      text.append(row.formatted(i, "𠮷".repeat(i % 7 + 1)));
    }
    for (String charset : List.of("UTF-8", "GB18030")) {
      Ran.bytes(dir, "members.csv", text.toString().getBytes(charset));
      assertThat(dry("--charset", "auto").json().path("members").asLong()).isEqualTo(10_000);
    }
  }

  @Test
  void foldersThatAreNotThereOrNotOurs() throws Exception {
    Ran missing = Ran.imported(dir.resolve("missing"), Ran.memory());
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("There is no folder").contains("missing");
    Ran file = Ran.imported(Ran.file(dir, "members.csv", "customer_no"), Ran.memory());
    assertThat(file.code()).isEqualTo(3);
    assertThat(file.err()).contains("is no folder. Name the folder that the files are in");
    Path folder = Files.createDirectories(dir.resolve("a/lines.csv")).getParent();
    Ran odd = Ran.imported(folder, Ran.memory());
    assertThat(odd.code()).isEqualTo(3);
    assertThat(odd.err()).contains("lines.csv is no file");
  }

  @Test
  void aFolderWithoutRights() throws Exception {
    Path closed = Files.createDirectories(dir.resolve("closed"));
    Ran.file(closed, "members.csv", "customer_no");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(closed), "SKIPPED: root may read everything");
      Ran ran = Ran.imported(closed, Ran.memory());
      assertThat(ran.code()).isEqualTo(3);
      assertThat(ran.err()).contains("must not be read by this user");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Also where the tests run as root, whom no right stops. */
  @Test
  void aFileWithoutRightsIsTold() {
    assertThat(
            Source.unreadable(Path.of("a/lines.csv"), new AccessDeniedException("a/lines.csv"))
                .getMessage())
        .isEqualTo("a/lines.csv must not be read by this user. Change its rights.");
  }

  @Test
  void anOrderOfMoreLinesThanThereCanBeIsRefusedWithAllOfThem() throws Exception {
    text("orders.csv", ORDERS + "\nSO-1,,2024-05-01\nSO-2,,2024-05-01\n");
    StringBuilder lines = new StringBuilder(LINES + "\n");
    for (int i = 0; i < 10_500; i++) {
      lines.append("SO-1,").append(i).append(",a,1,1\n");
    }
    text("lines.csv", lines + "SO-2,1,a,1,1\n");
    text("stages.csv", "order_no,stage\nSO-1,SHIPPED\n");

    Ran ran = dry();

    assertThat(ran.json().path("orders").asLong()).isEqualTo(1);
    assertThat(ran.json().path("lines").asLong()).isEqualTo(1);
    assertThat(ran.json().path("refused").asLong()).isEqualTo(1 + 10_500 + 1);
  }
}
