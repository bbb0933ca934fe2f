package io.laoke.member;

import static io.laoke.base.Check.optionalText;

import io.laoke.error.InvalidInputException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A gender that is known; one that is not is missing. */
public enum Gender {
  /** Female 女. */
  FEMALE,
  /** Male 男. */
  MALE;

  /**
   * Reads FEMALE, F, 女, 女士, MALE, M, 男, 先生 in any case; null, blank, UNKNOWN, 未知 and 保密 are
   * missing.
   *
   * @throws InvalidInputException if it is anything else
   */
  public static Optional<Gender> of(@Nullable String text) {
    String given = optionalText("gender", text, 32);
    if (given == null) {
      return Optional.empty();
    }
    return switch (given.toUpperCase(Locale.ROOT)) {
      case "FEMALE", "F", "女", "女士", "女性" -> Optional.of(FEMALE);
      case "MALE", "M", "男", "先生", "男性" -> Optional.of(MALE);
      case "UNKNOWN", "未知", "保密" -> Optional.empty();
      default ->
          throw new InvalidInputException(
              "gender", "must be FEMALE, MALE, 女, 男 or nothing, was: " + given);
    };
  }
}
