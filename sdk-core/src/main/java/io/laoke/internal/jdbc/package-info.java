/** Connections, transactions, dialects and migrations. Never public API. */
@NullMarked
package io.laoke.internal.jdbc;

import org.jspecify.annotations.NullMarked;
