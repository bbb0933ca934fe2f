/** The dealer of a call, as the features' own code sees it. Never public API. */
@NullMarked
package io.laoke.internal.tenant;

import org.jspecify.annotations.NullMarked;
