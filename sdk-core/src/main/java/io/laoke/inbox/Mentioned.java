package io.laoke.inbox;

import io.laoke.base.Phone;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tells the rows about a person from those of others, by what they say. */
final class Mentioned {
  /** Shorter values are in the words of others too. */
  private static final int SHORTEST = 4;

  private static final Pattern OTHER_THAN_DIGITS = Pattern.compile("[^0-9]+");
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
        values.stream().filter(value -> value.length() >= SHORTEST).collect(Collectors.toSet());
  }

  /** Whether a row is about the person, or about an order of theirs. */
  boolean in(FactTable.Full full) {
    String ref = String.valueOf(full.row().ref());
    return switch (String.valueOf(full.row().kind())) {
      case "MEMBER" -> customerNos.contains(ref) || names(full);
      case "RETURN" ->
          names(full)
              || reader
                  .names(full.fact())
                  .filter(names -> names.orderNos().stream().anyMatch(orderNos::contains))
                  .isPresent();
      default -> orderNos.contains(ref) || names(full);
    };
  }

  /** Whether the fact names the person. */
  boolean names(FactTable.Full full) {
    Optional<FactReader.Names> names = reader.names(full.fact());
    if (names.isEmpty()) {
      String digits = OTHER_THAN_DIGITS.matcher(full.fact()).replaceAll("");
      return customerNos.stream().anyMatch(number -> full.fact().contains("\"" + number + "\""))
          || says(full.fact())
          || values.stream().filter(PHONE.asMatchPredicate()).anyMatch(digits::contains);
    }
    return names.get().customerNos().stream().anyMatch(customerNos::contains)
        || names.get().texts().stream().anyMatch(this::says);
  }

  /** Whether a text has a value of the person in it, or is their phone however it is written. */
  boolean says(String text) {
    return values.stream().anyMatch(text::contains)
        || Phone.read(text).map(Phone::value).filter(values::contains).isPresent();
  }

  /** Whether what is left of a fact still says something of the person. */
  boolean saidIn(String json) {
    return reader.names(json).stream()
        .flatMap(names -> names.texts().stream())
        .anyMatch(this::says);
  }
}
