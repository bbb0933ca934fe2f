package io.laoke.examples.erp;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** How far an order is, in this ERP's own words. */
enum OrderStatus {
  REPORTED("已上报", "上报", "XS"),
  APPROVED("已审核", "审核", "SH"),
  SHIPPED("已出库", "出库", "CK"),
  SCHEDULED("已预约", "预约", "YY"),
  DELIVERED("已送达", "送达", "SD"),
  INSTALLED("已安装", "安装", "AZ"),
  COMPLETED("已完成", "完成", "WC"),
  CANCELLED("已取消", "取消", "QX");

  private static final Set<OrderStatus> CANCELLABLE = EnumSet.range(REPORTED, SCHEDULED);

  private final String label;
  private final String verb;
  private final String documentPrefix;

  OrderStatus(String label, String verb, String documentPrefix) {
    this.label = label;
    this.verb = verb;
    this.documentPrefix = documentPrefix;
  }

  /** As pages show it. */
  public String label() {
    return label;
  }

  /** As the button says that leads here. */
  public String verb() {
    return verb;
  }

  /** What the number of this step's document begins with. */
  public String documentPrefix() {
    return documentPrefix;
  }

  /** The step that follows in the ordinary course. */
  public Optional<OrderStatus> next() {
    return this == COMPLETED || this == CANCELLED
        ? Optional.empty()
        : Arrays.stream(values()).filter(later -> later.compareTo(this) > 0).findFirst();
  }

  public boolean cancellable() {
    return CANCELLABLE.contains(this);
  }

  boolean leadsTo(OrderStatus to) {
    return to == CANCELLED ? cancellable() : next().filter(to::equals).isPresent();
  }
}
