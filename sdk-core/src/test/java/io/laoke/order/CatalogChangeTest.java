package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Upserted;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogChange;
import io.laoke.catalog.Category;
import io.laoke.catalog.ChangePlan;
import io.laoke.catalog.ChangeProgress;
import io.laoke.catalog.Product;
import io.laoke.catalog.UnmappedGoods;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.imports.ImportFact;
import io.laoke.member.MemberProfile;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded lines follow the catalogue. */
class CatalogChangeTest {
  private static final Instant AT = Instant.parse("2026-03-01T02:00:00Z");

  private static OrderLine line(String no, String category, String yuan, String model) {
    return OrderLine.goods(no, category, 1, yuan).model(model);
  }

  private static Order order(String no, String customer, OrderLine... lines) {
    Order order = Order.of(no, AT.plus(Duration.ofDays(no.hashCode() % 50)));
    return order.buyer(Buyer.of(customer, null, null)).lines(List.of(lines));
  }

  /** What each line of an order stands in. */
  private static List<String> places(OrderFixture laoke, String orderNo) {
    return laoke.orders().find(orderNo).orElseThrow().lines().stream()
        .map(OrderDetail.Line::category)
        .toList();
  }

  private static Map<String, Long> lifetime(OrderFixture laoke, String customer) {
    Map<String, Long> sums = new TreeMap<>();
    laoke.orders().consumption(laoke.memberOf(customer)).stream()
        .filter(row -> row.month().isEmpty())
        .forEach(row -> sums.put(row.category(), row.netFen()));
    return sums;
  }

  private static ChangeProgress newest(OrderFixture laoke) {
    return laoke.catalog().changes(0, 1).get(0);
  }

  private static void clean(OrderFixture laoke) {
    Truth.check(laoke);
    assertThat(laoke.orders().recountAll(0, 1_000).clean()).isTrue();
  }

  // ---- moves

  @ParameterizedTest
  @EnumSource
  void aMovedCategoryTakesItsLinesCodesAndProductsWithIt(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Catalog catalog = laoke.catalog();
      catalog.put(Category.of("kitchen/hood/side", "侧吸").withCodes("S-1"));
      catalog.mapProduct("CXW-200", "kitchen/hood");
      laoke
          .orders()
          .upsert(
              order(
                  "SO-1",
                  "C1",
                  line("1", "S-1", "100", "a"),
                  line("2", "?", "10", "CXW-200"),
                  line("3", "av/tv", "1", null)));
      laoke.orders().upsert(order("SO-2", "C1", line("1", "kitchen / hood", "1000", null)));
      laoke.orders().upsert(order("SO-3", "C2", line("1", "kitchen/pot", "7", null)));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", AT).customerNo("C2").line(ReturnLine.of("1", "S-1", 1, "30")));
      laoke
          .returns()
          .record(
              ReturnNote.of("R-2", AT)
                  .order("SO-2")
                  .line(ReturnLine.of("1", "kitchen / hood", 1, "400").orderLine("1")));
      laoke.follow();
      ChangePlan plan = catalog.plan(CatalogChange.move("kitchen/hood", "appliance/hood"));
      String before = laoke.everything();

      ChangeProgress begun = catalog.move("kitchen/hood", "appliance/hood");

      assertThat(begun.state()).isEqualTo(ChangeProgress.State.WAITING);
      assertThat(laoke.everything()).as("nothing has moved yet").isEqualTo(before);
      clean(laoke, false);
      assertThat(plan)
          .isEqualTo(
              new ChangePlan(
                  3,
                  2,
                  2,
                  2,
                  BigInteger.valueOf(71_000 - 3_000),
                  List.of(
                      new ChangePlan.Moved(
                          "kitchen/hood", "appliance/hood", 2, 1, BigInteger.valueOf(61_000)),
                      new ChangePlan.Moved(
                          "kitchen/hood/side",
                          "appliance/hood/side",
                          1,
                          1,
                          BigInteger.valueOf(7_000)))));
      laoke.follow();

      ChangeProgress done = catalog.change(begun.id()).orElseThrow();
      assertThat(done.state()).isEqualTo(ChangeProgress.State.DONE);
      assertThat(done.doneAt()).isPresent();
      same(plan, done);
      assertThat(places(laoke, "SO-1"))
          .containsExactly("appliance/hood/side", "appliance/hood", "av/tv");
      assertThat(places(laoke, "SO-2")).containsExactly("appliance/hood");
      assertThat(lifetime(laoke, "C1"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "",
                  71_100L,
                  "appliance",
                  71_000L,
                  "appliance/hood",
                  71_000L,
                  "appliance/hood/side",
                  10_000L,
                  "av",
                  100L,
                  "av/tv",
                  100L));
      assertThat(lifetime(laoke, "C2"))
          .containsEntry("appliance", -3_000L)
          .containsEntry("kitchen", 700L);
      clean(laoke);
      assertThat(catalog.category("kitchen/hood")).isEmpty();
      assertThat(catalog.category("appliance/hood/side").orElseThrow().codes())
          .containsExactly("S-1", "kitchen/hood/side");
      assertThat(catalog.category("appliance/hood").orElseThrow().name()).isEqualTo("kitchen/hood");
      assertThat(catalog.products(null, 10))
          .containsExactly(Product.of("CXW-200", "appliance/hood"));

      // What the ERP sends under the old path lands in the new place, and so does what it puts.
      laoke.orders().upsert(order("SO-4", "C2", line("1", "kitchen/hood", "1", null)));
      assertThat(places(laoke, "SO-4")).containsExactly("appliance/hood");
      assertThat(catalog.put("kitchen/hood", "烟机")).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.put("kitchen/hood", "烟机")).isEqualTo(Upserted.UNCHANGED);
      assertThat(catalog.put("kitchen/hood/top", "顶吸")).isEqualTo(Upserted.CREATED);
      assertThat(catalog.category("appliance/hood").orElseThrow().name()).isEqualTo("烟机");
      laoke.orders().upsert(order("SO-5", "C2", line("1", "kitchen/hood/top", "1", null)));
      assertThat(places(laoke, "SO-5")).containsExactly("appliance/hood/top");
      assertThat(catalog.category("kitchen/hood/top")).isEmpty();

      catalog.move("appliance/hood", "kitchen/hood");
      laoke.follow();
      assertThat(places(laoke, "SO-1"))
          .containsExactly("kitchen/hood/side", "kitchen/hood", "av/tv");
      assertThat(places(laoke, "SO-5")).containsExactly("kitchen/hood/top");
      assertThat(catalog.category("kitchen/hood").orElseThrow().codes())
          .containsExactly("appliance/hood");
      laoke.orders().upsert(order("SO-6", "C2", line("1", "appliance/hood/side", "1", null)));
      assertThat(places(laoke, "SO-6")).containsExactly("kitchen/hood/side");
      clean(laoke);
    }
  }

  private static void same(ChangePlan plan, ChangeProgress done) {
    assertThat(List.of(done.lines(), done.orders(), done.returns(), done.netFen()))
        .isEqualTo(List.of(plan.lines(), plan.orders(), plan.returns(), plan.netFen()));
  }

  private static void clean(OrderFixture laoke, boolean recounted) {
    Truth.check(laoke);
    if (recounted) {
      clean(laoke);
    }
  }

  /** An ERP may use the new path before it is told to Laoke. */
  @ParameterizedTest
  @EnumSource
  void whatCameUnderTheNewPathAlreadyFollowsToo(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke
          .orders()
          .upsert(
              order(
                  "SO-1",
                  "C1",
                  line("1", "appliance/hood", "1", null),
                  line("2", "appliance", "10", null),
                  line("3", "kitchen/hood", "100", null)));
      assertThat(places(laoke, "SO-1")).containsExactly("?", "?", "kitchen/hood");
      ChangePlan plan = laoke.catalog().plan(CatalogChange.move("kitchen/hood", "appliance/hood"));

      laoke.catalog().move("kitchen/hood", "appliance/hood");
      laoke.follow();

      assertThat(places(laoke, "SO-1"))
          .containsExactly("appliance/hood", "appliance", "appliance/hood");
      same(plan, newest(laoke));
      assertThat(plan.lines()).isEqualTo(3);
      clean(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoCategoriesBecomeOneWhereTheTargetIsThere(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO-1", "C1", line("1", "kitchen/pot", "1", null)));
      laoke.orders().upsert(order("SO-2", "C1", line("1", "av/tv", "10", null)));
      laoke.catalog().put(Category.of("av/tv", "电视").withServiceable(true));

      laoke.catalog().move("kitchen/pot", "av/tv");
      laoke.catalog().move("a/b", "a");
      laoke.follow();

      assertThat(places(laoke, "SO-1")).containsExactly("av/tv");
      assertThat(lifetime(laoke, "C1"))
          .isEqualTo(Map.of("", 1_100L, "av", 1_100L, "av/tv", 1_100L));
      assertThat(laoke.catalog().category("av/tv").orElseThrow())
          .isEqualTo(Category.of("av/tv", "电视").withServiceable(true).withCodes("kitchen/pot"));
      assertThat(laoke.catalog().category("a").orElseThrow().codes()).containsExactly("a/b");
      clean(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesMovesThatCannotBe(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Catalog catalog = laoke.catalog();
      catalog.put(Category.of("kitchen/hood", "烟机").withCodes("0203"));
      catalog.put("deep/2/3/4/5/6/7/8", "八");
      catalog.move("a/b", "b");
      String before = catalog.categories().toString();
      Map<String[], Class<? extends LaokeException>> refused = new java.util.LinkedHashMap<>();
      refused.put(new String[] {"kitchen", "kitchen"}, InvalidInputException.class);
      refused.put(new String[] {"kitchen", "kitchen/hood"}, InvalidInputException.class);
      refused.put(new String[] {"kitchen", "kitchen/hood/x/y"}, InvalidInputException.class);
      refused.put(new String[] {"?", "x"}, InvalidInputException.class);
      refused.put(new String[] {"kitchen", "?"}, InvalidInputException.class);
      refused.put(new String[] {"kitchen", "x//y"}, InvalidInputException.class);
      refused.put(new String[] {"deep", "one/level"}, InvalidInputException.class);
      refused.put(new String[] {"nowhere", "x"}, NotFoundException.class);
      refused.put(new String[] {"a/b", "x"}, NotFoundException.class);
      refused.put(new String[] {"0203", "x"}, NotFoundException.class);
      refused.put(new String[] {"kitchen", "0203"}, ConflictException.class);
      refused.put(new String[] {"av", "0203"}, ConflictException.class);
      refused.put(new String[] {"av", "a/b"}, ConflictException.class);
      refused.put(new String[] {"av", "a/b/c"}, ConflictException.class);
      refused.forEach(
          (paths, type) -> {
            for (ThrowingCallable call :
                List.<ThrowingCallable>of(
                    () -> catalog.plan(CatalogChange.move(paths[0], paths[1])),
                    () -> catalog.move(paths[0], paths[1]))) {
              assertThatThrownBy(call).as(paths[0] + " to " + paths[1]).isInstanceOf(type);
            }
          });
      assertThatThrownBy(() -> catalog.move("a/b", "x")).hasMessageContaining("moved to 'b'");
      assertThat(catalog.move("a/b", "b")).as("repeated").isEqualTo(newest(laoke));
      assertThat(catalog.plan(CatalogChange.move("a/b", "b")).empty()).isTrue();
      assertThatThrownBy(() -> catalog.put(Category.of("x", "x").withCodes("?")))
          .isInstanceOf(InvalidInputException.class);
      assertThat(catalog.categories().toString()).isEqualTo(before);
      assertThat(catalog.changes(0, 10)).hasSize(1);
    }
  }

  // ---- codes and products

  @ParameterizedTest
  @EnumSource
  void goodsStandWhereTheirCodeSaysElseTheirProductElseNowhere(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Catalog catalog = laoke.catalog();
      assertThat(
              catalog.mapProducts(
                  List.of(
                      Product.of("M1", "av/tv"),
                      Product.of("M1", "av/box").withBrand("小米"),
                      Product.of("M2", "kitchen/pot"))))
          .isEqualTo(3);
      assertThat(catalog.mapProducts(List.of(Product.of("M2", "kitchen/pot")))).isZero();
      Order order =
          order(
              "SO-1",
              "C1",
              line("1", "?", "1", "M1"),
              line("2", "?", "2", "M1").brand("小米"),
              line("3", "unknown", "3", "M1").brand("华为"),
              line("4", "kitchen/hood", "4", "M1"),
              line("5", "unknown", "5", "M3"),
              line("6", "?", "6", null));
      List<String> expected = List.of("av/tv", "av/box", "av/tv", "kitchen/hood", "?", "?");
      laoke.orders().upsert(order);
      assertThat(places(laoke, "SO-1")).isEqualTo(expected);
      laoke
          .imports()
          .run(
              "all",
              List.of(
                      ImportFact.order(
                          order("SO-2", "C2", order.lines().toArray(OrderLine[]::new))))
                  .iterator());
      assertThat(places(laoke, "SO-2")).isEqualTo(expected);
      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", AT)
                  .customerNo("C1")
                  .line(ReturnLine.of("1", "?", 1, "9").model("M2")));
      assertThat(lifetime(laoke, "C1")).containsEntry("kitchen/pot", -900L);

      laoke.follow();
      List<UnmappedGoods> unmapped = catalog.unmapped(null, 10);
      assertThat(unmapped)
          .extracting(
              goods ->
                  goods.code()
                      + " "
                      + goods.model().orElse("-")
                      + " "
                      + goods.lines()
                      + " "
                      + goods.netFen())
          .containsExactlyInAnyOrder("? - 2 1200", "unknown M3 2 1000");
      assertThat(unmapped)
          .allSatisfy(goods -> assertThat(goods.firstAt()).isBeforeOrEqualTo(goods.lastAt()));

      // A product, then a code that wins over it, then neither.
      ChangePlan plan =
          catalog.plan(
              CatalogChange.products(List.of(Product.of("M3", "av/box"), Product.of("M1", "a/b"))));
      assertThat(catalog.mapProducts(List.of(Product.of("M3", "av/box"), Product.of("M1", "a/b"))))
          .isEqualTo(2);
      laoke.follow();
      same(plan, newest(laoke));
      assertThat(plan.members()).isEqualTo(2);
      assertThat(places(laoke, "SO-1"))
          .containsExactly("a/b", "av/box", "a/b", "kitchen/hood", "av/box", "?");
      clean(laoke);

      plan = catalog.plan(CatalogChange.codes("a/c", "unknown"));
      catalog.put(Category.of("a/c", "丙").withCodes("unknown"));
      laoke.follow();
      same(plan, newest(laoke));
      assertThat(plan.lines()).isEqualTo(4);
      assertThat(newest(laoke))
          .satisfies(
              made -> {
                assertThat(made.kind()).isEqualTo(ChangeProgress.Kind.CODES);
                assertThat(made.to()).contains("a/c");
                assertThat(made.items()).isEqualTo(1);
              });
      assertThat(places(laoke, "SO-2"))
          .containsExactly("a/b", "av/box", "a/c", "kitchen/hood", "a/c", "?");
      clean(laoke);

      plan = catalog.plan(CatalogChange.withoutProduct("M1", Optional.of("小米")));
      assertThat(catalog.unmapProduct("M1", Optional.of("小米"))).isTrue();
      assertThat(catalog.unmapProduct("M1", Optional.of("小米"))).isFalse();
      laoke.follow();
      same(plan, newest(laoke));
      assertThat(places(laoke, "SO-2"))
          .containsExactly("a/b", "a/b", "a/c", "kitchen/hood", "a/c", "?");
      assertThat(catalog.unmapProduct("M1", Optional.empty())).isTrue();
      assertThat(catalog.unmapProduct("M2", Optional.empty())).isTrue();
      laoke.follow();
      assertThat(places(laoke, "SO-1"))
          .containsExactly("?", "?", "a/c", "kitchen/hood", "a/c", "?");
      assertThat(lifetime(laoke, "C1")).containsEntry("?", 900L - 900L);
      clean(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesProductsThatCannotBe(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Catalog catalog = laoke.catalog();
      catalog.move("a/b", "b");
      assertThatThrownBy(
              () ->
                  catalog.mapProducts(
                      List.of(Product.of("M", "av/tv"), Product.of("N", "nowhere"))))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("nowhere");
      assertThatThrownBy(
              () ->
                  catalog.mapProducts(List.of(Product.of("M", "av/tv"), Product.of("M", "av/box"))))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> Product.of(" ", "av/tv")).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> catalog.products(null, 0)).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> catalog.unmapped(null, 1_001))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () ->
                  catalog.mapProducts(
                      Stream.iterate(0, i -> i + 1)
                          .limit(10_001)
                          .map(i -> Product.of("M" + i, "av/tv"))
                          .toList()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("10,000");
      assertThat(catalog.products(null, 10)).isEmpty();
      catalog.mapProduct("M", "a/b");
      assertThat(catalog.products(null, 10)).containsExactly(Product.of("M", "b"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void pagesGiveEachOnceInOneOrder(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      List<Product> products = new ArrayList<>();
      for (String model : List.of("A", "B", "Ä", "b", "😀")) {
        products.add(Product.of(model, "av/tv"));
        products.add(Product.of(model, "av").withBrand("x"));
        products.add(Product.of(model, "a").withBrand("y"));
      }
      assertThat(laoke.catalog().mapProducts(products)).isEqualTo(15);
      int no = 0;
      for (String code : List.of("c", "C", "d/e")) {
        for (String model : Stream.of(null, "m", "n").toList()) {
          for (String brand : Stream.of(null, "x", "y").toList()) {
            no++;
            laoke
                .orders()
                .upsert(
                    order(
                        "SO-" + no,
                        "C1",
                        line("1", code, "1", model).brand(brand),
                        line("2", code, "1", model).brand(brand)));
          }
        }
      }
      for (int limit : new int[] {1, 2, 4, 100}) {
        List<Product> seen = new ArrayList<>();
        List<Product> page;
        do {
          page = laoke.catalog().products(seen.isEmpty() ? null : seen.get(seen.size() - 1), limit);
          seen.addAll(page);
        } while (page.size() == limit);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(products);
        List<UnmappedGoods> goods = new ArrayList<>();
        List<UnmappedGoods> some;
        do {
          some =
              laoke.catalog().unmapped(goods.isEmpty() ? null : goods.get(goods.size() - 1), limit);
          goods.addAll(some);
        } while (some.size() == limit);
        assertThat(goods).hasSize(27).doesNotHaveDuplicates();
        assertThat(goods).allSatisfy(one -> assertThat(one.lines()).isEqualTo(2));
        assertThat(goods.stream().map(UnmappedGoods::code).distinct()).hasSize(3);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCorrectedLineCountsWhereItStandsNow(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.orders().upsert(order("SO-1", "C1", line("1", "av/tv", "10", null)));
      laoke.orders().upsert(order("SO-1", "C1", line("1", "kitchen/pot", "10", null)));
      assertThat(lifetime(laoke, "C1"))
          .isEqualTo(Map.of("", 1_000L, "kitchen", 1_000L, "kitchen/pot", 1_000L));
      laoke.catalog().move("kitchen/pot", "pots");
      laoke.orders().upsert(order("SO-1", "C1", line("1", "kitchen/pot", "11", null)));
      assertThat(lifetime(laoke, "C1")).isEqualTo(Map.of("", 1_100L, "pots", 1_100L));
      clean(laoke);
      laoke.follow();
      assertThat(newest(laoke).lines()).as("it had followed by itself").isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void putsRegionsWithThoseAboveThem(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      Catalog catalog = laoke.catalog();
      assertThat(catalog.putRegion("浙江/ 杭州/西湖区", "西湖")).isEqualTo(Upserted.CREATED);
      assertThat(catalog.putRegion("浙江/杭州/西湖区", "西湖")).isEqualTo(Upserted.UNCHANGED);
      assertThat(catalog.putRegion("浙江/杭州/西湖区", "西湖区")).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.putRegion("浙江", "浙江省")).isEqualTo(Upserted.CHANGED);
      assertThat(catalog.regions())
          .extracting(region -> region.path() + "=" + region.name())
          .containsExactly("浙江=浙江省", "浙江/杭州=杭州", "浙江/杭州/西湖区=西湖区");
      assertThat(catalog.region("浙江/杭州").orElseThrow().name()).isEqualTo("杭州");
      assertThat(catalog.region("杭州")).isEmpty();
      assertThatThrownBy(() -> catalog.putRegion("浙江//杭州", "x"))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  // ---- the background

  /** An order that was reported by a transaction that had begun before the change. */
  @ParameterizedTest
  @EnumSource
  void whatWasUnderWayFollowsWhenItIsLookedAtAgain(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.catalog().move("kitchen/hood", "hoods");
      laoke.follow();
      laoke.orders().upsert(order("SO-1", "C1", line("1", "hoods", "10", null)));
      laoke.database.write(
          "stand as before",
          tx -> tx.update("UPDATE {order_line} SET category = 'kitchen/hood'").execute());
      laoke.database.write(
          "count as before",
          tx -> new Rollup(laoke.members.book()).recount(tx, laoke.tenant, laoke.memberOf("C1")));
      laoke.follow();
      assertThat(places(laoke, "SO-1")).as("not due yet").containsExactly("kitchen/hood");
      for (int pass = 2; pass <= 4; pass++) {
        due(laoke);
        laoke.follow();
        assertThat(places(laoke, "SO-1")).containsExactly("hoods");
        assertThat(newest(laoke).state()).isEqualTo(ChangeProgress.State.DONE);
      }
      clean(laoke);
      assertThat(open(laoke)).as("it is over").isZero();
    }
  }

  /** An order that was reported by a transaction that had read the catalogue before. */
  @ParameterizedTest
  @EnumSource
  void whatWasUnderWayWithANewCodeFollowsWithinADay(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.catalog().put(Category.of("hoods", "烟机").withCodes("0203"));
      laoke.orders().upsert(order("SO-1", null, line("1", "later", "10", null)));
      laoke.database.write(
          "have another code",
          tx -> tx.update("UPDATE {order_line} SET category_code = '0203'").execute());
      laoke.follow();
      assertThat(places(laoke, "SO-1")).containsExactly("?");
      for (int day = 0; day < 2; day++) {
        due(laoke);
        laoke.follow();
        assertThat(places(laoke, "SO-1")).containsExactly("hoods");
      }
      assertThat(laoke.catalog().changes(0, 10)).isEmpty();
      assertThat(laoke.catalog().change(0)).isEmpty();
    }
  }

  private static void due(OrderFixture laoke) {
    laoke.database.write(
        "hurry",
        tx ->
            tx.update("UPDATE {category_change} SET next_ms = 0 WHERE next_ms IS NOT NULL")
                .execute());
  }

  private static long open(OrderFixture laoke) {
    return laoke.database.read(
        "open",
        tx ->
            tx.query("SELECT COUNT(*) FROM {category_change} WHERE next_ms IS NOT NULL AND id > 0")
                .mapTo(Long.class)
                .one());
  }

  @ParameterizedTest
  @EnumSource
  void aHundredOrdersFollowByFewStatements(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke
          .imports()
          .run(
              "many",
              Stream.iterate(0, i -> i + 1)
                  .limit(60)
                  .map(
                      i ->
                          ImportFact.order(
                              order("SO-" + i, "C" + i, line("1", "av/tv", "1", "M" + i % 3))))
                  .iterator());
      laoke.catalog().move("av/tv", "tvs");
      Statements written = new Statements();
      laoke.follow(written.of(laoke.pool)).run(Long.MAX_VALUE / 2);
      List<String> statements = written.taken();
      int locks = server == TestServer.POSTGRESQL ? 0 : 2 * 60;
      assertThat(newest(laoke).orders()).isEqualTo(60);
      assertThat(statements).hasSizeLessThan(50 + locks);
      clean(laoke);
    }
  }

  // ---- histories

  private static final List<String> PATHS =
      List.of("kitchen/hood", "kitchen/pot", "kitchen", "av/tv", "av", "a/b", "new/x", "new", "z");
  private static final List<String> CODES = List.of("nowhere", "?1", "x y", "kitchen/hood");
  private static final List<String> MODELS = List.of("M1", "M2", "M3");

  /** Nodes die anywhere; in the end all stands as if the catalogue had been so from the first. */
  @ParameterizedTest
  @EnumSource
  void afterAnyHistoryAllStandsAsIfTheCatalogueHadBeenSoFromTheFirst(TestServer server) {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("catalogues on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    List<Consumer<OrderFixture>> facts = new ArrayList<>();
    try (OrderFixture laoke = new OrderFixture(server)) {
      for (int step = 0; step < 110; step++) {
        if (random.nextInt(4) > 0) {
          Consumer<OrderFixture> fact = fact(random);
          facts.add(fact);
          fact.accept(laoke);
        } else if (random.nextBoolean()) {
          change(laoke, random);
        } else {
          planned(laoke, random);
        }
        if (random.nextInt(3) == 0) {
          followAndDie(laoke, random);
        }
        Truth.check(laoke);
      }
      due(laoke);
      laoke.follow();
      clean(laoke);
      String picture = Histories.picture(laoke);
      try (OrderFixture fresh = new OrderFixture(server)) {
        copyCatalogue(laoke, fresh);
        facts.forEach(fact -> fact.accept(fresh));
        assertThat(picture).as("seed " + seed).isEqualTo(Histories.picture(fresh));
      }
    }
  }

  private static Consumer<OrderFixture> fact(Random random) {
    String orderNo = "SO-" + random.nextInt(8);
    switch (random.nextInt(6)) {
      case 0 -> {
        ReturnNote note = Histories.note(random, 6, 10, 4);
        ReturnNote modelled =
            ReturnNote.of(note.noteNo(), note.returnedAt())
                .order(note.orderNo().orElse(null))
                .customerNo(note.customerNo().orElse(null))
                .lines(
                    note.lines().stream()
                        .map(
                            line ->
                                ReturnLine.ofFen(
                                        line.lineNo(),
                                        code(random, line.category()),
                                        line.quantity(),
                                        line.netFen())
                                    .orderLine(line.orderLine().orElse(null))
                                    .model(model(random)))
                        .toList());
        return laoke -> laoke.returns().record(modelled);
      }
      case 1 -> {
        StageReport report = Histories.report(random);
        return laoke -> {
          try {
            laoke.orders().advance(orderNo, report);
          } catch (StoreException failed) {
            throw failed;
          } catch (LaokeException notYet) {
            assertThat(notYet.retryable()).isFalse();
          }
        };
      }
      default -> {
        Order order = bought(random, orderNo);
        Order modelled =
            Order.of(orderNo, order.orderedAt())
                .buyer(order.buyer())
                .lines(
                    order.lines().stream()
                        .map(
                            line ->
                                OrderLine.of(
                                        line.kind(),
                                        line.lineNo(),
                                        code(random, line.category()),
                                        line.quantity(),
                                        line.netFen())
                                    .model(model(random))
                                    .brand(random.nextBoolean() ? "X" : null))
                        .toList());
        return laoke -> laoke.orders().upsert(modelled);
      }
    }
  }

  /** An order with a number for a phone. */
  private static Order bought(Random random, String orderNo) {
    Order order = Histories.order(random, orderNo, 4);
    return order.buyer(
        Buyer.of(order.buyer().customerNo().orElse(null), order.buyer().name().orElse(null), null));
  }

  private static String code(Random random, String code) {
    return random.nextInt(3) == 0 ? PATHS.get(random.nextInt(PATHS.size())) : code;
  }

  private static String model(Random random) {
    return random.nextInt(3) == 0 ? null : MODELS.get(random.nextInt(MODELS.size()));
  }

  private static CatalogChange wanted(Random random) {
    String path = PATHS.get(random.nextInt(PATHS.size()));
    String model = MODELS.get(random.nextInt(MODELS.size()));
    Optional<String> brand = random.nextBoolean() ? Optional.of("X") : Optional.empty();
    return switch (random.nextInt(6)) {
      case 0 -> CatalogChange.codes(path, CODES.get(random.nextInt(CODES.size())));
      case 1, 2 -> CatalogChange.products(List.of(new Product(model, brand, path)));
      case 3 -> CatalogChange.withoutProduct(model, brand);
      default -> CatalogChange.move(path, PATHS.get(random.nextInt(PATHS.size())));
    };
  }

  private static void make(OrderFixture laoke, CatalogChange change) {
    Catalog catalog = laoke.catalog();
    if (change instanceof CatalogChange.Move move) {
      catalog.move(move.from(), move.to());
    } else if (change instanceof CatalogChange.MapCodes map) {
      catalog.put(Category.of(map.path(), "n").withCodes(map.codes().toArray(String[]::new)));
    } else if (change instanceof CatalogChange.MapProducts map) {
      catalog.mapProducts(map.products());
    } else if (change instanceof CatalogChange.UnmapProduct unmap) {
      catalog.unmapProduct(unmap.model(), unmap.brand());
    }
  }

  private static void change(OrderFixture laoke, Random random) {
    try {
      make(laoke, wanted(random));
    } catch (StoreException failed) {
      throw failed;
    } catch (LaokeException refused) {
      assertThat(refused.retryable()).isFalse();
    }
  }

  /** What a dry run says is what has moved in the end, whoever died meanwhile. */
  private static void planned(OrderFixture laoke, Random random) {
    due(laoke);
    laoke.follow();
    CatalogChange change;
    ChangePlan plan;
    long last = laoke.catalog().changes(0, 1).stream().mapToLong(ChangeProgress::id).sum();
    String before = laoke.everything();
    try {
      change = wanted(random);
      plan = laoke.catalog().plan(change);
      assertThat(laoke.everything()).isEqualTo(before);
      make(laoke, change);
    } catch (StoreException failed) {
      throw failed;
    } catch (LaokeException refused) {
      return;
    }
    for (int death = 0; death < 3; death++) {
      followAndDie(laoke, random);
    }
    due(laoke);
    laoke.follow();
    List<ChangeProgress> made =
        laoke.catalog().changes(0, 1).stream().filter(one -> one.id() > last).toList();
    if (made.isEmpty()) {
      assertThat(plan.empty()).as("%s: %s", change, plan).isTrue();
    } else {
      same(plan, made.get(0));
    }
  }

  private static void followAndDie(OrderFixture laoke, Random random) {
    due(laoke);
    AtomicInteger left = new AtomicInteger(1 + random.nextInt(60));
    AtomicBoolean dead = new AtomicBoolean();
    LinesFollow node =
        laoke.follow(
            new TamperedDataSource(
                laoke.pool,
                (connection, method, arguments) -> {
                  boolean counts = method.startsWith("prepare") || method.equals("commit");
                  if (dead.get() && !List.of("rollback", "close", "setAutoCommit").contains(method)
                      || (counts && left.decrementAndGet() == 0)) {
                    dead.set(true);
                    throw new SQLException("killed", "08006");
                  }
                }));
    try {
      node.run(Long.MAX_VALUE / 2);
    } catch (StoreException killed) {
      assertThat(dead).isTrue();
    }
  }

  private static void copyCatalogue(OrderFixture from, OrderFixture to) {
    for (String table : List.of("category", "category_code", "product")) {
      List<Map<String, Object>> rows =
          from.database.read(
              "copy", tx -> tx.query("SELECT * FROM {" + table + "}").mapToMap().list());
      to.database.write(
          "copy",
          tx -> {
            tx.update("DELETE FROM {" + table + "}").execute();
            for (Map<String, Object> row : rows) {
              List<String> columns = List.copyOf(row.keySet());
              var insert =
                  tx.update(
                      "INSERT INTO {%s} (%s) VALUES (:%s)"
                          .formatted(
                              table, String.join(", ", columns), String.join(", :", columns)));
              row.forEach(insert::bind);
              insert.execute();
            }
            return null;
          });
    }
  }

  /** Whoever is put below a category goes with it, or is put where it is. */
  @ParameterizedTest
  @EnumSource
  void nothingIsLeftBelowWhatMovesAway(TestServer server) throws Exception {
    try (OrderFixture laoke = new OrderFixture(server)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int n = 0; n < 6; n++) {
        String below = "kitchen/hood/" + n;
        tasks.add(
            () -> {
              laoke.catalog().put(below + "/x", "x");
              return 0;
            });
      }
      tasks.add(
          () -> {
            laoke.catalog().mapProduct("M", "kitchen/hood");
            laoke.catalog().put(Category.of("kitchen/hood", "烟机").withCodes("0203"));
            return 0;
          });
      tasks.add(
          () -> {
            laoke.catalog().move("kitchen/hood", "hoods");
            return 0;
          });
      tasks.add(
          () -> {
            laoke.catalog().move("kitchen/pot", "hoods/pot");
            return 0;
          });
      AtOnce.all(tasks);
      assertThat(laoke.catalog().categories())
          .extracting(Category::path)
          .contains("hoods/0/x", "hoods/5/x", "hoods/pot")
          .noneMatch(path -> path.startsWith("kitchen/"));
      assertThat(laoke.catalog().products(null, 10)).containsExactly(Product.of("M", "hoods"));
      Map<String, String> paths =
          laoke.database.read(
              "paths",
              tx ->
                  laoke
                      .catalog
                      .book()
                      .pathsOf(tx, laoke.tenant, List.of("kitchen/hood/3/x", "hoods/3/x", "0203")));
      assertThat(paths)
          .containsEntry("0203", "hoods")
          .containsEntry("kitchen/hood/3/x", "hoods/3/x")
          .containsEntry("hoods/3/x", "hoods/3/x");
    }
  }

  @ParameterizedTest
  @EnumSource
  void listsTheCodesThatOrdersName(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      assertThat(laoke.orders().usedCodes()).isEqualTo(new UsedCodes(List.of(), List.of()));
      int no = 0;
      for (String store : List.of("S2", "S1", "S2")) {
        for (String channel : Stream.of("TMALL", null, "门店", "tmall").toList()) {
          laoke.orders().upsert(order("SO-" + no++, "C1").store(store).salesChannel(channel));
        }
      }
      assertThat(laoke.members().sources()).containsExactly("ORDER");
      laoke.members().put(MemberProfile.of("C9").withSource("老店"));
      assertThat(laoke.members().sources()).containsExactly("ORDER", "老店");
      assertThat(laoke.orders().usedCodes())
          .isEqualTo(new UsedCodes(List.of("S1", "S2"), List.of("TMALL", "tmall", "门店")));
    }
  }

  /** Staff page through what is unmapped however much was sold. */
  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL")
  void aPageIsARangeOfAnIndex(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      laoke.database.write(
          "fill",
          tx -> {
            tx.update(
                    """
                    INSERT INTO {order_line} (dealer_id, order_id, line_no, line_index, kind,
                      category_code, category, model, quantity, net_fen, stage, counted_quantity,
                      counted_fen, ordered_ms)
                    SELECT 1, n, '1', 0, 'GOODS', 'c' || n % 7, CASE WHEN n % 3 = 0 THEN '?' ELSE 'av' END,
                      'm' || n % 2000, 1, 1, 'REPORTED', 1, 1, 0
                    FROM generate_series(1, 30000) n""")
                .execute();
            return tx.update("ANALYZE {order_line}").execute();
          });
      for (String range :
          List.of("category_code > 'c2'", "category_code = 'c2' AND model > 'm5'")) {
        String plan =
            laoke.database.read(
                "explain",
                tx ->
                    String.join(
                        "\n",
                        tx.query(
                                """
                                EXPLAIN SELECT category, category_code, model, brand, COUNT(*),
                                  SUM(counted_fen), MIN(ordered_ms)
                                FROM {order_line} WHERE dealer_id = 1 AND category = '?' AND %s
                                GROUP BY category, category_code, model, brand
                                ORDER BY category, category_code, model, brand LIMIT 50"""
                                    .formatted(range))
                            .mapTo(String.class)
                            .list()));
        assertThat(plan).contains("order_line_by_place").doesNotContain("Seq Scan", "Bitmap");
      }
      assertThat(laoke.catalog().unmapped(null, 50)).hasSize(50);
    }
  }

  /** Two nodes, and orders that come meanwhile. */
  @ParameterizedTest
  @EnumSource
  void nodesAndWritersAtOnceKeepAllRight(TestServer server) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("catalogue storm on " + server + ": -Dlaoke.seed=" + seed);
    try (OrderFixture laoke = new OrderFixture(server)) {
      Random first = new Random(seed);
      for (int i = 0; i < 40; i++) {
        laoke.orders().upsert(bought(first, "SO-" + i));
      }
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int n = 0; n < 2; n++) {
        Random random = new Random(seed + n);
        tasks.add(
            () -> {
              for (int i = 0; i < 12; i++) {
                laoke.orders().upsert(bought(random, "SO-" + random.nextInt(40)));
              }
              return 0;
            });
        String path = n == 0 ? "kitchen" : "av";
        tasks.add(
            () -> {
              laoke.catalog().move(path, "moved/" + path);
              laoke.follow(laoke.pool).run(Long.MAX_VALUE / 2);
              return 0;
            });
      }
      AtOnce.all(tasks);
      Truth.check(laoke);
      due(laoke);
      laoke.follow();
      clean(laoke);
      List<String> left =
          laoke.database.read(
              "left",
              tx ->
                  tx.query(
                          "SELECT DISTINCT category FROM {order_line} WHERE category NOT LIKE"
                              + " 'moved/%'")
                      .mapTo(String.class)
                      .list());
      assertThat(left).isSubsetOf("?");
    }
  }
}
