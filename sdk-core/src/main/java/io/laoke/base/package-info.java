/** What every floor shares: dealers, identity of a call, the business calendar, checks. */
@NullMarked
package io.laoke.base;

import org.jspecify.annotations.NullMarked;
