package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.Phone;
import io.laoke.catalog.Category;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.Gender;
import io.laoke.member.Member;
import io.laoke.message.Purpose;
import io.laoke.order.Consumption;
import io.laoke.order.LineKind;
import io.laoke.order.OrderDetail;
import io.laoke.order.Stage;
import io.laoke.order.StageRecord;
import io.laoke.order.UnitService;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a folder in the layout becomes. */
class LayoutTest {
  private static final String ORDERS = "order_no,customer_no,ordered_at";
  private static final String LINES = "order_no,line_no,category,quantity,net_amount";

  @TempDir private Path dir;
  private String database = "";

  @BeforeEach
  void newDatabase() {
    database = Ran.memory();
  }

  private void file(String name, String... lines) throws IOException {
    Ran.file(dir, name, lines);
  }

  private Ran imported(String... more) {
    return Ran.imported(dir, database, more);
  }

  /** What is in the database, through the SDK. */
  private void look(Consumer<Dealer> eyes) {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setJdbcUrl(database);
      try (Laoke laoke = Laoke.builder().dataSource(pool).build()) {
        eyes.accept(laoke.dealer("demo"));
      }
    }
  }

  private static Member member(Dealer dealer, String customerNo) {
    return dealer.members().find(customerNo).orElseThrow();
  }

  private static long spent(Dealer dealer, String customerNo) {
    return dealer.orders().consumption(member(dealer, customerNo).id()).stream()
        .filter(file -> file.category().isEmpty() && file.month().isEmpty())
        .mapToLong(Consumption::netFen)
        .sum();
  }

  @Test
  void everyColumnOfTheLayoutArrives() throws Exception {
    file(
        "members.csv",
        "\uFEFFCustomer_No,name,phone,gender,birthday,region,source,consent_care,consent_marketing,consent_at,会员级别,points:integer,since:date,vip:flag,balance:money,seen:instant",
        " C-1 ,王芳,138 0013 8000,女,1990-05-01, 浙江 / 杭州 ,门店,是,no,2024-01-02 03:04,金卡,120,2020-02-29,yes,12.5,2024-05-01 08:00",
        "C-2,,,M,,,,,,,,,,,,",
        "C-3,,,UNKNOWN,,,,,,,,,,,,");
    file(
        "orders.csv",
        "order_no,customer_no,ordered_at,type,original_order_no,store,salesperson,sales_channel,receiver_name,receiver_phone,region,address",
        "SO-1,C-1,2024-05-01T10:30:00+08:00,SALE,,S1,李四,门店,王五,0571-87654321,浙江/杭州,文二路 1 号",
        "SO-2,,2024-05-02,,,,,,,,,",
        "RT-1,C-1,2024-06-01 08:00,RETURN,SO-1,,,,,,,",
        "RT-2,C-2,2024-06-02 08:00:01,return,,,,,,,,");
    file(
        "lines.csv",
        "order_no,line_no,kind,category,model,brand,serial,quantity,net_amount",
        "SO-1,1,GOODS,kitchen/hood,H-1,Fotile,SN1;SN2,2,5000.005",
        "SO-1,2,gift,kitchen/pot,,,,1,0",
        "SO-1,3,SERVICE,service/install,,,,1.5,99.9999",
        "SO-2,1,,av/tv,,,,1,2999",
        "RT-1,1,GOODS,kitchen/hood,,,,1,2500",
        "RT-2,1,SERVICE,service/install,,,,0.5,10.0051");
    file(
        "stages.csv",
        "order_no,stage,at,text,document,line_no",
        "SO-1,SHIPPED,2024-05-03 09:00,已从仓库发出,CK-1,",
        "SO-1,已安装,,,,1",
        "SO-2,delivered,2024-04-01,,,");

    Ran ran = imported("--consent-text", "2024-01");

    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    JsonNode json = ran.json();
    assertThat(json.path("members").asLong()).isEqualTo(3);
    assertThat(json.path("orders").asLong()).isEqualTo(2);
    assertThat(json.path("lines").asLong()).isEqualTo(4);
    assertThat(json.path("stages").asLong()).isEqualTo(3);
    assertThat(json.path("returns").asLong()).isEqualTo(2);
    assertThat(json.path("returnLines").asLong()).isEqualTo(2);
    assertThat(json.path("guestOrders").asLong()).isEqualTo(1);
    assertThat(json.path("guestLines").asLong()).isEqualTo(1);
    assertThat(json.path("roundedLines").asLong()).isEqualTo(3);
    assertThat(json.path("consents").asLong()).isEqualTo(2);
    assertThat(json.path("net").path("SALE").decimalValue()).isEqualByComparingTo("8099.01");
    assertThat(json.path("net").path("RETURN").decimalValue()).isEqualByComparingTo("-2510.01");
    assertThat(json.path("attributes").path("points").asText()).isEqualTo("integer");
    look(
        dealer -> {
          Member wang = member(dealer, "C-1");
          assertThat(wang.name()).contains("王芳");
          assertThat(wang.gender()).contains(Gender.FEMALE);
          assertThat(wang.birthday()).contains(LocalDate.of(1990, 5, 1));
          assertThat(wang.region()).contains("浙江/杭州");
          assertThat(wang.source()).isEqualTo("门店");
          assertThat(dealer.members().byPhone("13800138000").orElseThrow().id())
              .isEqualTo(wang.id());
          assertThat(dealer.members().attributes(wang.id()))
              .containsEntry("会员级别", Attribute.of("金卡"))
              .containsEntry("points", Attribute.of(120))
              .containsEntry("since", Attribute.of(LocalDate.of(2020, 2, 29)))
              .containsEntry("vip", Attribute.of(true))
              .containsEntry("balance", Attribute.of(1_250))
              .containsEntry("seen", Attribute.of(Instant.parse("2024-05-01T00:00:00Z")));
          assertThat(dealer.attributes().all())
              .extracting(type -> type.name() + " " + type.type())
              .containsExactlyInAnyOrder(
                  "会员级别 TEXT",
                  "points INTEGER",
                  "since DATE",
                  "vip FLAG",
                  "balance MONEY",
                  "seen INSTANT");
          Instant at = Instant.parse("2024-01-01T19:04:00Z");
          assertThat(dealer.members().consents(wang.id()))
              .containsExactlyInAnyOrder(
                  Consent.given(Purpose.CARE, "members.csv", "2024-01", at),
                  Consent.refused(Purpose.MARKETING, "members.csv", at));
          assertThat(member(dealer, "C-2").gender()).contains(Gender.MALE);
          assertThat(member(dealer, "C-3").gender()).isEmpty();

          OrderDetail order = dealer.orders().find("SO-1").orElseThrow();
          assertThat(order.orderedAt()).isEqualTo("2024-05-01T02:30:00Z");
          assertThat(order.memberId()).hasValue(wang.id());
          assertThat(order.storeCode()).contains("S1");
          assertThat(order.salesperson()).contains("李四");
          assertThat(order.salesChannel()).contains("门店");
          assertThat(order.place().orElseThrow().contact()).contains("王五");
          assertThat(order.place().orElseThrow().phone()).contains("0571-87654321");
          assertThat(order.place().orElseThrow().region()).contains("浙江/杭州");
          assertThat(order.place().orElseThrow().street()).contains("文二路 1 号");
          assertThat(order.lines().get(0).netFen()).isEqualTo(500_001);
          assertThat(dealer.orders().history("SO-1").units())
              .extracting(unit -> unit.serial().orElseThrow())
              .containsExactly("SN1", "SN2");
          assertThat(order.lines().get(1).kind()).isEqualTo(LineKind.GIFT);
          assertThat(order.lines().get(2).quantity()).isEqualByComparingTo("1.5");
          assertThat(order.lines().get(2).netFen()).isEqualTo(10_000);
          assertThat(dealer.orders().history("SO-1").stages())
              .extracting(StageRecord::stage)
              .containsExactly(Stage.SHIPPED, Stage.INSTALLED);
          assertThat(dealer.orders().history("SO-1").stages().get(1).at()).isEmpty();
          assertThat(dealer.orders().history("SO-1").stages().get(1).scope()).containsKey("1");
          assertThat(dealer.orders().find("SO-2").orElseThrow().stage()).isEqualTo(Stage.DELIVERED);
          // One of the two hoods came back: at the sale's time.
          assertThat(spent(dealer, "C-1")).isEqualTo(510_001 - 250_000);
          assertThat(spent(dealer, "C-2")).isEqualTo(-1_001);
          assertThat(dealer.catalog().regions())
              .extracting(region -> region.path() + " " + region.name())
              .containsExactlyInAnyOrder("浙江 浙江", "浙江/杭州 杭州");
          assertThat(dealer.catalog().categories().stream().map(Category::path))
              .containsExactly(
                  "av",
                  "av/tv",
                  "kitchen",
                  "kitchen/hood",
                  "kitchen/pot",
                  "service",
                  "service/install");
        });

    Ran again = imported("--consent-text", "2024-01");

    assertThat(again.code()).isZero();
    assertThat(again.json().path("unchanged").asLong()).isEqualTo(3 + 2 + 3 + 2);
    assertThat(
            again.json().path("outcomes").findValues("new").stream()
                .mapToLong(JsonNode::asLong)
                .sum())
        .isZero();
  }

  @Test
  void aDryRunSaysTheSameAndWritesNothing() throws Exception {
    mixed();
    Path file = dir.resolve("db");
    Ran dry = Ran.imported(dir, file.toString(), "--dry-run");
    Ran.imported(dir, "jdbc:h2:file:" + file, "--dry-run");
    try (Stream<Path> made = Files.list(dir)) {
      assertThat(made.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("members.csv", "orders.csv", "lines.csv", "stages.csv");
    }
    // In a database that is there already, too.
    imported();
    String before = everything();
    mixed();
    Ran.file(dir, "members.csv", "customer_no", "C-9");
    Ran other = imported("--dry-run");
    assertThat(other.json().path("members").asLong()).isEqualTo(1);
    assertThat(everything()).isEqualTo(before);

    mixed();
    database = Ran.memory();
    Ran real = imported();

    assertThat(dry.code()).isEqualTo(1);
    assertThat(real.code()).isEqualTo(1);
    for (String same :
        List.of(
            "members",
            "orders",
            "lines",
            "stages",
            "returns",
            "returnLines",
            "guestOrders",
            "guestLines",
            "guestReturns",
            "guestReturnLines",
            "roundedLines",
            "refused",
            "net",
            "rows",
            "errors",
            "warnings")) {
      assertThat(dry.json().path(same)).as(same).isEqualTo(real.json().path(same));
    }
    assertThat(dry.errors()).hasSize(4);
  }

  /** Good and bad rows of all kinds. */
  private void mixed() throws IOException {
    file("members.csv", "customer_no,gender", "C-1,F", "C-2,X", "C-3,");
    file(
        "orders.csv",
        ORDERS + ",type,original_order_no",
        "SO-1,C-1,2024-05-01,,",
        "SO-2,,2024-05-02,,",
        "SO-3,C-3,2024-05-03,,",
        "RT-1,C-1,2024-05-04,RETURN,SO-1",
        "RT-2,,2024-05-05,RETURN,SO-1",
        "RT-3,,2024-05-06,RETURN,");
    file(
        "lines.csv",
        LINES,
        "SO-1,1,a,2,10.005",
        "SO-2,1,a,1,5",
        "SO-2,2,a,-1,5",
        "SO-3,1,a,1,7.1",
        "RT-1,1,a,1,1",
        "RT-2,1,a,1,1",
        "RT-3,1,b,1,1",
        "SO-9,1,a,1,1");
    file("stages.csv", "order_no,stage", "SO-1,DELIVERED", "SO-1,SOMETHING");
  }

  private String everything() {
    List<String> all = new ArrayList<>();
    look(
        dealer -> {
          all.add(dealer.members().page(0, 100).toString());
          all.add(dealer.catalog().categories().toString());
          all.add(dealer.imports().names().toString());
          dealer.imports().names().forEach(name -> all.add("" + dealer.imports().report(name)));
        });
    return String.join("\n", all);
  }

  @Test
  void linesInAnyOrderGiveTheSame() throws Exception {
    List<String> lines = new ArrayList<>();
    List<String> stages = new ArrayList<>();
    List<String> orders = new ArrayList<>(List.of(ORDERS));
    for (int i = 1; i <= 40; i++) {
      orders.add("SO-%d,C-%d,2024-05-01 08:00".formatted(i, i % 5));
      lines.add("SO-%d,1,a,1,%d".formatted(i, i));
      lines.add("SO-%d,2,b,1,%d".formatted(i, i % 7 == 0 ? -1 : 2));
      stages.add("SO-%d,SHIPPED,2024-05-02,CK-1".formatted(i));
      stages.add("SO-%d,SHIPPED,2024-05-03,CK-2".formatted(i));
    }
    lines.add("SO-41,1,a,1,1");
    stages.add("SO-42,SHIPPED,2024-05-02,CK-1");
    file("orders.csv", orders.toArray(String[]::new));
    List<List<String>> pictures = new ArrayList<>();
    for (int order = 0; order < 3; order++) {
      if (order == 1) {
        lines.sort(null);
        stages.sort(null);
      } else if (order == 2) {
        java.util.Collections.reverse(lines);
        java.util.Collections.reverse(stages);
      }
      file("lines.csv", (LINES + "\n" + String.join("\n", lines)).split("\n", -1));
      file(
          "stages.csv",
          ("order_no,stage,at,document\n" + String.join("\n", stages)).split("\n", -1));
      database = Ran.memory();
      Ran ran = imported();
      assertThat(ran.code()).as(ran.err()).isEqualTo(1);
      assertThat(ran.json().path("lines").asLong()).isEqualTo(75);
      assertThat(ran.json().path("stages").asLong()).isEqualTo(80);
      assertThat(ran.json().path("refused").asLong()).isEqualTo(7);
      List<String> picture = new ArrayList<>();
      look(
          dealer -> {
            for (int i = 1; i <= 40; i++) {
              OrderDetail found = dealer.orders().find("SO-" + i).orElseThrow();
              picture.add(
                  found.stage()
                      + found.lines().stream()
                          .map(line -> line.lineNo() + "=" + line.netFen())
                          .sorted()
                          .collect(Collectors.joining(" ")));
            }
            for (int i = 0; i < 5; i++) {
              picture.add("" + spent(dealer, "C-" + i));
            }
          });
      pictures.add(picture);
    }
    assertThat(pictures.get(1)).isEqualTo(pictures.get(0));
    assertThat(pictures.get(2)).isEqualTo(pictures.get(0));
  }

  @Test
  void rowsThatHadToBeSortedCountAsRead() throws Exception {
    List<String> orders = new ArrayList<>(List.of(ORDERS));
    List<String> lines = new ArrayList<>(List.of(LINES));
    for (int i = 1; i <= 40; i++) {
      orders.add("SO-%d,C-1,2024-05-01".formatted(i));
      for (int line = 1; line <= 20; line++) {
        lines.add(1, "SO-%d,%d,kitchen/hood,1,2999.00".formatted(i, line));
      }
    }
    file("orders.csv", orders.toArray(String[]::new));
    file("lines.csv", lines.toArray(String[]::new));
    Progress quiet = new Progress(new PrintWriter(Writer.nullWriter()));
    List<Integer> percents = new ArrayList<>();
    try (Interrupt interrupt = new Interrupt()) {
      Folder folder = Folder.of(dir, Charsets.UTF_8, new Warnings(), quiet, interrupt);
      OrderIndex index = new OrderIndex(folder.source(Folder.ORDERS), quiet, interrupt);
      try (Children rows =
          Children.of(
              folder.source(Folder.LINES),
              OrderRows.LINE_KNOWN,
              OrderRows.LINE_REQUIRED,
              index,
              quiet,
              interrupt)) {
        folder.rewound();
        while (rows.peek() != null) {
          rows.pass();
          percents.add(folder.percent());
        }
      }
    }

    // The orders themselves, a small part of all, are not read here.
    assertThat(percents).hasSize(800).isSorted().startsWith(0).contains(47, 90);
  }

  @Test
  void timesStandInTheDealersZoneAndDoubtfulOnesAreTold() throws Exception {
    file(
        "orders.csv",
        ORDERS,
        "SO-1,,2024-03-31 01:30",
        "SO-2,,2024-10-27T01:30:00",
        "SO-3,,2024-10-27T01:30:00Z",
        "SO-4,,2024-07-01",
        "SO-5,,2024-07-01T00:00:00.1239");
    file("lines.csv", LINES);

    Ran ran = imported("--zone", "Europe/London");

    assertThat(ran.code()).isZero();
    assertThat(ran.warnings()).containsExactly("TIME_LEAPT_OVER 1", "TIME_TWICE 1");
    assertThat(ran.json().path("warnings").get(0).path("first").asText()).isEqualTo("orders.csv:2");
    look(
        dealer -> {
          assertThat(dealer.orders().find("SO-1").orElseThrow().orderedAt())
              .isEqualTo("2024-03-31T01:30:00Z");
          assertThat(dealer.orders().find("SO-2").orElseThrow().orderedAt())
              .isEqualTo("2024-10-27T00:30:00Z");
          assertThat(dealer.orders().find("SO-3").orElseThrow().orderedAt())
              .isEqualTo("2024-10-27T01:30:00Z");
          assertThat(dealer.orders().find("SO-4").orElseThrow().orderedAt())
              .isEqualTo("2024-06-30T23:00:00Z");
          assertThat(dealer.orders().find("SO-5").orElseThrow().orderedAt())
              .isEqualTo("2024-06-30T23:00:00.123Z");
        });
  }

  @Test
  void theZoneStaysThatOfTheFirstTime() throws Exception {
    file("members.csv", "customer_no", "C-1");

    assertThat(imported("--zone", "Europe/London").code()).isZero();
    assertThat(imported().json().path("zone").asText()).isEqualTo("Europe/London");
    assertThat(imported("--zone", "Europe/London").code()).isZero();
    for (List<String> mode : List.of(List.<String>of(), List.of("--dry-run"))) {
      List<String> options = new ArrayList<>(List.of("--zone", "Asia/Shanghai"));
      options.addAll(mode);
      Ran other = imported(options.toArray(String[]::new));
      assertThat(other.code()).isEqualTo(3);
      assertThat(other.err()).contains("is in Europe/London, and --zone says Asia/Shanghai");
    }
    Ran another = imported("--zone", "Asia/Shanghai", "--dealer", "second");
    assertThat(another.code()).isZero();
    assertThat(another.json().path("outcomes").path("members").path("new").asLong()).isEqualTo(1);
  }

  @Test
  void otherContentIsAnotherImportAndReplacesWhatChanged() throws Exception {
    file("orders.csv", ORDERS, "SO-1,C-1,2024-05-01", "SO-2,C-1,2024-05-01");
    file("lines.csv", LINES, "SO-1,1,a,1,10", "SO-2,1,a,1,10");
    imported();
    file("lines.csv", LINES, "SO-1,1,a,1,10", "SO-2,1,a,1,12");

    Ran ran = imported();

    assertThat(ran.code()).isZero();
    assertThat(ran.json().path("outcomes").path("orders").path("changed").asLong()).isEqualTo(1);
    assertThat(ran.json().path("outcomes").path("orders").path("unchanged").asLong()).isEqualTo(1);
    look(dealer -> assertThat(spent(dealer, "C-1")).isEqualTo(2_200));
  }

  @Test
  void stagesAloneReachOrdersThatAreThereAlready() throws Exception {
    file("orders.csv", ORDERS, "SO-1,C-1,2024-05-01");
    file("lines.csv", LINES, "SO-1,1,a,1,10");
    imported();
    Files.delete(dir.resolve("orders.csv"));
    Files.delete(dir.resolve("lines.csv"));
    file("stages.csv", "order_no,stage,at", "SO-1,DELIVERED,2024-05-02", "SO-7,SHIPPED,2024-05-02");

    Ran ran = imported();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.json().path("stages").asLong()).isEqualTo(1);
    assertThat(ran.errors())
        .hasSize(1)
        .allMatch(error -> error.startsWith("stages.csv:3 order_no"));
    look(
        dealer ->
            assertThat(dealer.orders().find("SO-1").orElseThrow().stage())
                .isEqualTo(Stage.DELIVERED));
  }

  @Test
  void categoriesThatTheCatalogueKnowsStayAsTheyAre() throws Exception {
    file("orders.csv", ORDERS, "SO-1,C-1,2024-05-01");
    file(
        "lines.csv",
        LINES,
        "SO-1,1,0101,1,10",
        "SO-1,2, kitchen / Hood ,1,10",
        "SO-1,3,kitchen/hood,1,10");
    Ran.imported(
        Ran.file(dir.resolve("first"), "members.csv", "customer_no").getParent(), database);
    look(dealer -> dealer.catalog().put(Category.of("kitchen/hood", "油烟机").withCodes("0101")));

    Ran ran = imported();

    assertThat(ran.json().path("newCategories").asLong()).isEqualTo(1);
    look(
        dealer -> {
          assertThat(dealer.catalog().category("kitchen/hood").orElseThrow().name())
              .isEqualTo("油烟机");
          assertThat(dealer.orders().consumption(member(dealer, "C-1").id()))
              .anySatisfy(
                  file -> {
                    assertThat(file.category()).isEqualTo("kitchen/hood");
                    assertThat(file.netFen()).isEqualTo(2_000);
                  });
        });
  }

  @Test
  void attributesHaveTheTypesThatTheDealerDeclared() throws Exception {
    file("members.csv", "customer_no", "C-0");
    imported();
    look(
        dealer -> {
          dealer.attributes().put(AttributeType.integer("points"));
          dealer
              .attributes()
              .put(AttributeType.code("level", AttributeType.Choice.of("GOLD", "金卡", "gold")));
        });
    file("members.csv", "customer_no,points,level", "C-1,7,GOLD", "C-2,x,GOLD", "C-3,1,IRON");

    Ran ran = imported();

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.json().path("attributes").toString())
        .isEqualTo("{\"points\":\"integer\",\"level\":\"code\"}");
    assertThat(ran.errors()).hasSize(2).anyMatch(error -> error.startsWith("members.csv:3 points"));
    look(
        dealer ->
            assertThat(dealer.members().attributes(member(dealer, "C-1").id()))
                .containsEntry("points", Attribute.of(7))
                .containsEntry("level", Attribute.code("GOLD")));
    file("members.csv", "customer_no,points:text", "C-1,7");
    assertThat(imported().err()).contains("has declared 'points' as integer");
    assertThat(imported("--dry-run").code()).isEqualTo(3);
    file("members.csv", "customer_no,other:code", "C-1,7");
    assertThat(imported().err()).contains("declare the attribute with its codes first");
  }

  @Test
  void whatIsNotOfTheLayoutIsTold() throws Exception {
    file("orders.csv", ORDERS + ",colour,", "SO-1,C-1,2024-05-01,red,");
    file("lines.csv", LINES);
    file("order.csv", "order_no");

    Ran ran = imported();

    assertThat(ran.code()).isZero();
    assertThat(ran.warnings()).containsExactly("UNKNOWN_COLUMN 1", "UNKNOWN_FILE 1");
    assertThat(ran.json().path("warnings").toString()).contains("'colour'", "order.csv");
  }

  @Test
  void servicesReachTheUnitsAndTheMoney() throws Exception {
    file("orders.csv", ORDERS, "SO-1,C-1,2024-05-01");
    file("lines.csv", LINES, "SO-1,1,kitchen/hood,2,10");
    file("stages.csv", "order_no,stage,at", "SO-1,INSTALLED,2024-05-02");
    file(
        "services.csv",
        "order_no,line_no,unit_no,kind,done_at,paid_amount",
        "SO-1,1,2,CLEAN,2024-11-01 09:00,99.505",
        "SO-1,1,,CHECK,2024-10-01,",
        "SO-1,1,2,CLEAN,2024-11-01 09:00,1",
        "SO-1,1,0,CLEAN,2024-11-02,1",
        "SO-1,1,2,CLEAN,,1",
        "SO-1,1,2,CLEAN,2024-11-03,-1",
        "SO-1,7,,CLEAN,2024-11-01,1",
        "SO-9,1,,CLEAN,2024-11-01,1",
        "SO-1,1,1,CLEAN,2014-11-01,1",
        "SO-1,1,1,CLEAN,2240-11-01,1",
        "SO-1,1,1,CLEAN,2024-05-01,2");

    Ran dry = imported("--dry-run");
    Ran ran = imported();

    assertThat(dry.json().path("services").asLong()).isEqualTo(7);
    assertThat(dry.errors()).hasSize(4);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.json().path("services").asLong()).isEqualTo(3);
    assertThat(ran.json().path("rows").path("services.csv").asLong()).isEqualTo(11);
    assertThat(ran.errors().stream().map(error -> error.replaceAll(" '.*", "")))
        .containsExactlyInAnyOrder(
            "services.csv:4 done_at",
            "services.csv:5 unit_no",
            "services.csv:6 done_at",
            "services.csv:7 paid_amount",
            "services.csv:8 order_no",
            "services.csv:9 order_no",
            "services.csv:10 done_at",
            "services.csv:11 done_at");
    assertThat(ran.errors())
        .anyMatch(
            error -> error.startsWith("services.csv:10 done_at") && error.contains("2024-05-01"));
    look(
        dealer ->
            assertThat(dealer.orders().history("SO-1").services())
                .extracting(UnitService::kind, UnitService::paidFen)
                .containsExactlyInAnyOrder(
                    tuple("CLEAN", 9_951L), tuple("CHECK", 0L), tuple("CLEAN", 200L)));
    assertThat(imported().json().path("outcomes").path("services").path("unchanged").asLong())
        .isEqualTo(3);
  }

  @Test
  void packedFilesAndWhatExcelWritesInChina() throws Exception {
    String orders = ORDERS + ",address\r\nSO-1,C-1,2024-05-01,\"杭州\r\n文二路\"\r\n";
    Ran.bytes(dir, "orders.csv.gz", orders.getBytes("GB18030"));
    Ran.bytes(
        dir, "lines.csv", (LINES + "\r\nSO-1,1,厨电,1,10\r\n").getBytes(StandardCharsets.UTF_8));

    Ran undeclared = imported();
    assertThat(undeclared.code()).isEqualTo(3);
    assertThat(undeclared.err())
        .contains("orders.csv.gz, line 2: byte 0xBA is no UTF-8. Give --charset gb18030");
    Ran ran = imported("--charset", "auto");
    assertThat(ran.code()).as(ran.err()).isZero();
    look(
        dealer -> {
          assertThat(dealer.orders().find("SO-1").orElseThrow().place().orElseThrow().street())
              .contains("杭州\n文二路");
          assertThat(dealer.catalog().category("厨电")).isPresent();
        });

    Ran.bytes(dir, "lines.csv", (LINES + "\r\nSO-1,1,厨电,1,10\r\n").getBytes("GB18030"));
    database = Ran.memory();
    Ran declared = imported("--charset", "gb18030");
    assertThat(declared.code()).as(declared.err()).isZero();
    look(dealer -> assertThat(dealer.catalog().category("厨电")).isPresent());
  }

  @Test
  void phonesOfReceiversIdentifyNobody() throws Exception {
    file("members.csv", "customer_no,phone", "C-1,13800138000");
    file(
        "orders.csv",
        ORDERS + ",receiver_phone",
        "SO-1,,2024-05-01,13800138000",
        "SO-2,C-2,2024-05-01,13800138000");
    file("lines.csv", LINES);

    Ran ran = imported();

    assertThat(ran.json().path("guestOrders").asLong()).isEqualTo(1);
    look(
        dealer ->
            assertThat(dealer.members().byPhone(Phone.of("13800138000").value()))
                .hasValueSatisfying(
                    found -> assertThat(found.id()).isEqualTo(member(dealer, "C-1").id())));
  }
}
