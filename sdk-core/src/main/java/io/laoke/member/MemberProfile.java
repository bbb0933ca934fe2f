package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A customer as the ERP keeps it. What is not given is unknown, and leaves what is recorded as it
 * is.
 *
 * @param customerNo the ERP's number, at most 64 characters
 * @param name at most 100 characters
 * @param gender the gender
 * @param birthday the birthday
 * @param region where they live, a path from large to small such as {@code 浙江/杭州/西湖区}
 * @param phones their numbers
 * @param source where the customer came from, in the dealer's own words, at most 32 characters;
 *     counts only for a new member, whose source else is ERP
 * @param attributes what else the dealer knows, under names of its own of at most 64 characters;
 *     one that is declared with {@link Attributes} has the declared type
 */
public record MemberProfile(
    String customerNo,
    Optional<String> name,
    Optional<Gender> gender,
    Optional<LocalDate> birthday,
    Optional<String> region,
    Set<Phone> phones,
    Optional<String> source,
    Map<String, Attribute> attributes) {
  private static final int OLDEST_YEAR = 1900;
  private static final int MOST_PHONES = 20;
  private static final int MOST_ATTRIBUTES = 50;

  /** Checks and copies. */
  public MemberProfile {
    customerNo = Keys.line("customerNo", customerNo, 64);
    name = notNull("name", name).map(text -> Keys.line("name", text, 100));
    notNull("gender", gender);
    notNull("birthday", birthday)
        .ifPresent(day -> Check.range("birthday's year", day.getYear(), OLDEST_YEAR, 9999));
    region = notNull("region", region).map(path -> Keys.path("region", path));
    phones = Collections.unmodifiableSet(new LinkedHashSet<>(notNull("phones", phones)));
    if (phones.size() > MOST_PHONES) {
      throw new InvalidInputException(
          "phones", "must be at most %d, are %d".formatted(MOST_PHONES, phones.size()));
    }
    source = notNull("source", source).map(text -> Keys.line("source", text, 32));
    attributes = named(attributes);
  }

  /** Attributes under names that may be. */
  static Map<String, Attribute> named(Map<String, Attribute> attributes) {
    Map<String, Attribute> named = new TreeMap<>();
    notNull("attributes", attributes)
        .forEach(
            (key, value) ->
                named.put(Keys.line("attribute", key, 64), notNull("attribute", value)));
    Check.range("attributes", named.size(), 0, MOST_ATTRIBUTES);
    return Collections.unmodifiableMap(named);
  }

  /** A customer of whom only the number is known. */
  public static MemberProfile of(String customerNo) {
    return new MemberProfile(
        customerNo,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Map.of());
  }

  /** With this name. */
  public MemberProfile withName(String name) {
    return new MemberProfile(
        customerNo,
        Optional.of(notNull("name", name)),
        gender,
        birthday,
        region,
        phones,
        source,
        attributes);
  }

  /** With this gender. */
  public MemberProfile withGender(Gender gender) {
    return new MemberProfile(
        customerNo,
        name,
        Optional.of(notNull("gender", gender)),
        birthday,
        region,
        phones,
        source,
        attributes);
  }

  /** With this birthday. */
  public MemberProfile withBirthday(LocalDate birthday) {
    return new MemberProfile(
        customerNo,
        name,
        gender,
        Optional.of(notNull("birthday", birthday)),
        region,
        phones,
        source,
        attributes);
  }

  /** Living in this region. */
  public MemberProfile withRegion(String region) {
    return new MemberProfile(
        customerNo,
        name,
        gender,
        birthday,
        Optional.of(notNull("region", region)),
        phones,
        source,
        attributes);
  }

  /** With these numbers, as they are written down. */
  public MemberProfile withPhones(String... phones) {
    Set<Phone> parsed =
        Arrays.stream(notNull("phones", phones))
            .map(phone -> Phone.parse("phones", phone))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return new MemberProfile(
        customerNo, name, gender, birthday, region, parsed, source, attributes);
  }

  MemberProfile only(Set<Phone> some) {
    return new MemberProfile(customerNo, name, gender, birthday, region, some, source, attributes);
  }

  /** With this source. */
  public MemberProfile withSource(String source) {
    return new MemberProfile(
        customerNo,
        name,
        gender,
        birthday,
        region,
        phones,
        Optional.of(notNull("source", source)),
        attributes);
  }

  /** With this attribute; {@link Attribute#nothing} takes away what is recorded. */
  public MemberProfile withAttribute(String name, Attribute value) {
    Map<String, Attribute> more = new TreeMap<>(attributes);
    more.put(notNull("attribute", name), value);
    return new MemberProfile(customerNo, name(), gender, birthday, region, phones, source, more);
  }

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "MemberProfile[***]";
  }
}
