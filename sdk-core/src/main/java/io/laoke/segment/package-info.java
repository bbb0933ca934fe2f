/** Questions about a dealer's members: who is one of them, how many are, and why. */
@NullMarked
package io.laoke.segment;

import org.jspecify.annotations.NullMarked;
