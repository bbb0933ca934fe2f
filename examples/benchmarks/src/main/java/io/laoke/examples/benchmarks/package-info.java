/** Laoke beside its baselines, measured in turn in one run. */
@NullMarked
package io.laoke.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
