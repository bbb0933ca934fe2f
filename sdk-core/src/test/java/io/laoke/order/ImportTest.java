package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.error.LaokeException;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.imports.ImportOptions;
import io.laoke.imports.ImportReport;
import io.laoke.imports.Imports;
import io.laoke.imports.Refusal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.IdentityKind;
import io.laoke.member.Member;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.testing.TestServer;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a host can count on when it imports history. {@code -Dlaoke.seed=…} repeats one. */
class ImportTest {
  private static final Instant AT = Instant.parse("2026-03-01T02:00:00Z");

  private static long seed() {
    return Long.getLong("laoke.seed", System.nanoTime());
  }

  private static Iterator<ImportFact> given(List<Histories.Fact> facts) {
    return facts.stream().map(Histories.Fact::given).iterator();
  }

  private static void prepare(OrderFixture laoke) {
    laoke.members().declareWalkIn("C0");
    laoke.catalog().markServiceable("kitchen/hood", true);
  }

  @ParameterizedTest
  @EnumSource
  void endsWithTheRowsOfEachFactToldByItself(TestServer server) {
    long seed = seed();
    System.out.println("imports on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 2; round++) {
      List<Histories.Fact> facts = Histories.of(random, 120);
      List<Histories.Fact> before = facts.subList(0, random.nextInt(40));
      try (OrderFixture told = new OrderFixture(server);
          OrderFixture imported = new OrderFixture(server)) {
        for (OrderFixture each : List.of(told, imported)) {
          prepare(each);
          people(each);
          if (round == 1) {
            declareCard(each);
          }
          Histories.tell(each, before);
          mergedAndErased(each);
        }
        List<String> refused = Histories.tell(told, facts);
        imported.heard.clear();
        int batch = 1 + random.nextInt(60);
        ImportReport report =
            imported.imports().run("all", given(facts), ImportOptions.defaults().withBatch(batch));
        assertThat(Histories.picture(imported))
            .as("seed " + seed + " round " + round)
            .isEqualTo(Histories.picture(told));
        assertThat(refusals(imported, "all").stream().map(one -> "" + one.position()).toList())
            .isEqualTo(refused);
        assertThat(report.refused()).isEqualTo(refused.size());
        assertThat(imported.heard).noneMatch(heard -> heard.what().equals("advanced"));
        Truth.check(imported);
        assertThat(imported.orders().recountAll(0, 1000).clean()).isTrue();
      }
    }
  }

  /** Of the cards that the profiles have, one is none. */
  private static void declareCard(OrderFixture laoke) {
    laoke
        .members
        .attributes(laoke.database, laoke.tenant)
        .put(AttributeType.code("card", AttributeType.Choice.of("v0", "旧卡", "old")));
  }

  private static void people(OrderFixture laoke) {
    for (int i = 1; i < 6; i++) {
      laoke.members().put(MemberProfile.of("C" + i).withName("客" + i).withPhones("1380013800" + i));
    }
  }

  private static void mergedAndErased(OrderFixture laoke) {
    Members members = laoke.members();
    members.merge(laoke.memberOf("C1"), laoke.memberOf("C2"), "店长", "同一人");
    laoke.eraser().erase(laoke.memberOf("C3"), "店长", "客户要求");
    laoke.eraser().erase(laoke.memberOf("C4"), "店长", "客户要求");
    members.readmit(IdentityKind.CUSTOMER_NO, "C4", "店长");
  }

  private static final Buyer ERASED = Buyer.of("C3", "王小明独", "13912345678");

  /** Facts that all speak of one person. */
  private static List<Histories.Fact> ofTheErased() {
    return List.of(
        Histories.told(
            MemberProfile.of("C3")
                .withName("王小明独")
                .withPhones("13912345678")
                .withAttribute("card", new Attribute.Text("王小明独"))),
        Histories.told(MemberProfile.of("C33").withPhones("13912345678")),
        Histories.told(
            sale("A-1")
                .buyer(ERASED)
                .place(Place.of("浙江", "文三路 1 号独栋", "王小明独", "13912345678"))
                .line(OrderLine.goods("1", "tv", 2, "100")),
            StageReport.of(Stage.SHIPPED, AT).text("王小明独 家").detail("technician", "找 13912345678")),
        Histories.told(
            sale("A-2")
                .buyer(Buyer.of(null, "王小明独", "13912345678"))
                .line(OrderLine.goods("1", "tv", 1, "50"))),
        Histories.told(
            sale("A-3")
                .buyer(Buyer.of("C9", "赵六", "13912345678"))
                .line(OrderLine.goods("1", "tv", 1, "50"))),
        Histories.told(
            ReturnNote.of("R-1", AT).customerNo("C3").line(ReturnLine.of("1", "tv", 1, "10"))));
  }

  @ParameterizedTest
  @EnumSource
  void anImportBringsNoErasedPersonBack(TestServer server) {
    try (OrderFixture imported = new OrderFixture(server);
        OrderFixture told = new OrderFixture(server)) {
      for (OrderFixture laoke : List.of(imported, told)) {
        laoke.members().put(MemberProfile.of("C3").withName("王小明独").withPhones("13912345678"));
        laoke.members().put(MemberProfile.of("C9").withName("赵六"));
        laoke.orders().upsert(sale("A-1").buyer(ERASED));
        laoke.returns().record(ReturnNote.of("R-1", AT).customerNo("C3"));
        laoke.eraser().erase(laoke.memberOf("C3"), "店长", "客户要求");
      }
      assertThat(Histories.tell(told, ofTheErased())).isEmpty();
      ImportReport report = imported.imports().run("again", given(ofTheErased()));

      assertThat(report.of(Kind.MEMBER)).isEqualTo(new ImportReport.Counts(0, 0, 2, 0));
      assertThat(report.of(Kind.ORDER)).isEqualTo(new ImportReport.Counts(2, 1, 0, 0));
      assertThat(Histories.picture(imported)).isEqualTo(Histories.picture(told));
      assertThat(Histories.picture(imported))
          .doesNotContain("王小明独", "13912345678", "139-1234-5678", "文三路", "C33");
      assertThat(imported.members().find("C3")).isEmpty();
      assertThat(imported.members().byPhone("13912345678")).isEmpty();
      assertThat(imported.orders().find("A-1").orElseThrow().lines()).hasSize(1);
      assertThat(imported.orders().recountAll(0, 1000).clean()).isTrue();
      Truth.check(imported);

      // Readmitted, they have what was reported meanwhile, with the same content too.
      for (OrderFixture laoke : List.of(imported, told)) {
        laoke.members().readmit(IdentityKind.CUSTOMER_NO, "C3", "店长");
        laoke.members().readmit(IdentityKind.PHONE, "13912345678", "店长");
      }
      assertThat(Histories.tell(told, ofTheErased())).isEmpty();
      ImportReport anew = imported.imports().run("again", given(ofTheErased()));
      assertThat(anew.of(Kind.ORDER).changed()).isPositive();
      assertThat(Histories.picture(imported)).isEqualTo(Histories.picture(told));
      assertThat(imported.members().find("C3")).isPresent();
      assertThat(imported.orders().recountAll(0, 1000).clean()).isTrue();
      Truth.check(imported);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsImportedForAMergedMemberGoesToTheSurvivor(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Members members = laoke.members();
      members.put(MemberProfile.of("C1").withPhones("13800138001"));
      members.put(MemberProfile.of("C2").withPhones("13800138002"));
      long keep = laoke.memberOf("C1");
      long away = laoke.memberOf("C2");
      members.merge(keep, away, "店长", "同一人");
      laoke
          .imports()
          .run(
              "later",
              List.of(
                      ImportFact.member(MemberProfile.of("C2").withName("王芳")),
                      ImportFact.order(
                          sale("A-1")
                              .buyer(Buyer.of("C2", null, "13800138003"))
                              .line(OrderLine.goods("1", "tv", 2, "100"))),
                      ImportFact.order(
                          sale("A-2")
                              .buyer(Buyer.of(null, null, "13800138002"))
                              .line(OrderLine.goods("1", "tv", 1, "50"))),
                      ImportFact.returned(
                          ReturnNote.of("R-1", AT)
                              .customerNo("C2")
                              .line(ReturnLine.of("1", "tv", 1, "10"))))
                  .iterator());
      assertThat(members.find("C2").orElseThrow().id()).isEqualTo(keep);
      assertThat(members.find("C2").orElseThrow().name()).contains("王芳");
      assertThat(members.byPhone("13800138003").orElseThrow().id()).isEqualTo(keep);
      assertThat(laoke.orders().find("A-1").orElseThrow().memberId()).hasValue(keep);
      assertThat(laoke.orders().find("A-2").orElseThrow().memberId()).hasValue(keep);
      assertThat(ofMember(laoke, away)).isZero();
      assertThat(laoke.orders().recountAll(0, 1000).clean()).isTrue();
    }
  }

  private static long ofMember(OrderFixture laoke, long member) {
    return laoke.database.<Long>read(
        "count",
        tx -> {
          long rows = 0;
          for (String table :
              List.of(
                  "identity",
                  "customer_order",
                  "return_note",
                  "return_line",
                  "order_line",
                  "member_category",
                  "member_attribute")) {
            rows +=
                tx.query("SELECT COUNT(*) FROM {" + table + "} WHERE member_id = :member")
                    .bind("member", member)
                    .mapTo(Long.class)
                    .one();
          }
          return rows;
        });
  }

  // H2 waits a second for each lock, and looks for deadlocks only then.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void peopleMayBeMergedAndErasedWhileAnImportRuns(TestServer server) throws Exception {
    long seed = seed();
    System.out.println("imports of people on " + server + ": -Dlaoke.seed=" + seed);
    try (OrderFixture laoke = new OrderFixture(server, server.quickDeadlocks())) {
      for (int i = 0; i < 40; i++) {
        laoke.members().put(MemberProfile.of("C" + i).withName("客" + i).withPhones(phone(i)));
      }
      OrdersTest.together(
          2,
          n -> {
            Random random = new Random(seed + n);
            if (n == 0) {
              List<ImportFact> facts = new ArrayList<>();
              for (int i = 0; i < 600; i++) {
                int who = random.nextInt(40);
                Buyer buyer =
                    Buyer.of(
                        random.nextBoolean() ? "C" + who : null,
                        "客" + who,
                        random.nextInt(3) > 0 ? phone(who) : null);
                facts.add(
                    switch (random.nextInt(6)) {
                      case 0 ->
                          ImportFact.member(
                              MemberProfile.of("C" + who)
                                  .withName("客" + who)
                                  .withPhones(phone(who)));
                      case 1 ->
                          ImportFact.returned(
                              ReturnNote.of("R-" + i, AT)
                                  .customerNo("C" + who)
                                  .line(ReturnLine.of("1", "tv", 1, "10")));
                      default ->
                          ImportFact.order(
                              sale("SO-" + i)
                                  .buyer(buyer)
                                  .line(OrderLine.goods("1", "tv", 1, "100")));
                    });
              }
              laoke
                  .imports()
                  .run("people", facts.iterator(), ImportOptions.defaults().withBatch(20));
            } else {
              for (int i = 0; i < 24; i++) {
                String one = "C" + i;
                String other = "C" + (39 - random.nextInt(10));
                boolean erases = i % 2 == 0;
                repeated(
                    () -> {
                      Members members = laoke.members();
                      Optional<Member> away = members.find(one);
                      Optional<Member> keep = members.find(other);
                      if (away.isPresent() && erases) {
                        laoke.eraser().erase(away.get().id(), "店长", "客户要求");
                      } else if (away.isPresent() && keep.isPresent()) {
                        members.merge(keep.get().id(), away.get().id(), "店长", "同一人");
                      }
                    });
              }
            }
            return n;
          });
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 1000).clean()).isTrue();
      laoke.database.read(
          "look",
          tx -> {
            for (String table :
                List.of("identity", "customer_order", "return_note", "order_line")) {
              assertThat(
                      count(
                          tx,
                          "SELECT COUNT(*) FROM {%s} t JOIN {member} m ON m.dealer_id = t.dealer_id AND m.id = t.member_id WHERE m.merged_into IS NOT NULL"
                              .formatted(table)))
                  .as(table)
                  .isZero();
            }
            assertThat(
                    count(
                        tx,
                        "SELECT COUNT(*) FROM {identity} WHERE status = 'ERASED' AND (member_id IS NOT NULL OR value_sealed IS NOT NULL)"))
                .isZero();
            assertThat(
                    count(
                        tx,
                        "SELECT COUNT(*) FROM {customer_order} t JOIN {member} m ON m.dealer_id = t.dealer_id AND m.id = t.member_id WHERE m.erased_ms IS NOT NULL AND (t.buyer_name IS NOT NULL OR t.buyer_phone IS NOT NULL OR t.buyer_customer_no IS NOT NULL)"))
                .isZero();
            return 0;
          });
    }
  }

  private static long count(Tx tx, String sql) {
    return tx.query(sql).mapTo(Long.class).one();
  }

  private static String phone(int who) {
    return "138001390" + (10 + who);
  }

  @Test
  void whatWasRefusedOfAPersonGoesWithThem() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      laoke.orders().upsert(ofC1("A-1"));
      laoke
          .imports()
          .run(
              "h",
              List.of(
                      ImportFact.refused(Kind.MEMBER, "C1", "phone", "139", "is too short"),
                      ImportFact.refused(Kind.LINE, "A-1", "name", "王芳", "is too long"),
                      ImportFact.refused(Kind.MEMBER, "C2", "phone", "139", "is too short"))
                  .iterator());
      long member = laoke.memberOf("C1");
      assertThat(laoke.members().export(member)).contains("import_refusal");
      laoke.eraser().erase(member, "店长", "客户要求");
      assertThat(laoke.imports().refusals("h", 0, 9))
          .singleElement()
          .satisfies(one -> assertThat(one.key()).isEqualTo("C2"));
    }
  }

  private static List<Refusal> refusals(OrderFixture laoke, String name) {
    List<Refusal> all = new ArrayList<>();
    List<Refusal> page;
    do {
      page = laoke.imports().refusals(name, all.size(), 7);
      all.addAll(page);
    } while (!page.isEmpty());
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatBreaksGoesOnAndTheSameAgainChangesNoRow(TestServer server) {
    long seed = seed();
    System.out.println("broken imports on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    // Each order once, so that no fact changes what another said.
    List<ImportFact> facts =
        IntStream.range(0, 200)
            .mapToObj(i -> ImportFact.order(Histories.order(random, "SO-" + i)))
            .toList();
    try (OrderFixture broken = new OrderFixture(server);
        OrderFixture whole = new OrderFixture(server)) {
      ImportReport expected = whole.imports().run("all", facts.iterator());
      ImportReport report = null;
      int starts = 0;
      while (report == null) {
        starts++;
        int until = random.nextInt(260);
        try {
          report =
              broken
                  .imports()
                  .run(
                      "all",
                      breaking(facts, until),
                      ImportOptions.defaults().withBatch(1 + random.nextInt(40)));
        } catch (IllegalStateException cut) {
          assertThat(broken.imports().report("all").orElseThrow().state())
              .isEqualTo(ImportReport.State.RUNNING);
        }
      }
      assertThat(Histories.picture(broken)).isEqualTo(Histories.picture(whole));
      assertThat(report.starts()).isEqualTo(starts);
      assertThat(report.facts()).isEqualTo(expected.facts());
      assertThat(report.lines()).isEqualTo(expected.lines());
      assertThat(report.saleFen()).isEqualTo(expected.saleFen());
      assertThat(report.refusedBy()).isEqualTo(expected.refusedBy());
      assertThat(broken.imports().report("all")).contains(report);

      String rows = broken.everything();
      List<ImportFact> shuffled = new ArrayList<>(facts);
      Collections.shuffle(shuffled, random);
      ImportReport again = broken.imports().run("all", shuffled.iterator());
      assertThat(again.unchanged()).isTrue();
      assertThat(again.of(Kind.ORDER).unchanged()).isEqualTo(expected.of(Kind.ORDER).accepted());
      assertThat(broken.everything()).isEqualTo(rows);
    }
  }

  private static Iterator<ImportFact> breaking(List<ImportFact> facts, int until) {
    Iterator<ImportFact> all = facts.iterator();
    int[] read = {0};
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public ImportFact next() {
        if (read[0]++ == until) {
          throw new IllegalStateException("cut");
        }
        return all.next();
      }
    };
  }

  // H2 waits a second for each lock, and looks for deadlocks only then.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
  void twoRunsAndTheLiveErpMayMeet(TestServer server) throws Exception {
    long seed = seed();
    System.out.println("imports at once on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    List<ImportFact> facts =
        IntStream.range(0, 120)
            .mapToObj(i -> ImportFact.order(Histories.order(random, "SO-" + i)))
            .toList();
    try (OrderFixture laoke = new OrderFixture(server, server.quickDeadlocks());
        OrderFixture alone = new OrderFixture(TestServer.H2)) {
      OrdersTest.together(
          4,
          n -> {
            Random own = new Random(seed + n);
            if (n < 2) {
              List<ImportFact> mine = new ArrayList<>(facts);
              Collections.shuffle(mine, own);
              laoke
                  .imports()
                  .run("run " + n, mine.iterator(), ImportOptions.defaults().withBatch(30));
            } else {
              for (int i = 0; i < 30; i++) {
                Order order = Histories.order(own, "LIVE-" + n + "-" + i);
                repeated(() -> laoke.orders().upsert(order));
              }
            }
            return n;
          });
      ImportReport report = alone.imports().run("all", facts.iterator());
      Truth.check(laoke);
      assertThat(laoke.orders().recountAll(0, 1000).clean()).isTrue();
      ImportReport one = laoke.imports().report("run 0").orElseThrow();
      ImportReport other = laoke.imports().report("run 1").orElseThrow();
      assertThat(one.of(Kind.ORDER).taken() + other.of(Kind.ORDER).taken())
          .isEqualTo(report.of(Kind.ORDER).taken());
      assertThat(one.of(Kind.ORDER).accepted()).isEqualTo(report.of(Kind.ORDER).accepted());
      assertThat(one.saleFen()).isEqualTo(report.saleFen());
    }
  }

  /** As a caller does that is told so; H2 tells lock timeouts apart. */
  private static void repeated(Runnable call) {
    for (int attempt = 1; ; attempt++) {
      try {
        call.run();
        return;
      } catch (LaokeException failed) {
        boolean phone = String.valueOf(failed.getMessage()).contains("phone");
        boolean units = String.valueOf(failed.getMessage()).contains("units");
        if (phone || units) {
          return;
        }
        if (attempt == 50 || !failed.retryable()) {
          throw failed;
        }
      }
    }
  }

  @Test
  void aBadFactIsRefusedAloneAndSaysWhereAndWhy() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      prepare(laoke);
      List<Refusal> told = new ArrayList<>();
      List<ImportFact> facts =
          List.of(
              ImportFact.order("A-1", () -> sale("A-1").line(OrderLine.goods("1", "tv", -2, "1"))),
              ImportFact.order(sale("A-2").line(OrderLine.goods("1", "tv", 1, "10.005")))
                  .stage(StageReport.of(Stage.SHIPPED, AT).line("7"))
                  .stage(() -> StageReport.of(Stage.SHIPPED, Instant.parse("yesterday")))
                  .stage(StageReport.of(Stage.DELIVERED, AT))
                  .from("orders.csv:3"),
              ImportFact.order(sale("A-3").buyer(Buyer.of("C1", "王芳", "call me"))),
              ImportFact.refused(Kind.ORDER, "A-4", "receiver_phone", "1380013", "is too short"),
              ImportFact.refused(Kind.LINE, "A-4", "quantity", "-3", "is negative"),
              ImportFact.stage("A-9", StageReport.of(Stage.SHIPPED, AT)),
              ImportFact.returned(
                  ReturnNote.of("R-1", AT)
                      .order("A-2")
                      .line(ReturnLine.of("1", "tv", 1, "10.005").orderLine("1"))),
              ImportFact.order(sale("A-5").line(OrderLine.goods("1", "av/tv", 1, "3"))));
      ImportReport report =
          laoke
              .imports()
              .run("first", facts.iterator(), ImportOptions.defaults().withRefusals(told::add));
      assertThat(report.of(Kind.ORDER)).isEqualTo(new ImportReport.Counts(2, 0, 0, 3));
      assertThat(report.of(Kind.STAGE)).isEqualTo(new ImportReport.Counts(1, 0, 0, 3));
      assertThat(report.of(Kind.RETURN)).isEqualTo(new ImportReport.Counts(1, 0, 0, 0));
      assertThat(report.of(Kind.LINE)).isEqualTo(new ImportReport.Counts(0, 0, 0, 1));
      assertThat(report.lines()).isEqualTo(2);
      assertThat(report.guestOrders()).isEqualTo(2);
      assertThat(report.returnLines()).isEqualTo(1);
      assertThat(report.guestReturns()).isEqualTo(1);
      assertThat(report.roundedLines()).isEqualTo(2);
      assertThat(report.saleFen()).isEqualTo(BigInteger.valueOf(1001 + 300));
      assertThat(report.returnFen()).isEqualTo(BigInteger.valueOf(1001));
      assertThat(report.refusedBy())
          .isEqualTo(
              Map.of(
                  "ORDER lines[].quantity", 1L,
                  "STAGE orderNo", 2L,
                  "STAGE value", 1L,
                  "ORDER buyer.phone", 1L,
                  "ORDER receiver_phone", 1L,
                  "LINE quantity", 1L));
      assertThat(report.firstRefused()).isEqualTo(told).isEqualTo(refusals(laoke, "first"));
      assertThat(told.get(1).origin()).contains("orders.csv:3");
      assertThat(told)
          .filteredOn(one -> one.position() == 5)
          .singleElement()
          .satisfies(line -> assertThat(line.value()).contains("-3"));
      // What may be personal is neither kept nor shown.
      assertThat(told.toString()).doesNotContain("1380013", "call me", "王芳");
      assertThat(laoke.orders().find("A-2").orElseThrow().stage()).isEqualTo(Stage.DELIVERED);
      assertThat(laoke.members().find("C1")).isEmpty();
    }
  }

  /** A reader that trips over one row of a file goes on with the next. */
  @Test
  void aRowThatIsTooShortOrHasAnEmptyColumnIsRefusedAlone() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      String[] row = {"A-1"};
      Map<String, String> columns = Map.of();
      ImportReport report =
          laoke
              .imports()
              .run(
                  "short",
                  List.of(
                          ImportFact.order("A-1", () -> sale(row[0]).salesperson(row[7])),
                          ImportFact.order("A-2", () -> sale(columns.get("no").strip())),
                          ImportFact.order("A-3", () -> sale(List.<String>of().iterator().next())),
                          ImportFact.order(sale("A-4")))
                      .iterator());
      assertThat(report.of(Kind.ORDER)).isEqualTo(new ImportReport.Counts(1, 0, 0, 3));
      assertThat(report.firstRefused())
          .extracting(Refusal::key)
          .containsExactly("A-1", "A-2", "A-3");
      assertThat(report.refusedBy()).isEqualTo(Map.of("ORDER value", 3L));
    }
  }

  @Test
  void aFactThatMakesAnotherOneIsRefused() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      ImportReport report =
          laoke
              .imports()
              .run(
                  "other",
                  List.of(
                          ImportFact.order("A-1", () -> sale("A-2"))
                              .stage(StageReport.of(Stage.SHIPPED, AT)),
                          ImportFact.member("C1", () -> MemberProfile.of("C2")),
                          ImportFact.returned("R-1", () -> ReturnNote.of("R-2", AT)),
                          ImportFact.order(" A-4\u00A0", () -> sale("A-4")))
                      .iterator());
      assertThat(report.refusedBy())
          .isEqualTo(Map.of("ORDER orderNo", 1L, "MEMBER customerNo", 1L, "RETURN noteNo", 1L));
      assertThat(report.of(Kind.ORDER)).isEqualTo(new ImportReport.Counts(1, 0, 0, 1));
      assertThat(report.firstRefused())
          .extracting(Refusal::reason)
          .containsExactly(
              "must be the number that the fact was given under, 'A-1', was 'A-2'; give the fact the number of what it makes",
              "must be the number that the fact was given under, was another; give the fact the number of what it makes",
              "must be the number that the fact was given under, 'R-1', was 'R-2'; give the fact the number of what it makes");
      assertThat(laoke.orders().find("A-2")).isEmpty();
      assertThat(laoke.members().find("C2")).isEmpty();
    }
  }

  private static Order sale(String orderNo) {
    return Order.of(orderNo, AT);
  }

  @Test
  void sumsThatDoNotFitAreRefusedAlone() {
    try (OrderFixture laoke = new OrderFixture(TestServer.POSTGRESQL)) {
      // 9.2 × 10^18 fen take 930,000 of the largest lines; the file stands just below that.
      laoke.orders().upsert(ofC1("A-0"));
      laoke.database.write(
          "fill",
          tx ->
              tx.update(
                      "UPDATE {member_category} SET net_fen = 9223372036854775000 WHERE path = ''")
                  .execute());
      ImportReport report =
          laoke
              .imports()
              .run(
                  "big",
                  List.of(
                          ImportFact.order(sale("B-1").buyer(Buyer.of("C2", null, null))),
                          ImportFact.order(ofC1("A-1")),
                          ImportFact.order(sale("B-2").buyer(Buyer.of("C3", null, null))))
                      .iterator());
      assertThat(report.of(Kind.ORDER)).isEqualTo(new ImportReport.Counts(2, 0, 0, 1));
      assertThat(report.firstRefused())
          .singleElement()
          .satisfies(one -> assertThat(one.key()).isEqualTo("A-1"));
      assertThat(laoke.orders().find("A-1")).isEmpty();
      assertThat(laoke.orders().find("B-2")).isPresent();
    }
  }

  private static Order ofC1(String orderNo) {
    return sale(orderNo)
        .buyer(Buyer.of("C1", null, null))
        .line(OrderLine.goods("1", "tv", 1, "100"));
  }

  @Test
  void whatWasImportedIsNeverToldAgain() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      StageReport shipped = StageReport.of(Stage.SHIPPED, AT).text("已出库");
      laoke.imports().run("h", List.of(ImportFact.order(ofC1("A-1")).stage(shipped)).iterator());
      assertThat(laoke.heard)
          .containsExactly(new OrderFixture.Heard("imported", "A-1", Optional.empty(), false));
      laoke.heard.clear();
      assertThat(laoke.orders().advance("A-1", shipped).outcome())
          .isEqualTo(AdvanceResult.Outcome.UNCHANGED);
      // An earlier stage that the import left out is late, and no news.
      laoke.orders().advance("A-1", StageReport.of(Stage.APPROVED, AT));
      assertThat(laoke.heard)
          .singleElement()
          .satisfies(heard -> assertThat(heard.flag()).isFalse());
      laoke.heard.clear();
      laoke.orders().advance("A-1", StageReport.of(Stage.DELIVERED, AT.plusSeconds(9)));
      assertThat(laoke.heard).singleElement().satisfies(heard -> assertThat(heard.flag()).isTrue());
    }
  }

  @Test
  void otherFactsUnderTheNameOfAKilledRunAreRefused() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      Imports imports = laoke.imports();
      List<ImportFact> facts =
          List.of(ImportFact.order(ofC1("A-1")), ImportFact.order(ofC1("A-2")));
      ImportOptions one = ImportOptions.defaults().withBatch(1);
      assertThatThrownBy(() -> imports.run("h", breaking(facts, 1), one)).hasMessage("cut");
      assertThatThrownBy(
              () -> imports.run("h", List.of(ImportFact.order(ofC1("B-1"))).iterator(), one))
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("1 behind it", "start a run of another name");
      assertThatThrownBy(() -> imports.run("h", Collections.emptyIterator(), one))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("they end after 0");
      assertThat(imports.run("h", facts.iterator(), one).of(Kind.ORDER).taken()).isEqualTo(2);
    }
  }

  @Test
  void whoeverStartsARunLastGoesOnWithIt() {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2)) {
      Imports imports = laoke.imports();
      List<ImportFact> facts =
          IntStream.range(0, 6).mapToObj(i -> ImportFact.order(ofC1("A-" + i))).toList();
      ImportReport[] second = new ImportReport[1];
      ImportOptions options =
          ImportOptions.defaults()
              .withBatch(2)
              .withProgress(
                  report -> {
                    if (second[0] == null) {
                      second[0] = imports.run("h", facts.iterator());
                    }
                  });
      assertThatThrownBy(() -> imports.run("h", facts.iterator(), options))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("started by another thread or process");
      assertThat(second[0].of(Kind.ORDER).taken()).isEqualTo(6);
      assertThat(imports.report("h").orElseThrow().state()).isEqualTo(ImportReport.State.DONE);
      assertThat(imports.names()).containsExactly("h");
      assertThat(imports.forget("h")).isTrue();
      assertThat(imports.report("h")).isEmpty();
    }
  }

  @Test
  void aRunJoinsNoTransactionOfTheHost() throws SQLException {
    try (OrderFixture laoke = new OrderFixture(TestServer.H2);
        Connection host = laoke.pool.getConnection()) {
      host.setAutoCommit(false);
      Imports joined = laoke.imports.imports(laoke.database.in(host), laoke.tenant);
      assertThatThrownBy(() -> joined.run("h", Collections.emptyIterator()))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("outside of any transaction");
    }
  }
}
