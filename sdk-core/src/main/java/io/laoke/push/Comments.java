package io.laoke.push;

/** Who may comment on what was sent. The account needs WeChat's right to comments (88000). */
public enum Comments {
  /** Nobody. */
  OFF,
  /** Everyone. */
  EVERYONE,
  /** Followers only. */
  FOLLOWERS
}
