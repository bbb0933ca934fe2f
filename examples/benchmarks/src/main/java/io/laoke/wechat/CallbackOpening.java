package io.laoke.wechat;

import io.laoke.message.Inbound;

/**
 * The part of {@link WeChatCallback} before anything is written, on the caller's thread. Stands in
 * the package of that class, since hosts have no use for it.
 */
public final class CallbackOpening {
  private final WeChatCallback callback;

  /** Of this callback. */
  public CallbackOpening(WeChatCallback callback) {
    this.callback = callback;
  }

  /** From a request to the verified, decrypted, parsed event. */
  public Inbound open(CallbackRequest request) {
    try {
      return Inbounds.of(callback.opened(request).push()).orElseThrow();
    } catch (WeChatCallback.Refusal refused) {
      throw new IllegalStateException(refused);
    }
  }
}
