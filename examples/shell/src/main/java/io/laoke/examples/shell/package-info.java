/** A command line on a dealer's history: an example of the SDK in a program of its own. */
@NullMarked
package io.laoke.examples.shell;

import org.jspecify.annotations.NullMarked;
