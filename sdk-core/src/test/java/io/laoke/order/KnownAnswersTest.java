package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.Upserted;
import io.laoke.catalog.Category;
import io.laoke.error.InvalidInputException;
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
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/**
 * Feeds two public data sets through the public API and compares with answers that others worked
 * out. The folder is {@code -Dlaoke.data=…} or {@code ../shared/data} beside the repository.
 */
class KnownAnswersTest {
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  @ParameterizedTest
  @EnumSource
  void contoso(TestServer server) throws IOException {
    Path data = data().resolve("contoso-10k");
    try (OrderFixture laoke = new OrderFixture(server)) {
      Map<String, String> categories = new HashMap<>();
      rows(
          data.resolve("products.csv.gz"),
          product -> {
            String code = "P" + product.get("ProductKey");
            categories.put(product.get("ProductKey"), code);
            String path = slug(product.get("Category")) + "/" + slug(product.get("Subcategory"));
            laoke
                .catalog()
                .put(Category.of(path, product.get("Subcategory").strip()).withCodes(code));
          });
      int[] members = {0};
      rows(
          data.resolve("members.csv.gz"),
          member -> {
            members[0]++;
            laoke
                .members()
                .put(
                    MemberProfile.of(member.get("CustomerKey"))
                        .withGender(Gender.of(member.get("Gender")).orElseThrow()));
          });
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
      int[] orders = {0};
      rows(
          data.resolve("orders.csv.gz"),
          row -> {
            Instant at = start(row.get("Order Date"));
            Order order =
                Order.of(row.get("OrderKey"), at)
                    .buyer(Buyer.of(row.get("CustomerKey"), null, null))
                    .store(row.get("StoreKey"))
                    .lines(lines.getOrDefault(row.get("OrderKey"), List.of()));
            assertThat(laoke.orders().upsert(order).outcome()).isEqualTo(Upserted.CREATED);
            laoke
                .orders()
                .advance(
                    order.orderNo(),
                    StageReport.of(Stage.DELIVERED, start(row.get("Delivery Date"))));
            orders[0]++;
          });
      rate(server + " Contoso orders with a stage", orders[0], from);

      // C1, C2
      List<Member> known = allMembers(laoke);
      System.out.printf(
          "C1 %s: %d members, %d orders, %d lines, %d products%n",
          server, known.size(), orders[0], lineCount[0], categories.size());
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
      long fen = 0;
      BigDecimal quantity = BigDecimal.ZERO;
      int again = 0;
      for (Member member : known) {
        for (Consumption row : laoke.orders().consumption(member.id())) {
          if (row.category().isEmpty() && row.month().isEmpty()) {
            fen += row.netFen();
            quantity = quantity.add(row.quantity());
            again += row.orders() >= 2 ? 1 : 0;
          }
        }
      }
      System.out.printf("C4 %s: quantity %s, net %d fen%n", server, quantity, fen);
      assertThat(quantity).isEqualByComparingTo("43517");
      assertThat(fen).isEqualTo(1233763990L);
      assertThat(again).isEqualTo(228);
      Truth.check(laoke);
    }
  }

  @Test
  void onlineRetail() throws IOException {
    Path data = data().resolve("online-retail");
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
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

      Tally tally = new Tally();
      long from = System.nanoTime();
      invoices.forEach(
          (number, invoice) -> {
            if (!number.startsWith("C")) {
              sell(laoke, tally, invoice, lines.get(number));
            }
          });
      rate(
          "Online Retail sales of " + tally.get("sale lines") + " lines", tally.get("sales"), from);
      long gross = root(laoke);
      long buyers = buyers(laoke);
      from = System.nanoTime();
      invoices.forEach(
          (number, invoice) -> {
            if (number.startsWith("C")) {
              giveBack(laoke, tally, invoice, lines.get(number));
            }
          });
      rate("Online Retail returns", tally.get("returns"), from);
      long net = root(laoke);
      System.out.println("Online Retail " + tally);
      System.out.printf("R6 %d, R7 gross %d fen, net %d fen%n", buyers, gross, net);

      assertThat(codes).hasSize(4070);
      assertThat(tally.get("sales") + tally.get("refused invoices") + tally.get("returns"))
          .isEqualTo(25_900);
      assertThat(
              tally.get("sale lines")
                  + tally.get("return lines")
                  + tally.get("refused: corrections"))
          .isEqualTo(541_909);
      assertThat(tally.get("returns")).isEqualTo(3836);
      assertThat(tally.get("return lines")).isEqualTo(9288);
      assertThat(tally.get("A invoices")).isEqualTo(3);
      assertThat(tally.get("refused: corrections")).isEqualTo(1336 + 2);
      assertThat(tally.get("refused: negative quantity")).isEqualTo(1336);
      assertThat(tally.get("refused: negative price")).isEqualTo(2);
      assertThat(tally.get("guest sale lines") + tally.get("guest return lines"))
          .isEqualTo(135_080 - 1338);
      assertThat(count(laoke, "customer_order")).isEqualTo(tally.get("sales"));
      assertThat(count(laoke, "return_note")).isEqualTo(3836);
      assertThat(allMembers(laoke)).hasSize(4372);
      assertThat(buyers).isEqualTo(4339);
      assertThat(gross).isEqualTo(891140790L);
      assertThat(net).isEqualTo(830006581L);

      // Once more: nothing changes. A sample, since it is the same for each.
      invoices.entrySet().stream()
          .filter(invoice -> invoice.getKey().endsWith("77"))
          .forEach(
              invoice -> {
                Tally repeated = new Tally();
                if (invoice.getKey().startsWith("C")) {
                  giveBack(laoke, repeated, invoice.getValue(), lines.get(invoice.getKey()));
                } else {
                  sell(laoke, repeated, invoice.getValue(), lines.get(invoice.getKey()));
                }
                assertThat(repeated.get("created")).isZero();
              });
      long after = allMembers(laoke).get(2000).id();
      assertThat(laoke.orders().recountAll(after, 40).clean()).isTrue();
    }
  }

  private static void sell(
      OrderFixture laoke,
      Tally tally,
      Map<String, String> invoice,
      List<Map<String, String>> lines) {
    List<OrderLine> given = new ArrayList<>();
    int number = 0;
    for (Map<String, String> line : lines) {
      number++;
      BigDecimal price = new BigDecimal(line.get("UnitPrice"));
      int quantity = Integer.parseInt(line.get("Quantity"));
      try {
        given.add(
            OrderLine.goods(
                "" + number,
                line.get("StockCode"),
                quantity,
                price.multiply(BigDecimal.valueOf(quantity))));
        tally.add("zero prices", price.signum() == 0);
      } catch (InvalidInputException refused) {
        tally.add("refused: corrections", true);
        tally.add("refused: negative quantity", quantity < 0);
        tally.add("refused: negative price", price.signum() < 0);
      }
    }
    boolean guest = invoice.get("CustomerID").isEmpty();
    tally.add("A invoices", invoice.get("InvoiceNo").startsWith("A"));
    if (given.isEmpty()) {
      tally.add("refused invoices", true);
      return;
    }
    Upserted outcome =
        laoke
            .orders()
            .upsert(
                Order.of(invoice.get("InvoiceNo"), minute(invoice))
                    .buyer(Buyer.of(invoice.get("CustomerID"), null, null))
                    .lines(given))
            .outcome();
    tally.add("created", outcome != Upserted.UNCHANGED);
    tally.add("sales", true);
    tally.add("guest sales", guest);
    tally.plus("sale lines", given.size());
    tally.plus("guest sale lines", guest ? given.size() : 0);
  }

  private static void giveBack(
      OrderFixture laoke,
      Tally tally,
      Map<String, String> invoice,
      List<Map<String, String>> lines) {
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
    boolean guest = invoice.get("CustomerID").isEmpty();
    Upserted outcome =
        laoke
            .returns()
            .record(
                ReturnNote.of(invoice.get("InvoiceNo"), minute(invoice))
                    .customerNo(invoice.get("CustomerID"))
                    .lines(given));
    tally.add("created", outcome != Upserted.UNCHANGED);
    tally.add("returns", true);
    tally.add("guest returns", guest);
    tally.plus("return lines", given.size());
    tally.plus("guest return lines", guest ? given.size() : 0);
  }

  private static final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();

    void add(String what, boolean counts) {
      plus(what, counts ? 1 : 0);
    }

    void plus(String what, int more) {
      counts.merge(what, more, Integer::sum);
    }

    int get(String what) {
      return counts.getOrDefault(what, 0);
    }

    @Override
    public String toString() {
      return counts.toString();
    }
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
                    "SELECT COUNT(*) FROM {member_category} WHERE path = '' AND month_no = 0 AND orders > 0")
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
