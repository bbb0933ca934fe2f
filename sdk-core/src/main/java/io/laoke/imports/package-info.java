/** Imports of history: members, orders with their stages, and returns of the time before Laoke. */
@NullMarked
package io.laoke.imports;

import org.jspecify.annotations.NullMarked;
