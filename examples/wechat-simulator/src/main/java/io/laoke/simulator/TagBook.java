package io.laoke.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tags of one account. Who carries them is kept with the people. Guarded by the world. */
final class TagBook {
  static final int MOST = 100;
  static final int MOST_PER_PERSON = 20;
  private static final int LAST_OF_THE_PLATFORM = 2;
  private static final int MAX_NAME = 30;

  private final Map<Long, String> names = new LinkedHashMap<>();
  private long last = 99;
  private int mostFansToDelete = 100_000;

  Map<Long, String> all() {
    return names;
  }

  void mostFansToDelete(int count) {
    mostFansToDelete = count;
  }

  int mostFansToDelete() {
    return mostFansToDelete;
  }

  long create(String name) throws Refusal {
    check(name, -1);
    if (names.size() >= MOST) {
      throw new Refusal(45056);
    }
    last++;
    names.put(last, name);
    return last;
  }

  void rename(long id, String name) throws Refusal {
    own(id);
    check(name, id);
    names.put(id, name);
  }

  void delete(long id) throws Refusal {
    own(id);
    names.remove(id);
  }

  /** A tag that may be changed. */
  void own(long id) throws Refusal {
    if (id >= 0 && id <= LAST_OF_THE_PLATFORM) {
      throw new Refusal(45058);
    }
    require(id);
  }

  void require(long id) throws Refusal {
    if (!names.containsKey(id)) {
      throw new Refusal(45159);
    }
  }

  private void check(String name, long except) throws Refusal {
    if (name.isBlank()) {
      throw new Refusal(45157);
    }
    if (name.codePointCount(0, name.length()) > MAX_NAME) {
      throw new Refusal(45158);
    }
    Optional<Long> taken =
        names.entrySet().stream()
            .filter(tag -> tag.getValue().equals(name) && tag.getKey() != except)
            .map(Map.Entry::getKey)
            .findFirst();
    if (taken.isPresent()) {
      throw new Refusal(45157, "invalid tag name: it exists");
    }
  }
}
