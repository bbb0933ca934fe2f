package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.binding.BindingStatus;
import io.laoke.binding.BindingTicket;
import io.laoke.binding.QrCode;
import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.message.Deliveries;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** 客户通知: everything that this ERP has to do with Laoke. */
@Component
class CustomerNotices {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy年M月d日");

  private final Dealer dealer;

  CustomerNotices(Laoke laoke) {
    this.dealer = laoke.dealer("hengxin");
  }

  // Laoke: what the ERP tells. The calls join the ERP's own transaction.

  void reported(SalesOrder order) {
    dealer.orders().upsert(order(order, null));
  }

  /** An order as Laoke is told, of a buyer with a card or of one with a phone alone. */
  static Order order(SalesOrder order, @Nullable String card) {
    Salesperson seller = order.salesperson();
    return Order.of(order.orderNo(), order.orderedAt())
        .buyer(Buyer.of(card, order.customerName(), order.customerPhone()))
        .place(Place.of(order.region(), order.street(), null, null))
        .store(seller.store().code())
        .salesperson(seller.code())
        .salesChannel(order.channel())
        .lines(order.lines().stream().map(CustomerNotices::line).toList());
  }

  private static OrderLine line(SalesOrderLine line) {
    Product product = line.product();
    return OrderLine.of(
            product.service() ? LineKind.SERVICE : LineKind.GOODS,
            String.valueOf(line.lineNo()),
            product.category().code(),
            BigDecimal.valueOf(line.quantity()),
            line.amount().movePointRight(2).longValueExact())
        .name(product.name())
        .brand(product.brand())
        .model(product.model());
  }

  void advanced(SalesOrder order, OrderStep step) {
    dealer.orders().advance(order.orderNo(), stage(step));
  }

  static StageReport stage(OrderStep step) {
    String slot = step.visitOn().map(DAY::format).orElse("");
    return StageReport.of(Stage.valueOf(step.status().name()), step.at())
        .document(step.documentNo())
        .text(step.status().label())
        .slot(slot.isEmpty() ? null : slot + " " + step.visitSlot().orElse("09:00"))
        .technician(step.worker().orElse(null));
  }

  // Laoke: what the ERP shows.

  BindingStatus issue(String orderNo) {
    dealer.bindings().issue(orderNo);
    return status(orderNo);
  }

  BindingStatus status(String orderNo) {
    return dealer.bindings().status(orderNo);
  }

  Set<String> bound(List<String> orderNos) {
    return dealer.bindings().bound(orderNos);
  }

  QrCode code(String orderNo) {
    return dealer.bindings().ticket(orderNo).orElseThrow(NotFound::new).qrCode();
  }

  BindingTicket ticket(String orderNo) {
    return dealer.bindings().issue(orderNo);
  }

  Deliveries deliveries() {
    return dealer.deliveries();
  }

  // Laoke: once, when the ERP starts.

  void masterData(List<ProductCategory> categories, List<Store> stores, List<Salesperson> staff) {
    for (ProductCategory category : categories) {
      dealer.catalog().put(Category.of(category.groupCode(), category.groupName()));
      String path = category.groupCode() + "/" + category.code();
      dealer.catalog().put(Category.of(path, category.name()).withCodes(category.code()));
    }
    for (Store store : stores) {
      dealer
          .catalog()
          .put(
              io.laoke.catalog.Store.of(store.code(), store.name())
                  .withRegion(store.region())
                  .withPhones(store.phone()));
    }
    for (Salesperson one : staff) {
      dealer.catalog().put(staff(one));
    }
  }

  static Staff staff(Salesperson one) {
    Staff staff =
        Staff.of(one.code(), one.name()).withStore(one.store().code()).withDigestBy(one.digestBy());
    staff = one.role().map(staff::withRole).orElse(staff);
    return one.phone().map(staff::withPhone).orElse(staff);
  }

  void templates(String progress, String visit) {
    NoticeTemplate told =
        NoticeTemplate.of(progress)
            .field("character_string1", "{order.no}")
            .field("thing2", "{stage.items}")
            .field("phrase3", "{stage.text}")
            .field("time4", "{stage.at:yyyy年M月d日 HH:mm}");
    for (OrderStatus status : OrderStatus.values()) {
      if (status != OrderStatus.REPORTED) {
        dealer.notices().template(Stage.valueOf(status.name()), told);
      }
    }
    dealer
        .notices()
        .template(
            Stage.SCHEDULED,
            NoticeTemplate.of(visit)
                .field("character_string1", "{order.no}")
                .field("thing2", "{stage.items}")
                .field("time3", "{stage.slot}")
                .field("thing4", "{stage.technician|待安排}"));
  }

  // Laoke: end.
}
