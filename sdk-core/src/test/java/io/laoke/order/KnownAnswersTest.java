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
import java.math.RoundingMode;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/**
 * Feeds two public data sets through the public API and compares with answers that others worked
 * out. The folder is {@code -Dlaoke.data=…} or {@code ../shared/data} beside the repository. Of the
 * larger one PostgreSQL takes a tenth, and all that {@code
 * -Dlaoke.test.retail=H2,POSTGRESQL,MYSQL,MARIADB} names take the whole. The shell's test of the
 * same name brings the whole into PostgreSQL, and the smaller one into H2.
 */
class KnownAnswersTest {
  /** Of the four lines with three decimals in the price, those that do not come to whole pence. */
  private static final long ROUNDED = 4;

  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  // Into H2 the shell's test brings it, and the larger one into PostgreSQL.
  @ParameterizedTest
  @EnumSource(names = {"MYSQL", "MARIADB"})
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
      Truth.checkFiles(laoke);
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

  /**
   * What a plain look at the rows of Online Retail finds.
   *
   * @param negative lines of a negative quantity outside of returns
   * @param negativePrice lines of a negative price
   */
  private record Retail(
      long invoices,
      long lines,
      long guestLines,
      long negative,
      long negativePrice,
      long returns,
      long returnLines,
      long customers,
      long buyers,
      long grossFen,
      long netFen) {
    /** R1 to R7, as the data's README has them; R7 as the sum of lines rounded to pence. */
    static final Retail OF_ALL =
        new Retail(
            25_900, 541_909, 135_080, 1336, 2, 3836, 9288, 4372, 4339, 891140790L, 830006581L);

    static Retail of(
        Map<String, Map<String, String>> invoices, Map<String, List<Map<String, String>>> lines) {
      Set<String> customers = new HashSet<>();
      Set<String> buyers = new HashSet<>();
      long[] counts = new long[8];
      invoices.forEach(
          (number, invoice) -> {
            String customer = invoice.get("CustomerID");
            boolean back = number.startsWith("C");
            if (!customer.isEmpty()) {
              customers.add(customer);
            }
            counts[4] += back ? 1 : 0;
            for (Map<String, String> line : lines.get(number)) {
              int quantity = Integer.parseInt(line.get("Quantity"));
              BigDecimal price = new BigDecimal(line.get("UnitPrice"));
              counts[0]++;
              counts[1] += customer.isEmpty() ? 1 : 0;
              counts[5] += back ? 1 : 0;
              if (!back && quantity < 0) {
                counts[2]++;
              } else if (!back && price.signum() < 0) {
                counts[3]++;
              } else if (!customer.isEmpty()) {
                long fen =
                    price
                        .multiply(BigDecimal.valueOf(Math.abs(quantity)))
                        .movePointRight(2)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact();
                counts[6] += back ? 0 : fen;
                counts[7] += back ? -fen : fen;
                if (!back) {
                  buyers.add(customer);
                }
              }
            }
          });
      return new Retail(
          invoices.size(),
          counts[0],
          counts[1],
          counts[2],
          counts[3],
          counts[4],
          counts[5],
          customers.size(),
          buyers.size(),
          counts[6],
          counts[7]);
    }
  }

  // Half a million lines are imported by the shell's tests; a tenth of them takes seconds.
  private static Stream<Arguments> serversOfOnlineRetail() {
    String all = System.getProperty("laoke.test.retail");
    return all == null
        ? Stream.of(Arguments.of(TestServer.POSTGRESQL, 10))
        : Stream.of(all.split(",")).map(name -> Arguments.of(TestServer.valueOf(name), 1));
  }

  /** Each of so many invoices; of all of them the answers are known. */
  @ParameterizedTest
  @MethodSource("serversOfOnlineRetail")
  void onlineRetail(TestServer server, int every) throws IOException {
    Path data = data().resolve("online-retail");
    try (OrderFixture laoke = new OrderFixture(server)) {
      Map<String, Map<String, String>> invoices = new LinkedHashMap<>();
      int[] seen = {0};
      rows(
          data.resolve("invoices.csv.gz"),
          row -> {
            if (seen[0]++ % every == 0) {
              invoices.put(row.get("InvoiceNo"), row);
            }
          });
      Map<String, List<Map<String, String>>> lines = new HashMap<>();
      Set<String> allCodes = new HashSet<>();
      Set<String> codes = new HashSet<>();
      rows(
          data.resolve("lines.csv.gz"),
          line -> {
            allCodes.add(line.get("StockCode"));
            if (invoices.containsKey(line.get("InvoiceNo"))) {
              codes.add(line.get("StockCode"));
              lines.computeIfAbsent(line.get("InvoiceNo"), invoice -> new ArrayList<>()).add(line);
            }
          });
      assertThat(allCodes).hasSize(4070); // R1
      Retail expected = Retail.of(invoices, lines);
      if (every == 1) {
        assertThat(expected).isEqualTo(Retail.OF_ALL);
        assertThat(invoices.keySet().stream().filter(number -> number.startsWith("A"))).hasSize(3);
      }
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
      invoices.forEach(
          (number, invoice) -> {
            if (number.startsWith("C")) {
              returns.add(giveBack(invoice, lines.get(number)));
            } else {
              sales.addAll(sell(invoice, lines.get(number)));
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

      // R1: lines, invoices
      long refusedLines = sold.of(Kind.LINE).refused();
      assertThat(sold.lines() + back.returnLines() + refusedLines).isEqualTo(expected.lines());
      assertThat(
              sold.of(Kind.ORDER).taken()
                  + sold.of(Kind.ORDER).refused()
                  + back.of(Kind.RETURN).taken())
          .isEqualTo(expected.invoices());
      // R2: lines without a customer; no correction has one
      assertThat(sold.guestLines() + back.guestReturnLines() + refusedLines)
          .isEqualTo(expected.guestLines());
      assertThat(sold.refusedBy().getOrDefault("LINE quantity", 0L)).isEqualTo(expected.negative());
      assertThat(sold.refusedBy().getOrDefault("LINE price", 0L))
          .isEqualTo(expected.negativePrice());
      // R3: returns and their lines
      assertThat(back.of(Kind.RETURN))
          .isEqualTo(new ImportReport.Counts(expected.returns(), 0, 0, 0));
      assertThat(back.returnLines()).isEqualTo(expected.returnLines());
      if (every == 1) {
        assertThat(sold.roundedLines()).isEqualTo(ROUNDED);
      }
      assertThat(count(laoke, "customer_order")).isEqualTo(sold.of(Kind.ORDER).taken());
      assertThat(count(laoke, "order_line")).isEqualTo(sold.lines());
      assertThat(count(laoke, "return_note")).isEqualTo(expected.returns());
      List<Member> members = allMembers(laoke);
      assertThat(members).hasSize((int) expected.customers());
      assertThat(buyers).isEqualTo(expected.buyers());
      assertThat(gross).isEqualTo(expected.grossFen());
      assertThat(net).isEqualTo(expected.netFen());

      // Once more: nothing changes. A part, since it is the same for each.
      List<ImportFact> part = sales.subList(sales.size() / 8, sales.size() / 4);
      assertThat(laoke.imports().run("again", part.iterator()).unchanged()).isTrue();
      assertThat(laoke.imports().run("returns", returns.iterator()).unchanged()).isTrue();
      long after = members.get(members.size() / 2).id();
      assertThat(laoke.orders().recountAll(after, 20).clean()).isTrue();
    }
  }

  private static List<ImportFact> sell(
      Map<String, String> invoice, List<Map<String, String>> lines) {
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
