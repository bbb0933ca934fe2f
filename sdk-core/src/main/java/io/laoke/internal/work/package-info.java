/** 64-bit ids made in the process, under a leased node number. Never public API. */
@NullMarked
package io.laoke.internal.work;

import org.jspecify.annotations.NullMarked;
