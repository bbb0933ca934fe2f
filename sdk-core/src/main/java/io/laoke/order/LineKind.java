package io.laoke.order;

/** What a line of an order is. */
public enum LineKind {
  /** A thing that is sold; only these have units. */
  GOODS,
  /** 赠品: comes along for nothing. */
  GIFT,
  /** 服务: installation, extended warranty; its quantity may be decimal. */
  SERVICE
}
