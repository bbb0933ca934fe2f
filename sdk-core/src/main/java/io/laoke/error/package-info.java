/** What Laoke throws, and what a caller may do about it. */
@NullMarked
package io.laoke.error;

import org.jspecify.annotations.NullMarked;
