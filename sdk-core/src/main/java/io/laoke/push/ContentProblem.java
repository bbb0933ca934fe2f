package io.laoke.push;

import static io.laoke.base.Check.notNull;

/**
 * One thing that keeps a content from being sent.
 *
 * @param pointer where it stands in the content's JSON form, as a JSON pointer such as {@code
 *     /articles/0/title}
 * @param code what kind of problem it is, for programs
 * @param en what is wrong and what to do, in English
 * @param zh the same in Chinese
 */
public record ContentProblem(String pointer, Code code, String en, String zh) {
  /** Checks. */
  public ContentProblem {
    notNull("pointer", pointer);
    notNull("code", code);
    notNull("en", en);
    notNull("zh", zh);
  }

  /** Kinds of problems. */
  public enum Code {
    /** Something is not there that must be. */
    MISSING,
    /** A text has too many characters or bytes. */
    TOO_LONG,
    /** There are too many of it. */
    TOO_MANY,
    /** A file has too many bytes. */
    TOO_BIG,
    /** A file of another type than is taken there. */
    WRONG_TYPE,
    /** A file that Laoke does not keep. */
    UNKNOWN_FILE,
    /** An address that cannot be one. */
    WRONG_URL,
    /** HTML that browsers could read in more than one way. */
    MALFORMED,
    /** An element that articles cannot have, such as a script or a form. */
    FORBIDDEN_ELEMENT,
    /** An attribute that runs a script when something happens, such as {@code onclick}. */
    EVENT_HANDLER,
    /** An address or a style that runs a script. */
    SCRIPT,
    /** A picture from elsewhere, which WeChat would take out. */
    FOREIGN_IMAGE,
    /** The draft that it stands for was not read yet. */
    DRAFT_UNREAD,
    /** Parts of several accounts, of which none can send all. */
    SEVERAL_ACCOUNTS
  }

  /** {@code pointer: sentence}, in English. */
  @Override
  public String toString() {
    return pointer.isEmpty() ? en : pointer + ": " + en;
  }
}
