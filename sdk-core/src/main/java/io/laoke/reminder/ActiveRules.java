package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Keys;
import io.laoke.order.ServicedOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of a dealer that are in force. Used by one thread. */
final class ActiveRules implements ServicedOrder.Wanted {
  private static final int MOST_REMEMBERED = 20_000;

  /** A rule in force. */
  record Numbered(ReminderRule rule, int version) {}

  private record Goods(String category, @Nullable String model, @Nullable String brand) {}

  /** Where a rule stands, so that goods find theirs among hundreds. */
  private record Place(String category, @Nullable String model) {}

  private final List<Numbered> all;
  private final Map<Place, List<ReminderRule>> byPlace = new HashMap<>();
  private final Map<String, Numbered> byCode;
  private final Map<Goods, Map<String, Numbered>> best = new HashMap<>();

  /** These; one may stand there twice, where its category was and where it is. */
  ActiveRules(Collection<Numbered> given) {
    all = List.copyOf(given);
    for (Numbered one : all) {
      ReminderRule rule = one.rule();
      Place place = new Place(rule.category(), rule.model().orElse(null));
      byPlace.computeIfAbsent(place, there -> new ArrayList<>()).add(rule);
    }
    byCode =
        all.stream()
            .collect(Collectors.toMap(one -> one.rule().code(), one -> one, (one, other) -> one));
  }

  /** These with one, which may stand there twice, instead of the rule of its code if there is. */
  ActiveRules with(List<Numbered> other) {
    List<Numbered> others = new ArrayList<>(all);
    String code = other.get(0).rule().code();
    others.removeIf(one -> one.rule().code().equals(code));
    others.addAll(other);
    return new ActiveRules(others);
  }

  /** Those of a kind of service. */
  ActiveRules ofKind(String kind) {
    return new ActiveRules(all.stream().filter(one -> one.rule().kind().equals(kind)).toList());
  }

  /** What a rule is called. */
  Optional<String> name(String code) {
    return Optional.ofNullable(byCode.get(code)).map(numbered -> numbered.rule().name());
  }

  /** The rules of a unit, by kind. */
  Map<String, Numbered> best(String category, @Nullable String model, @Nullable String brand) {
    if (best.size() > MOST_REMEMBERED) {
      best.clear();
    }
    return best.computeIfAbsent(new Goods(category, model, brand), this::found);
  }

  private Map<String, Numbered> found(Goods goods) {
    if (all.isEmpty()
        || goods.category().isEmpty()
        || goods.category().equals(CatalogBook.UNMAPPED)) {
      return Map.of();
    }
    Sold sold =
        new Sold(
            goods.category(),
            Optional.ofNullable(goods.model()),
            Optional.ofNullable(goods.brand()));
    Map<String, Numbered> found = new HashMap<>();
    ReminderRule.best(near(sold), sold)
        .forEach((kind, rule) -> found.put(kind, byCode.get(rule.code())));
    return found;
  }

  /** Those of its category or one above it, of its model or any. */
  private List<ReminderRule> near(Sold sold) {
    List<ReminderRule> near = new ArrayList<>();
    for (String path : Keys.upwards(sold.category())) {
      near.addAll(byPlace.getOrDefault(new Place(path, null), List.of()));
      sold.model().map(model -> byPlace.get(new Place(path, model))).ifPresent(near::addAll);
    }
    return near;
  }

  @Override
  public boolean wants(String category, Optional<String> model, Optional<String> brand) {
    return !best(category, model.orElse(null), brand.orElse(null)).isEmpty();
  }
}
