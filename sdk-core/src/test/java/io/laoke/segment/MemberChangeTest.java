package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.catalog.Category;
import io.laoke.catalog.Store;
import io.laoke.member.AttributeType;
import io.laoke.member.MemberProfile;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written of who changed, in the transaction that changes them. */
class MemberChangeTest {
  private long seen;

  private List<String> fresh(SegmentFixture laoke) {
    List<String> rows = new ArrayList<>();
    laoke.database.read(
        "read changes",
        tx ->
            tx.query("SELECT id, members FROM {member_change} WHERE id > :seen ORDER BY id")
                .bind("seen", seen)
                .map(
                    (row, context) -> {
                      seen = row.getLong("id");
                      return rows.add(row.getString("members"));
                    })
                .list());
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void aTransactionTellsInOneRowWhomItChanged(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      fresh(laoke);
      laoke.members().put(MemberProfile.of("fang"));
      String fang = String.valueOf(laoke.members().find("fang").orElseThrow().id());
      assertThat(fresh(laoke)).containsExactly(fang);

      Order order =
          Order.of("SO-1", SegmentFixture.NOW)
              .buyer(Buyer.of("fang", null, null))
              .line(OrderLine.goods("1", "av/tv", 2, "2000"));
      laoke.orders().upsert(order);
      assertThat(fresh(laoke)).containsExactly(fang);

      laoke.orders().upsert(order);
      laoke.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, SegmentFixture.NOW));
      assertThat(fresh(laoke)).as("nothing that is asked of a member").isEmpty();

      laoke
          .returns()
          .record(
              ReturnNote.of("R-1", SegmentFixture.NOW)
                  .order("SO-1")
                  .line(ReturnLine.of("1", "av/tv", 1, "900")));
      laoke.members().tag(Long.parseLong(fang), "VIP", "小李");
      laoke.members().untag(Long.parseLong(fang), "VIP", "小李");
      assertThat(fresh(laoke)).containsExactly(fang, fang, fang);

      laoke.orders().upsert(order.buyer(Buyer.of("lei", null, null)));
      String lei = String.valueOf(laoke.members().find("lei").orElseThrow().id());
      assertThat(fresh(laoke)).containsExactly(fang + "," + lei);

      laoke.members().merge(Long.parseLong(fang), Long.parseLong(lei), "小李", "same");
      assertThat(fresh(laoke)).containsExactly(fang + "," + lei);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whatSegmentsSpeakOfIsToldAsNobody(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      fresh(laoke);
      laoke.catalog().put(Category.of("new", "新"));
      laoke.catalog().put(Store.of("S-9", "新店"));
      laoke.attributes().put(AttributeType.flag("新客"));
      laoke.segments().save("all", "all", Criteria.everyone(), "小李");
      laoke.segments().remove("all", "小李");
      assertThat(fresh(laoke)).containsExactly("0", "0", "0", "0", "0");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whatIsRolledBackIsNotTold(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      fresh(laoke);
      assertThatThrownBy(
              () ->
                  laoke.database.write(
                      "fail",
                      tx -> {
                        tx.changed(1, 5L);
                        throw new IllegalStateException("on purpose");
                      }))
          .isInstanceOf(IllegalStateException.class);
      assertThat(fresh(laoke)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "MYSQL"})
  void anImportTellsOfManyInFewRows(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      fresh(laoke);
      laoke.imports().run("people", People.of(new Random(7), 600).iterator());
      Set<Long> told = new TreeSet<>();
      List<String> rows = fresh(laoke);
      rows.forEach(row -> List.of(row.split(",")).forEach(id -> told.add(Long.parseLong(id))));

      assertThat(told)
          .containsAll(
              laoke.database.<List<Long>>read(
                  "read members",
                  tx -> tx.query("SELECT id FROM {member}").mapTo(Long.class).list()));
      assertThat(rows).hasSizeLessThan(100);
    }
  }
}
