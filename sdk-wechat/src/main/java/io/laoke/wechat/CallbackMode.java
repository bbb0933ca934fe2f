package io.laoke.wechat;

/** How WeChat pushes events to the callback URL 消息加解密方式. */
public enum CallbackMode {
  /**
   * 明文模式: the body is plain text, and its signature does not cover it. Anyone who sees one push can
   * forge others for some minutes; use it for trying only.
   */
  PLAIN,
  /** 兼容模式: plain and encrypted side by side. Only the encrypted part is believed. */
  COMPATIBLE,
  /** 安全模式: encrypted only. */
  SECURE
}
