package io.laoke.inbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import io.laoke.member.Gender;
import io.laoke.member.MemberProfile;
import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of rows. Strict: a field that is not known, given twice or of another type is
 * refused by name, so that a slip of the pen is found by the first row and not years later.
 */
final class FactReader {
  /** Characters; an order of 10,000 lines has about two million. */
  static final int LONGEST = 4_000_000;

  private static final int DEEPEST = 20;

  /** An order is reported by its own fact. */
  private static final Set<Stage> TO_GIVE = EnumSet.complementOf(EnumSet.of(Stage.REPORTED));

  private static final int LONGEST_NUMBER = 100;

  private final JsonMapper mapper =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxStringLength(LONGEST)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /**
   * Reads a row.
   *
   * @param zone of times that name none
   * @throws FactRefused if it is no such fact
   */
  Fact read(Fact.Kind kind, String ref, @Nullable String json, ZoneId zone) {
    JsonNode fact = parsed(json);
    try {
      return Fields.read("", fact, zone, fields -> read(kind, ref, fields));
    } catch (InvalidInputException refused) {
      String message = String.valueOf(refused.getMessage());
      String prefix = refused.field() + ": ";
      throw new FactRefused(
          "WRONG_VALUE",
          refused.field(),
          message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }
  }

  private Fact read(Fact.Kind kind, String ref, Fields fields) {
    String again = fields.text(kind.key());
    if (again != null && !again.strip().equals(ref)) {
      throw fields.refused(
          kind.key(), "differs from the column ref; leave it out, or give the same");
    }
    return switch (kind) {
      case MEMBER -> member(ref, fields);
      case ORDER -> order(ref, fields);
      case STAGE -> stage(ref, fields);
      case RETURN -> returned(ref, fields);
    };
  }

  /**
   * The fact without who bought and where it goes, or nothing where it cannot be read.
   *
   * @return JSON
   */
  Optional<String> withoutPerson(@Nullable String json) {
    try {
      if (parsed(json) instanceof ObjectNode fact) {
        fact.remove(List.of("buyer", "place", "customerNo"));
        return Optional.of(mapper.writeValueAsString(fact));
      }
      return Optional.empty();
    } catch (FactRefused | JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  /** A stage without the words of people; nothing where it cannot be read. */
  Optional<String> withoutWords(@Nullable String json) {
    try {
      if (parsed(json) instanceof ObjectNode fact) {
        fact.remove(List.of("text", "carrier", "trackingNo", "technician", "slot"));
        if (fact.get("details") instanceof ObjectNode details) {
          details.retain(List.of("newSerial"));
        }
        return Optional.of(mapper.writeValueAsString(fact));
      }
      return Optional.empty();
    } catch (FactRefused | JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  /** What of a fact names no customer, and is kept as it is. */
  private static final Set<String> KEPT =
      Set.of(
          "lines",
          "store",
          "salesperson",
          "salesChannel",
          "externalNumbers",
          "orderNo",
          "noteNo",
          "orderedAt",
          "returnedAt",
          "stage",
          "at",
          "document",
          "units",
          "details");

  /** Fields that say who somebody is. */
  static final Set<String> OF_PEOPLE =
      Set.of(
          "buyer", "place", "customerNo", "name", "phone", "phones", "region", "street", "contact");

  /** The fact without whatever may name a customer; nothing where it cannot be read. */
  Optional<String> withoutCustomer(@Nullable String json) {
    return withoutWords(json)
        .map(
            fact -> {
              try {
                ObjectNode kept = (ObjectNode) mapper.readTree(fact);
                return mapper.writeValueAsString(kept.retain(KEPT));
              } catch (JsonProcessingException own) {
                throw new IllegalStateException(own);
              }
            });
  }

  /** The fact without texts and numbers of that kind; nothing where it cannot be read. */
  Optional<String> without(@Nullable String json, Predicate<String> gone) {
    try {
      JsonNode fact = parsed(json);
      takeOut(fact, gone);
      return Optional.of(mapper.writeValueAsString(fact));
    } catch (FactRefused | JsonProcessingException unreadable) {
      return Optional.empty();
    }
  }

  private static void takeOut(JsonNode node, Predicate<String> gone) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .removeIf(
              one ->
                  !KEPT.contains(one.getKey())
                      && (said(one.getValue(), gone) || gone.test(one.getKey())));
      object
          .properties()
          .forEach(
              one -> {
                if (!KEPT.contains(one.getKey())) {
                  takeOut(one.getValue(), gone);
                }
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (said(array.get(i), gone)) {
          array.remove(i);
        } else {
          takeOut(array.get(i), gone);
        }
      }
    }
  }

  private static boolean said(JsonNode node, Predicate<String> gone) {
    return (node.isTextual() || node.isNumber()) && gone.test(node.asText());
  }

  /** Names of fields and values but what names no customer; nothing where it cannot be read. */
  Optional<List<String>> texts(@Nullable String json) {
    try {
      JsonNode fact = parsed(json);
      if (fact instanceof ObjectNode object) {
        object.remove(KEPT);
      }
      Names names = new Names(new HashSet<>(), new HashSet<>(), new ArrayList<>());
      names("", fact, names);
      return Optional.of(names.texts());
    } catch (FactRefused unreadable) {
      return Optional.empty();
    }
  }

  /**
   * Whom and what a fact names.
   *
   * @param customerNos of its fields customerNo
   * @param orderNos of its fields orderNo
   * @param texts all names of fields and all values
   */
  record Names(Set<String> customerNos, Set<String> orderNos, List<String> texts) {}

  /** Whom and what a fact names, however it is written; nothing where it cannot be read. */
  Optional<Names> names(@Nullable String json) {
    try {
      Names names = new Names(new HashSet<>(), new HashSet<>(), new ArrayList<>());
      names("", parsed(json), names);
      return Optional.of(names);
    } catch (FactRefused unreadable) {
      return Optional.empty();
    }
  }

  private static void names(String field, JsonNode node, Names names) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              one -> {
                names.texts.add(one.getKey());
                names(one.getKey(), one.getValue(), names);
              });
    } else if (node.isArray()) {
      node.forEach(one -> names(field, one, names));
    } else if (node.isTextual() || node.isNumber()) {
      String value = node.asText().strip();
      names.texts.add(value);
      if (field.equals("customerNo")) {
        names.customerNos.add(value);
      } else if (field.equals("orderNo")) {
        names.orderNos.add(value);
      }
    }
  }

  private JsonNode parsed(@Nullable String json) {
    if (json == null || json.isBlank()) {
      throw new FactRefused("NO_JSON", "fact", "is empty; it must be a JSON object");
    }
    if (json.length() > LONGEST) {
      throw tooLong(json.length());
    }
    if (json.charAt(0) == '\uFEFF') {
      throw new FactRefused(
          "NO_JSON", "fact", "begins with a byte order mark (U+FEFF); insert the JSON without it");
    }
    try {
      return mapper.readTree(json);
    } catch (JsonProcessingException failed) {
      throw noJson(failed);
    }
  }

  static FactRefused tooLong(long length) {
    return new FactRefused(
        "NO_JSON", "fact", "has %d characters; at most %d can be read".formatted(length, LONGEST));
  }

  private static FactRefused noJson(JsonProcessingException failed) {
    String words = String.valueOf(failed.getOriginalMessage());
    JsonLocation at = failed.getLocation();
    String where =
        at == null
            ? ""
            : " at line %d, column %d".formatted(at.getLineNr(), Math.max(1, at.getColumnNr()));
    // Jackson's other words quote the text.
    String why =
        words.startsWith("Duplicate field")
            ? "gives a field twice: "
                + Words.shown(words.substring("Duplicate field".length()).strip())
            : words.startsWith("Non-standard token")
                ? "has NaN or Infinity, which are no JSON numbers,"
                : words.contains("nesting depth")
                    ? "is nested deeper than %d".formatted(DEEPEST)
                    : words.contains("Number value length")
                        ? "has a number of more than %d digits".formatted(LONGEST_NUMBER)
                        : words.startsWith("Trailing token")
                            ? "goes on after its end; it must be one JSON object, not JSON"
                            : words.startsWith("Unexpected end-of-input")
                                ? "ends too early: no whole JSON"
                                : "is no JSON";
    return new FactRefused("NO_JSON", "fact", why + where);
  }

  private static Fact member(String customerNo, Fields fields) {
    MemberProfile profile = MemberProfile.of(customerNo);
    String name = fields.text("name");
    profile = name == null || name.isBlank() ? profile : profile.withName(name);
    Optional<Gender> gender = Gender.of(fields.text("gender"));
    profile = gender.isEmpty() ? profile : profile.withGender(gender.get());
    String birthday = fields.text("birthday");
    profile =
        birthday == null || birthday.isBlank()
            ? profile
            : profile.withBirthday(FactTimes.date("birthday", birthday));
    String region = fields.text("region");
    profile = region == null || region.isBlank() ? profile : profile.withRegion(region);
    String source = fields.text("source");
    profile = source == null || source.isBlank() ? profile : profile.withSource(source);
    List<String> phones =
        fields.texts("phones").stream().filter(phone -> !phone.isBlank()).toList();
    MemberProfile whole = profile.withPhones(phones.toArray(String[]::new));
    return hearer -> hearer.put(whole);
  }

  private static Fact order(String orderNo, Fields fields) {
    Order order =
        Order.of(orderNo, fields.requiredTime("orderedAt"))
            .store(fields.text("store"))
            .salesperson(fields.text("salesperson"))
            .salesChannel(fields.text("salesChannel"));
    Buyer buyer =
        fields.object(
            "buyer", of -> Buyer.of(of.text("customerNo"), of.text("name"), of.text("phone")));
    order = buyer == null ? order : order.buyer(buyer);
    Place place =
        fields.object(
            "place",
            of ->
                Place.of(
                    of.text("region"), of.text("street"), of.text("contact"), of.text("phone")));
    order = order.place(place);
    for (Map.Entry<String, String> number : fields.map("externalNumbers").entrySet()) {
      order = order.externalNumber(number.getKey(), number.getValue());
    }
    Order whole = order.lines(fields.objects("lines", FactReader::line));
    return hearer -> hearer.upsert(whole);
  }

  private static OrderLine line(Fields fields) {
    LineKind kind = fields.oneOf("kind", LineKind.class, LineKind.GOODS);
    String lineNo = fields.required("lineNo");
    String category = fields.required("category");
    BigDecimal quantity = fields.decimal("quantity");
    if (quantity == null) {
      throw fields.missing("quantity");
    }
    String warranty = fields.text("warrantyEndsOn");
    return OrderLine.of(kind, lineNo, category, quantity, fields.amount(kind != LineKind.GIFT))
        .warrantyEndsOn(
            warranty == null || warranty.isBlank()
                ? null
                : FactTimes.date("warrantyEndsOn", warranty))
        .name(fields.text("name"))
        .model(fields.text("model"))
        .brand(fields.text("brand"))
        .serials(fields.texts("serials"));
  }

  private static Fact stage(String orderNo, Fields fields) {
    Stage stage = fields.oneOf("stage", Stage.class, null, TO_GIVE);
    if (!fields.has("at")) {
      throw fields.refused(
          "at", "is missing; give the time, or null if it is not known, and nobody is told then");
    }
    Instant at = fields.time("at");
    StageReport report =
        (at == null ? StageReport.ofUnknownTime(stage) : StageReport.of(stage, at))
            .document(fields.text("document"))
            .text(fields.text("text"))
            .carrier(fields.text("carrier"))
            .trackingNo(fields.text("trackingNo"))
            .technician(fields.text("technician"))
            .slot(fields.text("slot"));
    for (Map.Entry<String, String> detail : fields.map("details").entrySet()) {
      report = report.detail(detail.getKey(), detail.getValue());
    }
    for (String line : fields.texts("lines")) {
      report = report.line(line);
    }
    for (Map.Entry<String, int[]> units : fields.numbers("units").entrySet()) {
      if (report.scope().containsKey(units.getKey().strip())) {
        throw fields.refused(
            "units", "names a line that lines names as a whole; name it in one of them");
      }
      report = report.units(units.getKey(), units.getValue());
    }
    StageReport whole = report;
    return hearer -> hearer.advance(orderNo, whole);
  }

  private static Fact returned(String noteNo, Fields fields) {
    ReturnNote note =
        ReturnNote.of(noteNo, fields.requiredTime("returnedAt"))
            .customerNo(fields.text("customerNo"))
            .order(fields.text("orderNo"));
    ReturnNote whole = note.lines(fields.objects("lines", FactReader::returnLine));
    return hearer -> hearer.record(whole);
  }

  private static ReturnLine returnLine(Fields fields) {
    String lineNo = fields.required("lineNo");
    String category = fields.required("category");
    BigDecimal quantity = fields.decimal("quantity");
    if (quantity == null) {
      throw fields.missing("quantity");
    }
    return ReturnLine.ofFen(lineNo, category, quantity, fields.amount(true))
        .orderLine(fields.text("orderLineNo"))
        .model(fields.text("model"));
  }
}
