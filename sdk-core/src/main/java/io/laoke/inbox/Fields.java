package io.laoke.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON object, each at most once; what is left over is refused by name. */
final class Fields {
  private static final Pattern PLAIN = Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?");
  private static final int MOST_DIGITS = 40;

  private final JsonNode object;
  private final String path;
  private final ZoneId zone;
  private final Set<String> read = new HashSet<>();

  private Fields(String path, JsonNode object, ZoneId zone) {
    this.path = path;
    this.object = object;
    this.zone = zone;
  }

  /** An object read as a whole. */
  static <T> T read(String path, JsonNode node, ZoneId zone, Function<Fields, T> reader) {
    if (!node.isObject()) {
      throw wrong(path, "an object", node);
    }
    Fields fields = new Fields(path, node, zone);
    T value = reader.apply(fields);
    fields.end();
    return value;
  }

  private void end() {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!read.contains(name)) {
                throw new FactRefused(
                    "UNKNOWN_FIELD",
                    at(Words.shown(name)),
                    "is no field of this; take one of " + String.join(", ", sorted(read)));
              }
            });
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** The value, or null where it is missing or null. */
  private @Nullable JsonNode value(String name) {
    read.add(name);
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  /** Whether the field is there, be it null. */
  boolean has(String name) {
    return object.has(name);
  }

  /** Text, or a whole number as its digits. */
  @Nullable String text(String name) {
    JsonNode node = value(name);
    return node == null ? null : text(at(name), node);
  }

  private static String text(String path, JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue().toString();
    }
    throw wrong(path, "text", node);
  }

  String required(String name) {
    String text = text(name);
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  FactRefused missing(String name) {
    return new FactRefused("MISSING", at(name), "is missing; give it");
  }

  FactRefused refused(String name, String message) {
    return new FactRefused("WRONG_VALUE", at(name), message);
  }

  @Nullable Instant time(String name) {
    JsonNode node = value(name);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw wrong(at(name), "a time as text", node);
    }
    return FactTimes.instant(at(name), node.textValue(), zone);
  }

  Instant requiredTime(String name) {
    Instant time = time(name);
    if (time == null) {
      throw missing(name);
    }
    return time;
  }

  /** A decimal number, plain or as text. */
  @Nullable BigDecimal decimal(String name) {
    JsonNode node = value(name);
    if (node == null) {
      return null;
    }
    if (node.isTextual()) {
      String given = node.textValue().strip();
      if (!PLAIN.matcher(given).matches()) {
        throw refused(
            name, "must be a number in plain digits, was '%s'".formatted(Words.shown(given)));
      }
      return new BigDecimal(given);
    }
    if (!node.isNumber()) {
      throw wrong(at(name), "a number", node);
    }
    BigDecimal number = node.decimalValue();
    if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw refused(name, "must have at most %d digits".formatted(MOST_DIGITS));
    }
    return number;
  }

  /** A whole number, plain or as text. */
  @Nullable Long whole(String name) {
    BigDecimal number = decimal(name);
    if (number == null) {
      return null;
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException fraction) {
      throw refused(
          name, "must be a whole number of at most 18 digits, was " + number.toPlainString());
    }
  }

  /** {@code netFen} in fen or {@code netYuan} in yuan, never both. */
  long amount(boolean required) {
    Long fen = whole("netFen");
    BigDecimal yuan = decimal("netYuan");
    if (fen != null && yuan != null) {
      throw refused("netFen", "is given together with netYuan; give one of them");
    }
    if (fen != null) {
      return fen;
    }
    if (yuan == null) {
      if (required) {
        throw new FactRefused("MISSING", at("netYuan"), "is missing; give netYuan or netFen");
      }
      return 0;
    }
    BigDecimal plain = yuan.stripTrailingZeros();
    if (plain.scale() > 4) {
      throw refused("netYuan", "must have at most 4 decimals, was " + yuan.toPlainString());
    }
    return fen(yuan);
  }

  private long fen(BigDecimal yuan) {
    BigInteger fen = yuan.movePointRight(2).setScale(0, RoundingMode.HALF_UP).toBigInteger();
    if (fen.bitLength() > 62) {
      throw refused("netYuan", "must be at most 100,000,000,000, was " + yuan.toPlainString());
    }
    return fen.longValue();
  }

  /** One of the names of an enumeration, exactly as it is written there. */
  <E extends Enum<E>> E oneOf(String name, Class<E> type, @Nullable E otherwise) {
    return oneOf(name, type, otherwise, EnumSet.allOf(type));
  }

  /**
   * The same.
   *
   * @param named those that a refusal names; the others are taken, but nobody needs to give them
   */
  <E extends Enum<E>> E oneOf(String name, Class<E> type, @Nullable E otherwise, Set<E> named) {
    String text = text(name);
    if (text == null) {
      if (otherwise == null) {
        throw missing(name);
      }
      return otherwise;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text.strip())) {
        return constant;
      }
    }
    throw refused(
        name,
        "must be one of %s, was '%s'"
            .formatted(
                String.join(", ", named.stream().map(Enum::name).toList()), Words.shown(text)));
  }

  /** An object, or null where it is missing. */
  <T> @Nullable T object(String name, Function<Fields, T> reader) {
    JsonNode node = value(name);
    return node == null ? null : read(at(name), node, zone, reader);
  }

  /** The items of a list; empty where it is missing. */
  private <T> List<T> list(String name, BiFunction<String, JsonNode, T> item) {
    JsonNode node = value(name);
    List<T> items = new ArrayList<>();
    if (node == null) {
      return items;
    }
    if (!node.isArray()) {
      throw wrong(at(name), "a list", node);
    }
    for (JsonNode one : node) {
      items.add(item.apply(at(name) + "[" + place(one, items.size()) + "]", one));
    }
    return items;
  }

  /** Lines are named by their numbers, as everywhere. */
  private static String place(JsonNode item, int index) {
    JsonNode lineNo = item.get("lineNo");
    return lineNo != null && (lineNo.isTextual() || lineNo.isIntegralNumber())
        ? Words.shown(lineNo.asText().strip())
        : "#" + (index + 1);
  }

  <T> List<T> objects(String name, Function<Fields, T> reader) {
    return list(name, (at, node) -> read(at, node, zone, reader));
  }

  /** Texts; null among them is empty text. */
  List<String> texts(String name) {
    return list(name, (at, node) -> node.isNull() ? "" : text(at, node));
  }

  /** An object of texts by any name; null values are left out. */
  Map<String, String> map(String name) {
    Map<String, String> all = new LinkedHashMap<>();
    each(
        name,
        (at, entry) -> {
          if (!entry.getValue().isNull()) {
            all.put(entry.getKey(), text(at, entry.getValue()));
          }
        });
    return all;
  }

  /** An object of lists of whole numbers by line number. */
  Map<String, int[]> numbers(String name) {
    Map<String, int[]> all = new LinkedHashMap<>();
    each(name, (at, entry) -> all.put(entry.getKey(), numbers(at, entry.getValue())));
    return all;
  }

  private static int[] numbers(String path, JsonNode list) {
    if (!list.isArray()) {
      throw wrong(path, "a list of unit numbers", list);
    }
    int[] numbers = new int[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = list.get(i);
      if (!number.isIntegralNumber() || !number.canConvertToInt()) {
        throw wrong(path + "[#" + (i + 1) + "]", "a unit number", number);
      }
      numbers[i] = number.intValue();
    }
    return numbers;
  }

  private void each(String name, BiConsumer<String, Map.Entry<String, JsonNode>> entry) {
    JsonNode node = value(name);
    if (node == null) {
      return;
    }
    if (!node.isObject()) {
      throw wrong(at(name), "an object", node);
    }
    node.properties().forEach(one -> entry.accept(at(name) + "." + Words.shown(one.getKey()), one));
  }

  private static FactRefused wrong(String path, String expected, JsonNode was) {
    String type =
        switch (was.getNodeType()) {
          case STRING -> "text";
          case NUMBER -> was.isIntegralNumber() ? "a whole number" : "a decimal number";
          case BOOLEAN -> "true or false";
          case ARRAY -> "a list";
          case OBJECT -> "an object";
          case NULL -> "null";
          default -> "something else";
        };
    return new FactRefused("WRONG_TYPE", path, "must be %s, was %s".formatted(expected, type));
  }
}
