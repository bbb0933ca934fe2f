/** Laoke's own private JSON mapper. Never public API. */
@NullMarked
package io.laoke.internal.json;

import org.jspecify.annotations.NullMarked;
