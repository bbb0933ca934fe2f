/** Real processes, killed while they send: what WeChat got is held against what was reported. */
@NullMarked
package io.laoke.examples.benchmarks.crash;

import org.jspecify.annotations.NullMarked;
