package io.laoke.wechat;

import java.util.Optional;

/**
 * Capability: the menu of an account, for verified accounts. Phones read a changed menu after about
 * five minutes. WeChat allows 1,000 creates and deletes and 10,000 reads a day by default
 * (reference, sections 8.2 and 10). Safe for use by many threads.
 */
public interface Menus {
  /**
   * Sets the menu for everyone, whatever it was before, also one that was made in the console. One
   * network call; repeating it changes nothing more.
   *
   * @throws WeChatException when WeChat refuses, as for a domain that is not registered (40055), or
   *     cannot be reached
   */
  void create(Menu menu);

  /**
   * The menu that was set by this API; one network call. Parts that WeChat's rules for {@code
   * create} would not allow any more, such as names that have grown too long, are an error.
   *
   * @return empty if there is none (46003); a menu made in the console is not seen here
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Optional<Menu> read();

  /**
   * Takes the menu away, conditional ones too; one network call, harmless to repeat.
   *
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  void delete();
}
