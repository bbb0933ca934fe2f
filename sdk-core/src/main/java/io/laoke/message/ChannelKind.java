package io.laoke.message;

/** How a message reaches a person 触达通道. */
public enum ChannelKind {
  /** A WeChat template message. */
  WECHAT_TEMPLATE,
  /** A one-time subscription message 一次性订阅消息, which its recipient has agreed to. */
  WECHAT_SUBSCRIPTION,
  /**
   * A message of one content to many followers at once 群发; one message of the outbox stands for all
   * of them, and its recipient for their list.
   */
  WECHAT_MASS,
  /** A text message to a phone 短信. */
  SMS,
  /** The passive reply to a scan, a text or a click; never queued. */
  WECHAT_REPLY,
  /** A page that the person opened; never queued. */
  WEB_PAGE
}
