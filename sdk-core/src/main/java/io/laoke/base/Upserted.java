package io.laoke.base;

/** What a repeat-safe writing call did. */
public enum Upserted {
  /** It was not there and is now. */
  CREATED,
  /** It was there with other content. */
  CHANGED,
  /** It was there with the same content; no row was changed. */
  UNCHANGED
}
