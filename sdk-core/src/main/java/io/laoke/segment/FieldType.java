package io.laoke.segment;

/** What a value is. */
public enum FieldType {
  /** One of a declared list. */
  CODE,
  /** A text of at most 200 characters. */
  TEXT,
  /** A path in the tree of regions. */
  REGION,
  /** A path in the tree of categories. */
  CATEGORY,
  /** A set of codes. */
  TAGS,
  /** A number; compared with whole ones. */
  INTEGER,
  /** An amount in fen. */
  MONEY,
  /** Yes or no. */
  FLAG,
  /** A day. */
  DATE,
  /** A moment. */
  INSTANT
}
