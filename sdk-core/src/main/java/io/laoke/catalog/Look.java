package io.laoke.catalog;

import io.laoke.base.Internal;
import org.jspecify.annotations.Nullable;

/**
 * Where lines stand that a change may place otherwise.
 *
 * @param below whether below the place, too
 * @param code only those of this code; null for all
 */
@Internal
public record Look(String place, boolean below, @Nullable String code) {
  /** Whether a line that stands there with that code is looked at. */
  public boolean covers(String category, String categoryCode) {
    return (category.equals(place) || (below && Keys.below(category, place)))
        && (code == null || code.equals(categoryCode));
  }
}
