package io.laoke.notice;

import io.laoke.base.Internal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Goods in the few words that a message has room for. */
@Internal
public final class GoodsWords {
  private static final int LONGEST = 20;

  private GoodsWords() {}

  /** What a thing is called: by its name, else its model and brand. */
  public static Optional<String> named(
      @Nullable String name, @Nullable String model, @Nullable String brand) {
    if (name != null) {
      return Optional.of(name);
    }
    if (model != null) {
      return Optional.of(brand == null ? model : brand + " " + model);
    }
    return Optional.ofNullable(brand);
  }

  /** The first thing by name, and how many there are: 双开门冰箱等3件; at most 20 characters. */
  public static String of(Optional<String> first, long pieces) {
    String suffix = pieces > 1 ? "等" + pieces + "件" : "";
    String name = first.orElse("商品");
    int room = LONGEST - suffix.length();
    int length = name.codePointCount(0, name.length());
    return (length <= room ? name : name.substring(0, name.offsetByCodePoints(0, room - 1)) + "…")
        + suffix;
  }
}
