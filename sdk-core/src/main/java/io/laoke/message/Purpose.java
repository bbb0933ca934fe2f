package io.laoke.message;

/** Why a message is sent 发送用途. Caps, quiet hours and consent differ by it. */
public enum Purpose {
  /** 订单通知: part of the contract; stopped per order or by unfollowing. */
  ORDER,
  /** 服务提醒: refusable by itself. */
  CARE,
  /** 营销: needs consent. */
  MARKETING
}
