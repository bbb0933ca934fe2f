package io.laoke.sms;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A provider's codes, and what they mean. */
final class SmsCodes {
  private record Meaning(SmsErrorClass kind, @Nullable SmsWindow window, boolean everybody) {}

  private final Map<String, Meaning> codes = new HashMap<>();
  private final Map<String, Meaning> beginnings = new HashMap<>();

  /** Codes of a class, behind what they have in common. */
  SmsCodes are(SmsErrorClass kind, String prefix, String... rest) {
    for (String code : rest) {
      codes.put(prefix + code, new Meaning(kind, null, false));
    }
    return this;
  }

  /** All codes that begin so, where they are not named. */
  SmsCodes begin(SmsErrorClass kind, String beginning) {
    beginnings.put(beginning, new Meaning(kind, null, false));
    return this;
  }

  /** A limit. */
  SmsCodes limit(String code, SmsWindow window, boolean everybody) {
    codes.put(code, new Meaning(SmsErrorClass.WAIT, window, everybody));
    return this;
  }

  SmsError error(String code, String message) {
    Meaning meaning =
        Optional.ofNullable(codes.get(code))
            .or(
                () ->
                    beginnings.entrySet().stream()
                        .filter(entry -> code.startsWith(entry.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst())
            .orElseGet(() -> new Meaning(SmsErrorClass.OTHER, null, false));
    String name = code.isBlank() ? "NO_CODE" : code.substring(0, Math.min(64, code.length()));
    return new SmsError(
        meaning.kind, name, message, Optional.ofNullable(meaning.window), meaning.everybody);
  }
}
