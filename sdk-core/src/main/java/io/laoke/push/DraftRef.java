package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import java.util.Optional;

/**
 * The draft of an account's draft box 草稿箱 that an article was copied from, or is to be.
 *
 * @param account the account's key, for WeChat the appid; empty: the dealer's first that sends
 *     articles
 * @param mediaId the draft's id
 * @param index which of its articles, from 0
 */
public record DraftRef(Optional<String> account, String mediaId, int index) {
  /** Checks. */
  public DraftRef {
    account = notNull("account", account).map(one -> key("account", one, 64));
    mediaId = key("mediaId", mediaId, 128);
    long unused = range("index", index, 0, 99);
  }
}
