package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogChange;
import io.laoke.catalog.Category;
import io.laoke.catalog.ChangePlan;
import io.laoke.catalog.ChangeProgress;
import io.laoke.catalog.Product;
import io.laoke.catalog.UnmappedGoods;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guide's part about the catalogue, whose code is cut from here. */
class CatalogGuideTest {
  private static final Instant NOW = Instant.parse("2026-05-01T02:00:00Z");

  private static void bought(Dealer dealer) {
    dealer
        .orders()
        .upsert(
            Order.of("SO-1", NOW)
                .buyer(Buyer.of("C1", "王芳", null))
                .line(OrderLine.goods("1", "0203", 1, "2999.00"))
                .line(OrderLine.goods("2", "?", 1, "199.00").model("CXW-200"))
                .line(OrderLine.goods("3", "kitchen/pot", 1, "99.00")));
  }

  private static List<String> places(Dealer dealer) {
    return dealer.orders().find("SO-1").orElseThrow().lines().stream()
        .map(line -> line.category())
        .toList();
  }

  @Test
  void linesFollowWithTheTick() {
    try (HikariDataSource database = TestServer.H2.migrated();
        Laoke laoke = Laoke.builder().dataSource(database).dealer("hengxin").build()) {
      Dealer dealer = laoke.dealer("hengxin");
      dealer.catalog().put("kitchen/pot", "锅具");
      bought(dealer);
      // begin guide-catalog
      Catalog catalog = dealer.catalog();
      for (UnmappedGoods goods : catalog.unmapped(null, 100)) { // what stands under ?
        System.out.println(goods.code() + " " + goods.model() + ": " + goods.lines() + " lines");
      }
      catalog.put(Category.of("kitchen/hood", "油烟机").withCodes("0203")); // by the ERP's code
      catalog.mapProducts(List.of(Product.of("CXW-200", "kitchen/hood"))); // or by the product

      ChangePlan plan = catalog.plan(CatalogChange.move("kitchen", "appliance/kitchen")); // dry run
      System.out.println(plan.lines() + " lines of " + plan.members() + " members would move");
      ChangeProgress move = catalog.move("kitchen", "appliance/kitchen");
      laoke.tick(NOW); // or laoke.start()
      ChangeProgress now = catalog.change(move.id()).orElseThrow(); // DONE, and what moved
      // end guide-catalog
      assertThat(now.state()).isEqualTo(ChangeProgress.State.DONE);
      assertThat(places(dealer))
          .containsExactly(
              "appliance/kitchen/hood", "appliance/kitchen/hood", "appliance/kitchen/pot");
      assertThat(dealer.orders().recountAll(0, 10).clean()).isTrue();
      assertThat(catalog.unmapped(null, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void orByThemselvesOnceStarted(TestServer server) {
    try (HikariDataSource database = server.migrated();
        Laoke laoke =
            Laoke.builder().dataSource(database).dealer("hengxin").checkupAtStart(false).build()) {
      Dealer dealer = laoke.dealer("hengxin");
      bought(dealer);
      laoke.start();
      dealer.catalog().put(Category.of("kitchen/hood", "油烟机").withCodes("0203"));
      await()
          .untilAsserted(
              () -> assertThat(places(dealer)).containsExactly("kitchen/hood", "?", "?"));
    }
  }
}
