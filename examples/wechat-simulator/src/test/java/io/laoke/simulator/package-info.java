/** What the simulated platform promises. */
@NullMarked
package io.laoke.simulator;

import org.jspecify.annotations.NullMarked;
