package io.laoke.wechat;

/** The way in: accounts of WeChat for {@code Laoke.builder().account(dealer, …)}. */
public final class WeChat {
  private WeChat() {}

  /**
   * An Official Account 公众号. For template messages and codes it must be a verified service account
   * 已认证的服务号. Connects to nothing and starts no thread before its first call; close it when the
   * program ends.
   */
  public static OfficialAccount officialAccount(OfficialAccountSettings settings) {
    return new OfficialAccount(settings);
  }
}
