package io.laoke.simulator;

/** How pushes to the callback URL are protected. */
public enum PushMode {
  /** 明文模式: plain body, {@code signature} only. */
  PLAIN,
  /** 兼容模式: plain fields and {@code Encrypt} side by side. */
  COMPATIBLE,
  /** 安全模式: only {@code ToUserName} and {@code Encrypt}; replies must be encrypted. */
  SECURE
}
