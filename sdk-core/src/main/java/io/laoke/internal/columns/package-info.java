/**
 * Members and their lines in arrays and bitmaps of this process, for counting while a user clicks.
 * Knows neither databases nor segments.
 */
@NullMarked
@Internal
package io.laoke.internal.columns;

import io.laoke.base.Internal;
import org.jspecify.annotations.NullMarked;
