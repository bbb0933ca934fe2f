package io.laoke.inbox;

import io.laoke.base.Phone;
import java.text.Normalizer;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells the rows about a person from those of others, by what they say. */
final class Mentioned {
  /** Shorter values are in the words of others too. */
  private static final int SHORTEST = 4;

  private static final Pattern OTHER_THAN_DIGITS = Pattern.compile("[^0-9]+");
  private static final Pattern BETWEEN_DIGITS =
      Pattern.compile("(?<=[0-9])[\\s\\u00a0.·()\\p{Pd}]+(?=[0-9])");

  /** Phones and openids have one; names have none. */
  private static final Pattern DIGIT = Pattern.compile("[0-9]");

  private static final Pattern PHONE = Pattern.compile("[0-9]{7,}");

  private final FactReader reader;
  private final Set<String> customerNos;
  private final Set<String> orderNos;
  private final Set<String> values;

  Mentioned(
      FactReader reader,
      Collection<String> customerNos,
      Collection<String> orderNos,
      Collection<String> values) {
    this.reader = reader;
    this.customerNos = Set.copyOf(customerNos);
    this.orderNos = Set.copyOf(orderNos);
    this.values =
        values.stream()
            .filter(value -> value.length() >= SHORTEST)
            .map(Mentioned::narrow)
            .collect(Collectors.toSet());
  }

  /** Digits and letters are typed in wide forms, too. */
  private static String narrow(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  /** Whether a row is about the person, or about an order of theirs. */
  boolean in(FactTable.Full full) {
    String ref = String.valueOf(full.row().ref()).strip();
    return switch (String.valueOf(full.row().kind())) {
      case "MEMBER" -> customerNos.contains(ref) || names(full);
      case "RETURN" ->
          names(full)
              || reader
                  .names(full.fact())
                  .filter(names -> names.orderNos().stream().anyMatch(orderNos::contains))
                  .isPresent();
      case "ORDER", "STAGE" -> orderNos.contains(ref) || names(full);
      default -> customerNos.contains(ref) || orderNos.contains(ref) || names(full);
    };
  }

  /** Whether the fact names the person. */
  boolean names(FactTable.Full full) {
    Optional<FactReader.Names> names = reader.names(full.fact());
    if (names.isEmpty()) {
      String digits = OTHER_THAN_DIGITS.matcher(narrow(full.fact())).replaceAll("");
      return customerNos.stream().anyMatch(number -> full.fact().contains("\"" + number + "\""))
          || says(full.fact())
          || values.stream().filter(PHONE.asMatchPredicate()).anyMatch(digits::contains);
    }
    // Of two people of one name, a row that says whose it is belongs to that one.
    boolean others = !names.get().customerNos().isEmpty() || "MEMBER".equals(full.row().kind());
    return names.get().customerNos().stream().anyMatch(customerNos::contains)
        || names.get().texts().stream().anyMatch(others ? this::saysContact : this::says);
  }

  private boolean saysContact(String given) {
    String text = narrow(given);
    return values.stream().filter(value -> DIGIT.matcher(value).find()).anyMatch(text::contains)
        || phone(text);
  }

  /** Whether a text has a value of the person in it, or is their phone however it is written. */
  boolean says(String given) {
    String text = narrow(given);
    return values.stream().anyMatch(text::contains) || phone(text);
  }

  private boolean phone(String text) {
    String joined = BETWEEN_DIGITS.matcher(text).replaceAll("");
    return Phone.read(text).map(Phone::value).filter(values::contains).isPresent()
        || values.stream().filter(PHONE.asMatchPredicate()).anyMatch(joined::contains);
  }

  /** The phones in a text, however they are written. */
  static Stream<Phone> phones(String given) {
    String text = narrow(given);
    return Stream.concat(
        Phone.read(text).stream(),
        PHONE
            .matcher(BETWEEN_DIGITS.matcher(text).replaceAll(""))
            .results()
            .flatMap(digits -> Phone.read(digits.group()).stream()));
  }

  /** Whether what is left of a fact still says something of the person. */
  boolean saidIn(String json) {
    return reader.names(json).stream()
        .flatMap(names -> names.texts().stream())
        .anyMatch(this::says);
  }
}
