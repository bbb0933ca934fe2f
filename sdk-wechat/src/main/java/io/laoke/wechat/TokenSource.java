package io.laoke.wechat;

/**
 * Access tokens of one account, from a host that already holds them, such as an ERP whose other
 * software uses the same account. Without it Laoke keeps its own, which disturbs no other: WeChat's
 * stable tokens are apart from those of {@code /cgi-bin/token}.
 *
 * <p>Called by several threads at once, never by the thread that hands a message over. It may read
 * a database or a cache, but should answer within a second or so: its time counts towards {@link
 * OfficialAccountSettings.Builder#callTimeout}.
 */
public interface TokenSource {
  /**
   * A token that is valid now. Whatever this throws counts as "no token now": the message is not
   * sent and tried again later.
   */
  String current();

  /**
   * WeChat refused this token. Forget it <em>only if it is still the current one</em>, since
   * another thread or node may have renewed it meanwhile; {@link #current()} is asked once more
   * right after.
   *
   * @param used the token that was refused
   */
  void refused(String used);
}
