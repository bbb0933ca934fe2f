package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.binding.BindingTicket;
import io.laoke.catalog.Category;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportOptions;
import io.laoke.imports.ImportReport;
import io.laoke.member.MemberProfile;
import io.laoke.message.Decision;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.PushMode;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide of sdk-core, run. */
class CoreGuideTest {
  @Test
  void theGuidesCodeDoesWhatTheGuideSays() throws Exception {
    try (Shop shop = new Shop(TestServer.H2, PushMode.SECURE)) {
      Dealer dealer = shop.dealer;
      Instant at = Instant.parse("2026-11-20T02:00:00Z");
      // begin guide-order
      dealer.catalog().put(Category.of("kitchen/hood", "油烟机"));
      dealer
          .orders()
          .upsert(
              Order.of("SO-1001", at)
                  .store("S1")
                  .salesperson("李娜")
                  .buyer(Buyer.of("C-77", "王芳", "13800138000"))
                  .place(Place.of("浙江/杭州/西湖区", "文三路 1 号", "王芳", "13800138000"))
                  .line(
                      OrderLine.goods("1", "kitchen/hood", 1, "2999.00")
                          .name("侧吸式油烟机")
                          .model("CXW-200")));
      // end guide-order
      // begin guide-join
      try (Connection connection = shop.database.getConnection()) {
        connection.setAutoCommit(false);
        // … your own statements …
        dealer
            .in(connection)
            .orders()
            .advance("SO-1001", StageReport.of(Stage.SHIPPED, Instant.now()).document("CK-77"));
        connection.commit(); // order, history and message together, or none of them
      }
      // end guide-join
      // begin guide-bind
      BindingTicket ticket = dealer.bindings().issue("SO-1001"); // repeating gives the same
      byte[] png = ticket.qrCode().png(360); // asks WeChat; call it outside transactions
      boolean bound = dealer.bindings().status("SO-1001").bound();
      // end guide-bind
      // begin guide-why
      for (Decision decision : dealer.deliveries().decisions("SO-1001")) {
        String why =
            decision.reason().map(reason -> reason.text() + " " + reason.advice()).orElse("");
        System.out.println(decision.result() + " " + why);
      }
      // end guide-why
      // begin guide-import
      Iterator<ImportFact> facts = // read from a file or a cursor, never all at once
          List.of(
                  ImportFact.member(MemberProfile.of("C-8").withName("李雷")),
                  ImportFact.order(
                          "SO-7",
                          () ->
                              Order.of("SO-7", Instant.parse("2024-05-01T02:00:00Z"))
                                  .buyer(Buyer.of("C-8", null, null))
                                  .line(OrderLine.goods("1", "kitchen/hood", 1, "2599.00")))
                      .stage(StageReport.of(Stage.INSTALLED, Instant.parse("2024-05-04T02:00:00Z")))
                      .from("orders.csv:2"))
              .iterator();
      ImportReport report =
          dealer
              .imports()
              .run(
                  "history-2024",
                  facts,
                  ImportOptions.defaults()
                      .withProgress(now -> System.out.println(now.position() + " facts"))
                      .withRefusals(System.out::println));
      System.out.println(report.of(ImportFact.Kind.ORDER).taken() + " orders taken");
      // end guide-import

      assertThat(report.refused()).isZero();
      assertThat(report.of(ImportFact.Kind.ORDER).taken()).isEqualTo(1);
      assertThat(png).startsWith(0x89, 'P', 'N', 'G');
      assertThat(bound).isFalse();
      assertThat(dealer.deliveries().decisions("SO-1001"))
          .extracting(decision -> decision.reason().orElseThrow().code())
          .isEqualTo(List.of("NO_RECIPIENT"));
    }
  }
}
