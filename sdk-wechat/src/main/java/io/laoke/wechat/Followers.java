package io.laoke.wechat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Capability: everyone who follows an account, for verified accounts. WeChat allows 500 of these
 * calls a day by default, each gives up to 10,000 openids in the order of following (reference,
 * section 7: {@code user/get}). Safe for use by many threads.
 */
public interface Followers {
  /** How many openids a page has at most. */
  int MAX_PAGE = 10_000;

  /**
   * All followers, read page by page as the stream is consumed: one network call for each page,
   * made when its first openid is asked for, repeated twice at most while WeChat is busy. Holds one
   * page in memory. Sequential; nothing need be closed. Whoever follows meanwhile comes at the end.
   *
   * <p>A call that fails ends the stream with a {@link WeChatException}; go on with {@link #after}
   * the last openid that was taken care of.
   */
  Stream<String> all();

  /**
   * The followers after this one, to go on where an earlier run stopped. If that person has
   * unfollowed meanwhile WeChat may refuse (40003); keep the one before too, or start anew.
   *
   * @param openid the last one that was taken care of
   */
  Stream<String> after(String openid);

  /**
   * One page; one network call.
   *
   * @param after the last openid of the page before; empty for the first page
   * @throws WeChatException when WeChat refuses or cannot be reached
   */
  Page page(Optional<String> after);

  /**
   * A page of followers.
   *
   * @param total how many follow in all
   * @param openids these
   * @param next what to ask for the next page with; empty when there is none
   */
  record Page(long total, List<String> openids, Optional<String> next) {
    /** Copies. */
    public Page {
      openids = List.copyOf(openids);
    }

    /** Shows numbers only. */
    @Override
    public String toString() {
      return "Page[" + openids.size() + " of " + total + "]";
    }
  }
}
