package io.laoke.wechat;

/** The signature by which a page may use WeChat's JS-SDK. */
final class JsSdkSignature {
  private JsSdkSignature() {}

  /**
   * Signs a page.
   *
   * @param url the page's full address; what follows {@code #} is left out
   */
  static String of(String ticket, String nonce, long timestamp, String url) {
    int fragment = url.indexOf('#');
    String page = fragment < 0 ? url : url.substring(0, fragment);
    return Signature.sha1(
        "jsapi_ticket="
            + ticket
            + "&noncestr="
            + nonce
            + "&timestamp="
            + timestamp
            + "&url="
            + page);
  }
}
