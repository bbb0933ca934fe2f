/**
 * Laoke 老客: the engine and one dealer's handle. Everything starts at {@link
 * io.laoke.Laoke#builder()}.
 */
@NullMarked
package io.laoke;

import org.jspecify.annotations.NullMarked;
