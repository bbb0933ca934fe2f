package io.laoke.spring;

import io.laoke.Laoke;

/**
 * Adds to the engine what no property can say: beans of this type are called in their order before
 * the engine is built, after all properties have been applied.
 */
@FunctionalInterface
public interface LaokeCustomizer {
  /** Changes the engine's settings. */
  void customize(Laoke.Builder builder);
}
