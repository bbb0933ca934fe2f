package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import java.util.function.Function;

/**
 * A field by its name, with what can be asked of it. The built-in ones are constants of {@link
 * Fields}, which also makes those of the host's own attributes and events.
 *
 * @param <Q> what can be asked
 */
public final class FieldKey<Q extends Ask> {
  private final String name;
  private final Function<Ask.Target, Q> asks;

  FieldKey(String name, Function<Ask.Target, Q> asks) {
    this.name = Check.key("name", name, 100);
    this.asks = notNull("asks", asks);
  }

  /** Its name in JSON. */
  public String name() {
    return name;
  }

  Q ask(Ask.Target target) {
    return asks.apply(target);
  }

  /** Its name. */
  @Override
  public String toString() {
    return name;
  }
}
