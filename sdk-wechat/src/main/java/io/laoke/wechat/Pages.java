package io.laoke.wechat;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What WeChat gives page after page, each page read when its first item is wanted.
 *
 * @param <C> what names a page
 * @param <T> an item
 */
final class Pages<C, T> implements Iterator<T> {
  private final Function<Optional<C>, Part<C, T>> read;
  private Optional<C> next;
  private boolean asked;
  private Iterator<T> page = List.<T>of().iterator();

  /** One page, and what names the one after it. */
  record Part<C, T>(List<T> items, Optional<C> next) {}

  private Pages(Optional<C> first, Function<Optional<C>, Part<C, T>> read) {
    next = first;
    this.read = read;
  }

  /** All items from a page on; empty names the very first page. */
  static <C, T> Stream<T> stream(Optional<C> first, Function<Optional<C>, Part<C, T>> read) {
    int kind = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(
        () -> Spliterators.spliteratorUnknownSize(new Pages<>(first, read), kind), kind, false);
  }

  @Override
  public boolean hasNext() {
    while (!page.hasNext() && (!asked || next.isPresent())) {
      Part<C, T> part = read.apply(next);
      asked = true;
      next = part.next();
      page = part.items().iterator();
    }
    return page.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more");
    }
    return page.next();
  }
}
