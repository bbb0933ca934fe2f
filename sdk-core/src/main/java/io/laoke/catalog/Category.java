package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A category of goods, in a tree.
 *
 * @param path the ERP's category codes from large to small between slashes, such as {@code
 *     kitchen/hood}; compared with case, at most 200 characters and 8 levels; changes by {@link
 *     Catalog#move} only
 * @param name what people call it
 * @param codes further codes by which the ERP's lines name it; the path itself always is one
 * @param serviceable whether units of it are serviced; empty takes it from the nearest ancestor
 *     that says so
 */
public record Category(String path, String name, Set<String> codes, Optional<Boolean> serviceable) {
  /** Checks and copies. */
  public Category {
    path = Keys.path("path", path);
    name = Keys.line("name", name, 100);
    Set<String> checked = new TreeSet<>();
    for (String code : notNull("codes", codes)) {
      checked.add(Keys.loose(Keys.line("codes", code, Keys.PATH)));
    }
    checked.remove(path);
    codes = Collections.unmodifiableSet(checked);
    notNull("serviceable", serviceable);
  }

  /** A category that only its path names. */
  public static Category of(String path, String name) {
    return new Category(path, name, Set.of(), Optional.empty());
  }

  /** With these further codes. */
  public Category withCodes(String... codes) {
    return new Category(
        path, name, new LinkedHashSet<>(Arrays.asList(notNull("codes", codes))), serviceable);
  }

  /** Marked as serviced or not. */
  public Category withServiceable(boolean serviceable) {
    return new Category(path, name, codes, Optional.of(serviceable));
  }
}
