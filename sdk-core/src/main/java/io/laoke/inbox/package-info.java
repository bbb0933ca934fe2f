/** Facts that any program inserts as rows of table inbox, and what became of them. */
@NullMarked
package io.laoke.inbox;

import org.jspecify.annotations.NullMarked;
