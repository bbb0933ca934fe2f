package io.laoke.examples.shell;

import io.laoke.catalog.Catalog;
import io.laoke.catalog.Category;
import io.laoke.error.ConflictException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The categories that lines name, and regions. One that the catalogue knows, by path or by code, is
 * taken as it is; any other is put, under the name of its last level, before the first line of it
 * is imported.
 */
final class Catalogued {
  private final Optional<Catalog> catalog;
  private final boolean writing;
  private final Set<String> known = new HashSet<>();
  private final Set<String> regions = new HashSet<>();
  private long added;

  /**
   * The catalogue.
   *
   * @param catalog empty if there is none yet
   * @param writing whether new categories are put
   */
  Catalogued(Optional<Catalog> catalog, boolean writing) {
    this.catalog = catalog;
    this.writing = writing;
    learn();
  }

  private void learn() {
    catalog.ifPresent(
        there ->
            there
                .categories()
                .forEach(
                    category -> {
                      known.add(category.path());
                      known.addAll(category.codes());
                    }));
    catalog.ifPresent(there -> there.regions().forEach(region -> regions.add(region.path())));
  }

  /** The path or code as the catalogue writes it. */
  String category(String cell) {
    String code =
        Arrays.stream(cell.split("/", -1)).map(Cells::stripped).collect(Collectors.joining("/"));
    if (known.contains(code)) {
      return code;
    }
    String name = code.substring(code.lastIndexOf('/') + 1);
    // The name is refused with the path, which has it.
    Category category =
        Row.made(
            "category",
            () -> {
              Category path = Category.of(cell, "-");
              return Category.of(path.path(), name);
            });
    if (known.add(category.path())) {
      added++;
      for (int at = code.indexOf('/'); at > 0; at = code.indexOf('/', at + 1)) {
        known.add(code.substring(0, at));
      }
      if (writing) {
        put(category);
      }
    }
    return category.path();
  }

  private void put(Category category) {
    Catalog there = catalog.orElseThrow();
    try {
      there.put(category);
    } catch (ConflictException taken) {
      // Somebody made it a code of another category since the catalogue was read.
      learn();
    }
  }

  /** A region's path as the catalogue writes it; one that it does not have is put. */
  String region(String column, String cell) {
    // Regions follow the rules of paths, too.
    String path = Row.made(column, () -> Category.of(cell, "-").path());
    if (regions.add(path)) {
      for (int at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
        regions.add(path.substring(0, at));
      }
      if (writing) {
        catalog.orElseThrow().putRegion(path, path.substring(path.lastIndexOf('/') + 1));
      }
    }
    return path;
  }

  /** How many categories were new. */
  long added() {
    return added;
  }
}
