package io.laoke.message;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.laoke.base.Internal;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Seals long texts piece by piece, since a sealer takes 400 characters at a time. */
@Internal
public final class Sealed {
  private static final int PIECE = 400;

  private Sealed() {}

  /** Seals. */
  public static String seal(Json json, Privacy privacy, String text) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + PIECE);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to--;
      }
      pieces.add(requireNonNull(privacy.seal(text.substring(from, to))));
      from = to;
    }
    return json.write(pieces);
  }

  /** Opens what {@link #seal} gave. */
  public static String open(Json json, Privacy privacy, String sealed) {
    StringBuilder text = new StringBuilder();
    for (String piece : json.read(sealed, Sealed::pieces)) {
      text.append(privacy.open(piece));
    }
    return text.toString();
  }

  /** Whether every piece is as it would be sealed now. */
  public static boolean current(Json json, Privacy privacy, String sealed) {
    return json.read(sealed, Sealed::pieces).stream().allMatch(privacy::current);
  }

  private static List<String> pieces(JsonParser parser) throws IOException {
    List<String> pieces = new ArrayList<>();
    if (!parser.isExpectedStartArrayToken()) {
      throw MismatchedInputException.from(parser, List.class, "not a list");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      pieces.add(parser.getText());
    }
    return pieces;
  }
}
