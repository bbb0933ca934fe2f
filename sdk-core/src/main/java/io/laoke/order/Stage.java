package io.laoke.order;

/** How far an order, a line or a unit is 阶段. */
public enum Stage {
  /** 已上报: the order exists. Every order starts here. */
  REPORTED("已上报"),
  /** 已审核. */
  APPROVED("已审核"),
  /** 已出库. */
  SHIPPED("已出库"),
  /** 已预约: a slot for delivery or installation is agreed. */
  SCHEDULED("已预约"),
  /** 已送达. */
  DELIVERED("已送达"),
  /** 已安装. */
  INSTALLED("已安装"),
  /** 已完成. */
  COMPLETED("已完成"),
  /** 已取消: ends the order or line; it counts no longer. */
  CANCELLED("已取消"),
  /** 已退货: ends the line or unit. */
  RETURNED("已退货"),
  /** 已换货: the unit was replaced; the line stays live. */
  EXCHANGED("已换货");

  private final String chinese;

  Stage(String chinese) {
    this.chinese = chinese;
  }

  /** The canonical Chinese word, at most five pure Chinese characters. */
  public String chinese() {
    return chinese;
  }

  /** Whether nothing follows it: CANCELLED and RETURNED. */
  public boolean ending() {
    return this == CANCELLED || this == RETURNED;
  }

  /** Whether it is one of the steps from REPORTED to COMPLETED, which are ranked by order. */
  public boolean progress() {
    return compareTo(COMPLETED) <= 0;
  }
}
