package io.laoke.catalog;

/**
 * A region of places and stores, in a tree.
 *
 * @param path from large to small between slashes, such as {@code 浙江/杭州/西湖区}; compared with case
 * @param name what people call it
 */
public record Region(String path, String name) {
  /** Checks and strips. */
  public Region {
    path = Keys.path("path", path);
    name = Keys.line("name", name, 100);
  }
}
