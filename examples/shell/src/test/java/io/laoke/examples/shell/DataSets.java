package io.laoke.examples.shell;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.opentest4j.TestAbortedException;

/**
 * The two public data sets in the layout of the shell. The folder is {@code -Dlaoke.data=…} or
 * {@code ../shared/data} beside the repository.
 */
final class DataSets {
  private static final CSVFormat READ =
      CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
  private static final CSVFormat WRITTEN =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private DataSets() {}

  /** The folder of both sets. */
  static Path folder() {
    Path root = Path.of(System.getProperty("laoke.root", "../.."));
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

  private static void rows(Path file, Consumer<CSVRecord> each) throws IOException {
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
        CSVParser rows = CSVParser.parse(in, READ)) {
      rows.forEach(each);
    }
  }

  /** A file that is being written. */
  private static final class Written implements AutoCloseable {
    private final CSVPrinter printer;

    Written(Path dir, String name, String... columns) throws IOException {
      BufferedWriter out =
          new BufferedWriter(
              new OutputStreamWriter(
                  new GZIPOutputStream(Files.newOutputStream(dir.resolve(name))),
                  StandardCharsets.UTF_8));
      printer = new CSVPrinter(out, WRITTEN);
      printer.printRecord((Object[]) columns);
    }

    void row(Object... cells) {
      try {
        printer.printRecord(cells);
      } catch (IOException failed) {
        throw new IllegalStateException(failed);
      }
    }

    @Override
    public void close() throws IOException {
      printer.close();
    }
  }

  /** How many products there are. */
  static int contosoProducts(Path data) throws IOException {
    int[] count = {0};
    rows(data.resolve("contoso-10k/products.csv.gz"), row -> count[0]++);
    return count[0];
  }

  /**
   * Contoso: a member has gender, birthday and region; an order is delivered on its delivery date;
   * a line has the category and subcategory of its product, and Quantity × Net Price.
   *
   * @param linesMixed whether the lines come in no order
   */
  static void contoso(Path data, Path dir, boolean linesMixed) throws IOException {
    Path from = data.resolve("contoso-10k");
    Map<String, CSVRecord> products = new HashMap<>();
    rows(from.resolve("products.csv.gz"), row -> products.put(row.get("ProductKey"), row));
    try (Written out =
        new Written(dir, "members.csv.gz", "customer_no", "gender", "birthday", "region")) {
      rows(
          from.resolve("members.csv.gz"),
          row ->
              out.row(
                  row.get("CustomerKey"),
                  row.get("Gender"),
                  row.get("Birthday"),
                  String.join(
                      "/",
                      level(row.get("Country")),
                      level(row.get("State")),
                      level(row.get("City")))));
    }
    try (Written orders =
            new Written(dir, "orders.csv.gz", "order_no", "customer_no", "ordered_at", "store");
        Written stages = new Written(dir, "stages.csv.gz", "order_no", "stage", "at")) {
      rows(
          from.resolve("orders.csv.gz"),
          row -> {
            String orderNo = row.get("OrderKey");
            orders.row(orderNo, row.get("CustomerKey"), row.get("Order Date"), row.get("StoreKey"));
            stages.row(orderNo, "DELIVERED", row.get("Delivery Date"));
          });
    }
    List<Object[]> lines = new ArrayList<>();
    rows(
        from.resolve("order_lines.csv.gz"),
        row -> {
          CSVRecord product = products.get(row.get("ProductKey"));
          lines.add(
              new Object[] {
                row.get("OrderKey"),
                row.get("Line Number"),
                level(product.get("Category")) + "/" + level(product.get("Subcategory")),
                row.get("ProductKey"),
                product.get("Brand"),
                row.get("Quantity"),
                new BigDecimal(row.get("Net Price"))
                    .multiply(new BigDecimal(row.get("Quantity")))
                    .toPlainString()
              });
        });
    if (linesMixed) {
      Collections.shuffle(lines, new Random(7));
    }
    try (Written out =
        new Written(
            dir,
            "lines.csv.gz",
            "order_no",
            "line_no",
            "category",
            "model",
            "brand",
            "quantity",
            "net_amount")) {
      lines.forEach(out::row);
    }
  }

  private static String level(String name) {
    return name.strip().replace('/', ' ');
  }

  /**
   * Online Retail, as the data's README maps it: an invoice is an order, one that begins with C a
   * RETURN without an original, a line's model is its stock code and its category the code's first
   * two letters, lines are numbered within their invoice. What is neither sale nor return keeps its
   * sign, and is for the shell to refuse.
   *
   * @param every takes each n-th invoice, 1 for all
   */
  static void onlineRetail(Path data, Path dir, int every) throws IOException {
    Path from = data.resolve("online-retail");
    Map<String, CSVRecord> invoices = new LinkedHashMap<>();
    int[] seen = {0};
    rows(
        from.resolve("invoices.csv.gz"),
        row -> {
          if (seen[0]++ % every == 0) {
            invoices.put(row.get("InvoiceNo"), row);
          }
        });
    TreeSet<String> customers = new TreeSet<>();
    try (Written out =
        new Written(
            dir, "orders.csv.gz", "order_no", "customer_no", "ordered_at", "type", "region")) {
      invoices.forEach(
          (number, row) -> {
            customers.add(row.get("CustomerID"));
            out.row(
                number,
                row.get("CustomerID"),
                row.get("InvoiceDate"),
                number.startsWith("C") ? "RETURN" : "SALE",
                row.get("Country"));
          });
    }
    customers.remove("");
    try (Written out = new Written(dir, "members.csv.gz", "customer_no")) {
      customers.forEach(out::row);
    }
    Map<String, Integer> numbers = new HashMap<>();
    try (Written out =
        new Written(
            dir,
            "lines.csv.gz",
            "order_no",
            "line_no",
            "category",
            "model",
            "quantity",
            "net_amount")) {
      rows(
          from.resolve("lines.csv.gz"),
          row -> {
            String number = row.get("InvoiceNo");
            if (!invoices.containsKey(number)) {
              return;
            }
            String code = row.get("StockCode");
            BigDecimal sign = number.startsWith("C") ? BigDecimal.ONE.negate() : BigDecimal.ONE;
            BigDecimal quantity = new BigDecimal(row.get("Quantity")).multiply(sign);
            out.row(
                number,
                numbers.merge(number, 1, Integer::sum),
                "g" + code.substring(0, Math.min(2, code.length())),
                code,
                quantity.toPlainString(),
                quantity.multiply(new BigDecimal(row.get("UnitPrice"))).toPlainString());
          });
    }
  }
}
