package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.Upserted;
import io.laoke.catalog.Category;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.imports.ImportReport;
import io.laoke.member.Gender;
import io.laoke.member.Member;
import io.laoke.member.MemberProfile;
import io.laoke.testing.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Feeds two public data sets through the public API and compares with answers that others worked
 * out. The folder is {@code -Dlaoke.data=…} or {@code ../shared/data} beside the repository. The
 * larger one is taken by PostgreSQL, and by all that {@code
 * -Dlaoke.test.retail=H2,POSTGRESQL,MYSQL,MARIADB} names.
 */
class KnownAnswersTest {
  /** Of the four lines with three decimals in the price, those that do not come to whole pence. */
  private static final long ROUNDED = 4;

  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  @ParameterizedTest
  @EnumSource
  void contoso(TestServer server) throws IOException {
    Path data = data().resolve("contoso-10k");
    try (OrderFixture laoke = new OrderFixture(server)) {
      Map<String, String> categories = new HashMap<>();
      Map<String, List<String>> codes = new HashMap<>();
      rows(
          data.resolve("products.csv.gz"),
          product -> {
            String code = "P" + product.get("ProductKey");
            categories.put(product.get("ProductKey"), code);
            String path = slug(product.get("Category")) + "/" + slug(product.get("Subcategory"));
            codes.computeIfAbsent(path, of -> new ArrayList<>()).add(code);
          });
      codes.forEach(
          (path, its) ->
              laoke
                  .catalog()
                  .put(
                      Category.of(path, path.substring(path.indexOf('/') + 1))
                          .withCodes(its.toArray(String[]::new))));
      Map<String, List<OrderLine>> lines = new HashMap<>();
      int[] lineCount = {0};
      rows(
          data.resolve("order_lines.csv.gz"),
          line -> {
            lineCount[0]++;
            int quantity = Integer.parseInt(line.get("Quantity"));
            lines
                .computeIfAbsent(line.get("OrderKey"), order -> new ArrayList<>())
                .add(
                    OrderLine.goods(
                        line.get("Line Number"),
                        categories.get(line.get("ProductKey")),
                        quantity,
                        new BigDecimal(line.get("Net Price"))
                            .multiply(BigDecimal.valueOf(quantity))));
          });
      long from = System.nanoTime();
      List<ImportFact> facts = new ArrayList<>();
      rows(data.resolve("members.csv.gz"), member -> facts.add(ImportFact.member(profile(member))));
      rows(data.resolve("orders.csv.gz"), row -> facts.add(sale(row, lines)));
      ImportReport report = laoke.imports().run("contoso", facts.iterator());
      rate(server + " Contoso members and orders with a stage", facts.size(), from);
      assertThat(report.of(Kind.MEMBER)).isEqualTo(new ImportReport.Counts(5585, 0, 0, 0));
      assertThat(report.of(Kind.ORDER)).isEqualTo(new ImportReport.Counts(5819, 0, 0, 0));
      assertThat(report.of(Kind.STAGE)).isEqualTo(new ImportReport.Counts(5819, 0, 0, 0));
      assertThat(report.lines()).isEqualTo(13915);
      assertThat(report.saleFen()).isEqualTo(1233763990L);
      assertThat(laoke.imports().run("contoso", facts.iterator()).unchanged()).isTrue();

      // C1, C2
      List<Member> known = allMembers(laoke);
      System.out.printf(
          "C1 %s: %d members, %d orders, %d lines, %d products%n",
          server, known.size(), 5819, lineCount[0], categories.size());
      assertThat(known).hasSize(5585);
      assertThat(count(laoke, "customer_order")).isEqualTo(5819);
      assertThat(count(laoke, "order_line")).isEqualTo(13915);
      assertThat(categories).hasSize(2517);
      assertThat(
              known.stream()
                  .collect(
                      Collectors.groupingBy(
                          member -> member.gender().orElseThrow(), Collectors.counting())))
          .isEqualTo(Map.of(Gender.FEMALE, 2746L, Gender.MALE, 2839L));
      // C4
      record Total(long orders, BigDecimal quantity, long fen) {}
      List<Total> files =
          laoke.database.read(
              "read what each bought",
              tx ->
                  tx.query(
                          "SELECT orders, quantity, net_fen FROM {member_category} WHERE dealer_id = :dealer"
                              + " AND path = '' AND month_no = 0")
                      .bind("dealer", laoke.tenant.id())
                      .map(
                          (row, context) ->
                              new Total(row.getLong(1), row.getBigDecimal(2), row.getLong(3)))
                      .list());
      long fen = files.stream().mapToLong(Total::fen).sum();
      BigDecimal quantity =
          files.stream().map(Total::quantity).reduce(BigDecimal.ZERO, BigDecimal::add);
      long again = files.stream().filter(file -> file.orders() >= 2).count();
      System.out.printf("C4 %s: quantity %s, net %d fen%n", server, quantity, fen);
      assertThat(quantity).isEqualByComparingTo("43517");
      assertThat(fen).isEqualTo(1233763990L);
      assertThat(again).isEqualTo(228);
      Truth.check(laoke);
    }
  }

  private static MemberProfile profile(Map<String, String> member) {
    return MemberProfile.of(member.get("CustomerKey"))
        .withGender(Gender.of(member.get("Gender")).orElseThrow());
  }

  private static ImportFact sale(Map<String, String> row, Map<String, List<OrderLine>> lines) {
    return ImportFact.order(order(row, lines)).stage(delivered(row));
  }

  private static Order order(Map<String, String> row, Map<String, List<OrderLine>> lines) {
    return Order.of(row.get("OrderKey"), start(row.get("Order Date")))
        .buyer(Buyer.of(row.get("CustomerKey"), null, null))
        .store(row.get("StoreKey"))
        .lines(lines.getOrDefault(row.get("OrderKey"), List.of()));
  }

  private static StageReport delivered(Map<String, String> row) {
    return StageReport.of(Stage.DELIVERED, start(row.get("Delivery Date")));
  }

  /** What the import answers, orders that are reported one by one answer too. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void contosoOneByOne(TestServer server) throws IOException {
    Path data = data().resolve("contoso-10k");
    try (OrderFixture told = new OrderFixture(server);
        OrderFixture imported = new OrderFixture(server)) {
      Map<String, List<OrderLine>> lines = new HashMap<>();
      rows(
          data.resolve("order_lines.csv.gz"),
          line ->
              lines
                  .computeIfAbsent(line.get("OrderKey"), order -> new ArrayList<>())
                  .add(
                      OrderLine.goods(
                          line.get("Line Number"),
                          line.get("ProductKey").endsWith("1") ? "av/tv" : "kitchen/pot",
                          Integer.parseInt(line.get("Quantity")),
                          new BigDecimal(line.get("Net Price")))));
      List<ImportFact> facts = new ArrayList<>();
      rows(
          data.resolve("orders.csv.gz"),
          row -> {
            if (row.get("OrderKey").endsWith("7")) {
              facts.add(sale(row, lines));
              assertThat(told.orders().upsert(order(row, lines)).outcome())
                  .isEqualTo(Upserted.CREATED);
              told.orders().advance(row.get("OrderKey"), delivered(row));
            }
          });
      assertThat(facts).hasSizeGreaterThan(300);
      imported.imports().run("contoso", facts.iterator());
      assertThat(Histories.picture(imported)).isEqualTo(Histories.picture(told));
    }
  }

  // Half a million lines take a minute on each, by the same statements as the histories above.
  private static Stream<TestServer> serversOfHalfAMillionLines() {
    return Stream.of(System.getProperty("laoke.test.retail", "POSTGRESQL").split(","))
        .map(TestServer::valueOf);
  }

  @ParameterizedTest
  @MethodSource("serversOfHalfAMillionLines")
  void onlineRetail(TestServer server) throws IOException {
    Path data = data().resolve("online-retail");
    try (OrderFixture laoke = new OrderFixture(server)) {
      Map<String, Map<String, String>> invoices = new LinkedHashMap<>();
      rows(data.resolve("invoices.csv.gz"), row -> invoices.put(row.get("InvoiceNo"), row));
      Map<String, List<Map<String, String>>> lines = new HashMap<>();
      Set<String> codes = new HashSet<>();
      rows(
          data.resolve("lines.csv.gz"),
          line -> {
            codes.add(line.get("StockCode"));
            lines.computeIfAbsent(line.get("InvoiceNo"), invoice -> new ArrayList<>()).add(line);
          });
      // Stock codes stand in for categories, by their first two letters as a dealer has dozens.
      codes.stream()
          .collect(
              Collectors.groupingBy(code -> "g" + code.substring(0, Math.min(2, code.length()))))
          .forEach(
              (group, members) ->
                  laoke
                      .catalog()
                      .put(Category.of(group, group).withCodes(members.toArray(String[]::new))));

      List<ImportFact> sales = new ArrayList<>();
      List<ImportFact> returns = new ArrayList<>();
      int[] corrections = {0, 0};
      invoices.forEach(
          (number, invoice) -> {
            if (number.startsWith("C")) {
              returns.add(giveBack(invoice, lines.get(number)));
            } else {
              sales.addAll(sell(invoice, lines.get(number), corrections));
            }
          });
      long from = System.nanoTime();
      ImportReport sold = laoke.imports().run("sales", sales.iterator());
      rate(server + " Online Retail sales of " + sold.lines() + " lines", sales.size(), from);
      long gross = root(laoke);
      long buyers = buyers(laoke);
      from = System.nanoTime();
      ImportReport back = laoke.imports().run("returns", returns.iterator());
      rate(server + " Online Retail returns", returns.size(), from);
      long net = root(laoke);
      System.out.printf("R6 %d, R7 gross %d fen, net %d fen%n", buyers, gross, net);

      assertThat(codes).hasSize(4070);
      // R1: lines, invoices
      long refusedLines = sold.of(Kind.LINE).refused();
      assertThat(sold.lines() + back.returnLines() + refusedLines).isEqualTo(541_909);
      assertThat(
              sold.of(Kind.ORDER).taken()
                  + sold.of(Kind.ORDER).refused()
                  + back.of(Kind.RETURN).taken())
          .isEqualTo(25_900);
      // R2: lines without a customer; no correction has one
      assertThat(sold.guestLines() + back.guestReturnLines() + refusedLines).isEqualTo(135_080);
      assertThat(corrections).containsExactly(1336, 2);
      assertThat(sold.refusedBy())
          .containsEntry("LINE quantity", 1336L)
          .containsEntry("LINE price", 2L);
      // R3: returns and their lines, and corrections of bad debts
      assertThat(back.of(Kind.RETURN)).isEqualTo(new ImportReport.Counts(3836, 0, 0, 0));
      assertThat(back.returnLines()).isEqualTo(9288);
      assertThat(invoices.keySet().stream().filter(number -> number.startsWith("A"))).hasSize(3);
      assertThat(sold.roundedLines()).isEqualTo(ROUNDED);
      assertThat(count(laoke, "customer_order")).isEqualTo(sold.of(Kind.ORDER).taken());
      assertThat(count(laoke, "order_line")).isEqualTo(sold.lines());
      assertThat(count(laoke, "return_note")).isEqualTo(3836);
      assertThat(allMembers(laoke)).hasSize(4372);
      assertThat(buyers).isEqualTo(4339);
      assertThat(gross).isEqualTo(891140790L);
      assertThat(net).isEqualTo(830006581L);

      // Once more: nothing changes. A part, since it is the same for each.
      assertThat(laoke.imports().run("again", sales.subList(3000, 6000).iterator()).unchanged())
          .isTrue();
      assertThat(laoke.imports().run("returns", returns.iterator()).unchanged()).isTrue();
      long after = allMembers(laoke).get(2000).id();
      assertThat(laoke.orders().recountAll(after, 20).clean()).isTrue();
    }
  }

  private static List<ImportFact> sell(
      Map<String, String> invoice, List<Map<String, String>> lines, int[] corrections) {
    String invoiceNo = invoice.get("InvoiceNo");
    List<ImportFact> facts = new ArrayList<>();
    List<OrderLine> given = new ArrayList<>();
    int number = 0;
    for (Map<String, String> line : lines) {
      number++;
      BigDecimal price = new BigDecimal(line.get("UnitPrice"));
      int quantity = Integer.parseInt(line.get("Quantity"));
      if (quantity < 0 || price.signum() < 0) {
        boolean ofQuantity = quantity < 0;
        corrections[ofQuantity ? 0 : 1]++;
        facts.add(
            ImportFact.refused(
                Kind.LINE,
                invoiceNo,
                ofQuantity ? "quantity" : "price",
                line.get(ofQuantity ? "Quantity" : "UnitPrice"),
                "is a correction, no sale"));
      } else {
        given.add(
            OrderLine.goods(
                "" + number,
                line.get("StockCode"),
                quantity,
                price.multiply(BigDecimal.valueOf(quantity))));
      }
    }
    facts.add(
        given.isEmpty()
            ? ImportFact.refused(Kind.ORDER, invoiceNo, "lines", null, "has no line left")
            : ImportFact.order(
                Order.of(invoiceNo, minute(invoice))
                    .buyer(Buyer.of(invoice.get("CustomerID"), null, null))
                    .lines(given)));
    return facts;
  }

  private static ImportFact giveBack(Map<String, String> invoice, List<Map<String, String>> lines) {
    List<ReturnLine> given = new ArrayList<>();
    for (Map<String, String> line : lines) {
      int quantity = -Integer.parseInt(line.get("Quantity"));
      given.add(
          ReturnLine.of(
              "" + (given.size() + 1),
              line.get("StockCode"),
              quantity,
              new BigDecimal(line.get("UnitPrice")).multiply(BigDecimal.valueOf(quantity))));
    }
    return ImportFact.returned(
        ReturnNote.of(invoice.get("InvoiceNo"), minute(invoice))
            .customerNo(invoice.get("CustomerID"))
            .lines(given));
  }

  private static long root(OrderFixture laoke) {
    return laoke.database.read(
        "sum",
        tx ->
            tx.query("SELECT SUM(net_fen) FROM {member_category} WHERE path = '' AND month_no = 0")
                .mapTo(Long.class)
                .one());
  }

  private static long buyers(OrderFixture laoke) {
    return laoke.database.read(
        "count",
        tx ->
            tx.query(
                    "SELECT COUNT(*) FROM {member_category} WHERE path = '' AND month_no = 0 AND"
                        + " orders > 0")
                .mapTo(Long.class)
                .one());
  }

  private static long count(OrderFixture laoke, String table) {
    return laoke.database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {" + table + "}").mapTo(Long.class).one());
  }

  private static List<Member> allMembers(OrderFixture laoke) {
    List<Member> all = new ArrayList<>();
    List<Member> page;
    do {
      page = laoke.members().page(all.isEmpty() ? 0 : all.get(all.size() - 1).id(), 1000);
      all.addAll(page);
    } while (!page.isEmpty());
    return all;
  }

  private static void rate(String what, int count, long from) {
    double seconds = (System.nanoTime() - from) / 1e9;
    System.out.printf("%s: %d in %.1f s, %.0f/s%n", what, count, seconds, count / seconds);
  }

  private static String slug(String name) {
    return name.strip().replace('/', ' ');
  }

  private static Instant start(String day) {
    return LocalDate.parse(day).atStartOfDay(OrderFixture.ZONE).toInstant();
  }

  private static Instant minute(Map<String, String> invoice) {
    return LocalDateTime.parse(invoice.get("InvoiceDate"), MINUTE)
        .atZone(OrderFixture.ZONE)
        .toInstant();
  }

  private static Path data() {
    Path root = Path.of(System.getProperty("laoke.root", ".."));
    Path data =
        Optional.ofNullable(System.getProperty("laoke.data"))
            .map(Path::of)
            .orElse(root.resolve("../shared/data"))
            .normalize();
    if (Files.isDirectory(data.resolve("contoso-10k"))) {
      return data;
    }
    String message = "No data sets at " + data + "; name the folder by -Dlaoke.data=…";
    if (System.getenv("CI") != null) {
      throw new IllegalStateException(message);
    }
    throw new TestAbortedException("SKIPPED: " + message);
  }

  private static void rows(Path file, Consumer<Map<String, String>> each) throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      List<String> header = cells(in.readLine());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        List<String> cells = cells(line);
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
          row.put(header.get(i), cells.get(i));
        }
        each.accept(row);
      }
    }
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }
}
