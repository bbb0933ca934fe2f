package io.laoke.segment;

import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a dealer's segments can speak of: fields of members, collections, and what its lists hold.
 */
interface Schema {
  /** Fields of members by name, built-in ones first, then the dealer's attributes. */
  Map<String, FieldDef> memberFields();

  /** Collections by name. */
  Map<String, CollectionDef> collections();

  /** The dealer's business zone. */
  ZoneId zone();

  /**
   * The values that a field may be compared with where its list is closed: codes of stores, paths
   * of categories, and the like, with their labels; empty where any value may be given.
   */
  Optional<Map<String, Labels>> values(FieldDef field);

  /**
   * What is asked for by a value that is in no list: where a category was moved, or the code of a
   * store that orders name, though nobody put it in the catalogue.
   */
  default Optional<String> unlisted(FieldDef field, String value) {
    return Optional.empty();
  }

  /** The same values, with those that only recorded orders name; costs more. */
  default Optional<Map<String, Labels>> used(FieldDef field) {
    return values(field);
  }

  /** The saved segment of that key, the version that counts now. */
  Optional<Segment> saved(String key);

  /** Keys of saved segments, for suggestions. */
  default Collection<String> savedKeys() {
    return List.of();
  }

  /** What people call the saved segment of that key. */
  default Optional<String> savedName(String key) {
    return Optional.empty();
  }

  /** Whether a text is kept so that only whole values can be compared, as encrypted ones are. */
  default boolean comparedWhole(FieldDef field) {
    return false;
  }
}
