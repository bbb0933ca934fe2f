package io.laoke.catalog;

import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Moves categories. The paths that they had stay as codes, marked as moved, so that what the ERP
 * sends under them lands where they are now.
 */
final class CategoryMover {
  private static final int MOST_MOVES = 8;
  private static final int LOOKS = 5;

  private final Tenant tenant;

  CategoryMover(Tenant tenant) {
    this.tenant = tenant;
  }

  /** What a path is once what is at it, or above it, has moved. */
  String resolved(Tx tx, String path) {
    String at = path;
    for (int step = 0; step < MOST_MOVES; step++) {
      Map<String, String> moved = new HashMap<>();
      tx.query(
              """
              SELECT code, path FROM {category_code}
              WHERE dealer_id = :dealer AND code IN (<codes>) AND moved = 1""")
          .bind("dealer", tenant.id())
          .bindList("codes", Keys.upwards(at))
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("path")))
          .forEach(row -> moved.put(row.getKey(), row.getValue()));
      String from = at;
      Optional<String> nearest = Keys.upwards(at).stream().filter(moved::containsKey).findFirst();
      if (nearest.isEmpty()) {
        return at;
      }
      at =
          Keys.path(
              "path", Keys.moved(from, nearest.get(), moved.getOrDefault(nearest.get(), from)));
    }
    return at;
  }

  private record Code(String path, boolean moved) {}

  /** A move that can be made. */
  record Checked(
      CatalogChange.Move move,
      SortedMap<String, Category> categories,
      SortedMap<String, String> targets,
      List<String> unlisted,
      List<String> returning,
      List<String> missing) {}

  /**
   * Checks a move against what there is.
   *
   * @param locking whether nobody may change it until the transaction ends
   */
  Checked check(Tx tx, CatalogChange.Move move, boolean locking) {
    SortedMap<String, String> codes = codesBelow(tx, move.from(), locking);
    SortedMap<String, Category> categories = below(tx, move.from(), locking);
    if (!categories.containsKey(move.from())) {
      throw unknown(tx, move.from());
    }
    SortedMap<String, String> targets = new TreeMap<>();
    for (String path : categories.keySet()) {
      targets.put(path, Keys.path("to", Keys.moved(path, move.from(), move.to())));
    }
    List<String> unlisted = new ArrayList<>();
    List<String> returning = new ArrayList<>();
    for (String target : targets.values()) {
      Code there = code(tx, target, locking);
      String leads = there == null ? target : Keys.moved(there.path(), move.from(), move.to());
      if (!leads.equals(target)) {
        throw taken(move, target, there);
      }
      if (there == null) {
        unlisted.add(target);
      } else if (codes.containsKey(target)) {
        returning.add(target);
      }
    }
    List<String> missing = new ArrayList<>(targets.values());
    for (List<String> some : Chunks.of(targets.values())) {
      missing.removeAll(
          tx.query("SELECT path FROM {category} WHERE dealer_id = :dealer AND path IN (<paths>)")
              .bind("dealer", tenant.id())
              .bindList("paths", some)
              .mapTo(String.class)
              .list());
    }
    return new Checked(move, categories, targets, unlisted, returning, missing);
  }

  private static ConflictException taken(
      CatalogChange.Move move, String target, @Nullable Code there) {
    String leads = there == null ? target : there.path();
    return new ConflictException(
        there != null && there.moved()
            ? "Cannot move the category '%s' to '%s': '%s' was moved to '%s', where what the ERP sends under it lands. Give another path, or move '%s' back first."
                .formatted(move.from(), move.to(), target, leads, leads)
            : "Cannot move the category '%s' to '%s': '%s' is a code of '%s'. Give another path."
                .formatted(move.from(), move.to(), target, leads));
  }

  private NotFoundException unknown(Tx tx, String path) {
    String now = resolved(tx, path);
    return new NotFoundException(
        now.equals(path)
            ? "There is no category '%s' to move. Put it first, or look at catalog().categories()."
                .formatted(path)
            : "There is no category '%s' any more: it was moved to '%s'. Give that path."
                .formatted(path, now));
  }

  /** Makes a move; the target's ancestors are there. */
  void make(Tx tx, Checked checked) {
    tx.listsChanged(tenant.id());
    PreparedBatch codes =
        tx.batch(
            """
            UPDATE {category_code} SET moved = CASE WHEN code = :from THEN 1 ELSE moved END, path = :to
            WHERE dealer_id = :dealer AND path = :from""");
    PreparedBatch products =
        tx.batch("UPDATE {product} SET path = :to WHERE dealer_id = :dealer AND path = :from");
    PreparedBatch gone =
        tx.batch("DELETE FROM {category} WHERE dealer_id = :dealer AND path = :from");
    checked
        .targets()
        .forEach(
            (from, to) -> {
              codes.bind("dealer", tenant.id()).bind("from", from).bind("to", to).add();
              products.bind("dealer", tenant.id()).bind("from", from).bind("to", to).add();
              gone.bind("dealer", tenant.id()).bind("from", from).add();
            });
    codes.execute();
    products.execute();
    gone.execute();
    for (String path : checked.returning()) {
      tx.update("UPDATE {category_code} SET moved = 0 WHERE dealer_id = :dealer AND code = :code")
          .bind("dealer", tenant.id())
          .bind("code", path)
          .execute();
    }
    for (String path : checked.unlisted()) {
      boolean made =
          tx.insertIfAbsent(
              """
              INSERT INTO {category_code} (dealer_id, code, path, moved)
              VALUES (:dealer, :code, :code, 0)""",
              row -> row.bind("dealer", tenant.id()).bind("code", path));
      if (!made) {
        throw Races.lost("category");
      }
    }
    checked
        .categories()
        .forEach(
            (from, category) -> {
              String to = checked.targets().getOrDefault(from, from);
              if (checked.missing().contains(to)) {
                insert(tx, to, category);
              }
            });
  }

  private void insert(Tx tx, String path, Category category) {
    tx.insertIfAbsent(
        """
        INSERT INTO {category} (dealer_id, path, name, serviceable)
        VALUES (:dealer, :path, :name, :serviceable)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("path", path)
                .bind("name", category.name())
                .bind("serviceable", category.serviceable().orElse(null)));
  }

  /** The codes of a category and of those below it, by code; again while others have added some. */
  private SortedMap<String, String> codesBelow(Tx tx, String from, boolean locking) {
    SortedMap<String, String> found = new TreeMap<>();
    for (int look = 0; look < LOOKS; look++) {
      SortedMap<String, String> now = new TreeMap<>();
      tx.query(
              """
              SELECT code, path FROM {category_code}
              WHERE dealer_id = :dealer AND path >= :from AND path < :end"""
                  + (locking ? " ORDER BY code FOR UPDATE" : ""))
          .bind("dealer", tenant.id())
          .bind("from", from)
          .bind("end", from + "0")
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("path")))
          .forEach(row -> now.put(row.getKey(), row.getValue()));
      now.values().removeIf(path -> !path.equals(from) && !Keys.below(path, from));
      if (!locking || now.equals(found)) {
        return now;
      }
      found = now;
    }
    throw Races.lost("category");
  }

  private SortedMap<String, Category> below(Tx tx, String from, boolean locking) {
    SortedMap<String, Category> found = new TreeMap<>();
    StoredCatalog.categories(
            tx.query(
                    """
                    SELECT path, name, serviceable FROM {category}
                    WHERE dealer_id = :dealer AND path >= :from AND path < :end"""
                        + (locking ? " ORDER BY path FOR UPDATE" : ""))
                .bind("dealer", tenant.id())
                .bind("from", from)
                .bind("end", from + "0"))
        .forEach(category -> found.put(category.path(), category));
    found.keySet().removeIf(path -> !path.equals(from) && !Keys.below(path, from));
    return found;
  }

  private @Nullable Code code(Tx tx, String code, boolean locking) {
    return tx.query(
            """
            SELECT path, moved FROM {category_code}
            WHERE dealer_id = :dealer AND code = :code"""
                + (locking ? " FOR UPDATE" : ""))
        .bind("dealer", tenant.id())
        .bind("code", code)
        .map((row, context) -> new Code(row.getString("path"), row.getInt("moved") != 0))
        .findOne()
        .orElse(null);
  }
}
