package io.laoke.segment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Texts by numbers, which they keep. Safe for use by many threads. */
final class Numbered {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  synchronized int of(String text) {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    numbers.put(text, texts.size());
    texts.add(text);
    return texts.size() - 1;
  }

  /** By their numbers; those that come later are not in it. */
  synchronized List<String> all() {
    return List.copyOf(texts);
  }
}
