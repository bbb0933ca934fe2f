package io.laoke.internal.tenant;

import io.laoke.base.Internal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A person as export and erasure look for them: by what their rows are found. Filled by the
 * features that know it, before any of them reads or writes rows of the person.
 */
@Internal
public final class Person {
  /** By what a row is found. */
  public enum By {
    /** The id of a member. */
    MEMBER,
    /** Laoke's own number of an order. */
    ORDER,
    /** The ERP's number of an order. */
    ORDER_NO,
    /** The lookup hash of an openid, or of a phone that is nobody else's, by which messages go. */
    RECIPIENT,
    /** The lookup hash of anybody's openid to whom the person's orders were told. */
    TOLD,
    /** The id of a return note. */
    NOTE,
    /** The id of a place that nobody else's order has. */
    PLACE,
    /** The lookup hash of a phone. */
    PHONE,
    /** The lookup hash of a customer number. */
    CUSTOMER_NO,
    /** A customer number itself, for rows that are found by no hash. */
    CUSTOMER_VALUE,
    /** A name, phone or openid itself, likewise. */
    VALUE
  }

  private final Map<By, TreeSet<Object>> found = new TreeMap<>();
  private final @Nullable Person foreseen;

  /** A person of whom nothing is known yet. */
  public Person() {
    this.foreseen = null;
  }

  /** A person who is being erased, and of whom nothing is known yet but what was foreseen. */
  public Person(Person foreseen) {
    this.foreseen = foreseen;
  }

  /** What their erasure was foreseen to lock; nothing of who is not being erased. */
  public Person foreseen() {
    return foreseen == null ? new Person() : foreseen;
  }

  /** Adds what their rows are found by. */
  public Person add(By by, Object value) {
    found.computeIfAbsent(by, none -> new TreeSet<>()).add(value);
    return this;
  }

  /** Adds what their rows are found by. */
  public Person addAll(By by, Collection<?> values) {
    values.forEach(value -> add(by, value));
    return this;
  }

  /** What is known of that kind, in order. */
  public Set<Object> all(By by) {
    return found.getOrDefault(by, new TreeSet<>());
  }

  /** The same as texts. */
  public List<String> texts(By by) {
    return all(by).stream().map(String.class::cast).toList();
  }

  /** The same as numbers. */
  public List<Long> numbers(By by) {
    return all(by).stream().map(Long.class::cast).toList();
  }

  /** The same in lists short enough for an {@code IN (…)}. */
  public List<List<Object>> chunks(By by) {
    List<Object> all = List.copyOf(all(by));
    List<List<Object>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += 500) {
      chunks.add(all.subList(from, Math.min(all.size(), from + 500)));
    }
    return chunks;
  }

  /** Shows nobody. */
  @Override
  public String toString() {
    return "Person";
  }
}
