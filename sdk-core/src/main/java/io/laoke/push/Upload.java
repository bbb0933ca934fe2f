package io.laoke.push;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

/** A file to upload. */
public final class Upload {
  private final String name;
  private final byte[] bytes;

  /**
   * A file.
   *
   * @param name what the platform's library shows, at most 60 characters
   * @param bytes not copied
   */
  public Upload(String name, byte[] bytes) {
    this.name = key("name", name, 60);
    this.bytes = notNull("bytes", bytes);
  }

  /** What the platform's library shows. */
  public String name() {
    return name;
  }

  /** What it holds; not copied. */
  public byte[] bytes() {
    return bytes;
  }

  /** Shows name and size. */
  @Override
  public String toString() {
    return "Upload[" + name + ", " + bytes.length + "]";
  }
}
