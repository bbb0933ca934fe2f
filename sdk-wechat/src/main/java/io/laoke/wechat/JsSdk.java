package io.laoke.wechat;

/**
 * Capability: pages that use WeChat's JS-SDK, such as to scan a code. The page's domain must be one
 * of the account's JS-safe domains JS接口安全域名 (reference, section 9.2).
 */
public interface JsSdk {
  /**
   * What a page needs for {@code wx.config}. Usually no network call: the ticket is kept as long as
   * WeChat lets it live, two hours as a rule, and fetched by one thread ahead of its end. While
   * there is none this waits, at most for the call time-out.
   *
   * @param url the page's full address as the browser has it, with its query; what follows {@code
   *     #} plays no part. Not encoded once more
   * @throws WeChatException when WeChat gives no ticket
   * @throws io.laoke.error.InvalidInputException if it is not an http or https address
   */
  PageConfig sign(String url);

  /**
   * The values for {@code wx.config}; those of one page are of no use to another. The ticket itself
   * never leaves the server.
   *
   * @param appId the account's appid
   * @param timestamp in seconds
   * @param nonceStr random; note that {@code wx.config} spells it so
   * @param signature over ticket, nonce, time stamp and address
   */
  record PageConfig(String appId, long timestamp, String nonceStr, String signature) {}
}
