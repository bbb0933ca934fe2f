package io.laoke.push;

import static io.laoke.base.Check.key;

import io.laoke.error.InvalidInputException;

/**
 * The part of a cover that is shown in one shape, as fractions of its width and height from its
 * upper left corner.
 *
 * @param ratio the shape in WeChat's words: {@code 2.35_1} or {@code 1_1}
 * @param x1 left, from 0
 * @param y1 top, from 0
 * @param x2 right, more than {@code x1}, at most 1
 * @param y2 bottom, more than {@code y1}, at most 1
 */
public record Crop(String ratio, double x1, double y1, double x2, double y2) {
  /** Checks. */
  public Crop {
    ratio = key("ratio", ratio, 16);
    boolean inside = x1 >= 0 && y1 >= 0 && x2 <= 1 && y2 <= 1 && x1 < x2 && y1 < y2;
    if (!inside) {
      throw new InvalidInputException(
          "crop",
          "must be inside the cover with 0 <= x1 < x2 <= 1 and 0 <= y1 < y2 <= 1, was %s %s %s %s"
              .formatted(x1, y1, x2, y2));
    }
  }
}
