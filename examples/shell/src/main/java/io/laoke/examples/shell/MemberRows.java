package io.laoke.examples.shell;

import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Consent;
import io.laoke.member.Gender;
import io.laoke.member.MemberProfile;
import io.laoke.member.ValueType;
import io.laoke.message.Purpose;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the rows of {@code members.csv} say. */
final class MemberRows {
  static final Set<String> REQUIRED = Set.of("customer_no");
  static final Set<String> KNOWN =
      Set.of(
          "customer_no",
          "name",
          "phone",
          "gender",
          "birthday",
          "region",
          "source",
          "consent_care",
          "consent_marketing",
          "consent_at");

  /** What a member has already, under the names by which segments ask for it. */
  private static final Set<String> BUILT_IN =
      Set.of("createdAt", "followedAt", "follows", "hasBoundOrder", "hasPhone", "remark", "tags");

  private static final int MOST_ATTRIBUTES = 50;
  private static final String SOURCE = Folder.MEMBERS;

  private record Column(String header, String name, ValueType type, boolean declared, int index) {}

  private final List<Column> attributes = new ArrayList<>();
  private final LocalTimes times;
  private final Catalogued catalogued;
  private final String consentText;

  /**
   * The rows of a file.
   *
   * @param declared what the dealer has declared of an attribute
   * @param consentText which words people agreed to
   */
  MemberRows(
      Header header,
      LocalTimes times,
      Catalogued catalogued,
      Function<String, Optional<AttributeType>> declared,
      String consentText) {
    this.times = times;
    this.catalogued = catalogued;
    this.consentText = consentText;
    for (String column : header.unknown()) {
      attributes.add(attribute(header, column, declared));
    }
    long names = attributes.stream().map(Column::name).distinct().count();
    if (names < attributes.size()) {
      throw new CannotException(header.file() + " has two columns of the same attribute.");
    }
    if (attributes.size() > MOST_ATTRIBUTES) {
      throw new CannotException(
          "%s has %d attributes; members have %d at most. Take columns away."
              .formatted(header.file(), attributes.size(), MOST_ATTRIBUTES));
    }
  }

  /** Whether the layout has this column, so that it is no attribute. */
  static boolean known(String column) {
    return KNOWN.contains(column);
  }

  private static Column attribute(
      Header header, String column, Function<String, Optional<AttributeType>> declared) {
    int colon = column.lastIndexOf(':');
    String name = Cells.stripped(colon < 0 ? column : column.substring(0, colon));
    if (BUILT_IN.contains(name) || KNOWN.contains(name.toLowerCase(Locale.ROOT))) {
      throw new CannotException(
          "%s, column '%s': every member has a field '%s' already. Name the attribute otherwise."
              .formatted(header.file(), Cells.shown(column), Cells.shown(name)));
    }
    try {
      Row.made(name, () -> MemberProfile.of("-").withAttribute(name, Attribute.of(true)));
    } catch (BadCell bad) {
      throw new CannotException(
          "%s, column '%s': the name of the attribute %s."
              .formatted(header.file(), Cells.shown(column), bad.reason()));
    }
    Optional<AttributeType> known = declared.apply(name);
    ValueType type =
        colon < 0
            ? known.map(AttributeType::type).orElse(ValueType.TEXT)
            : type(header, column, Cells.stripped(column.substring(colon + 1)));
    if (known.filter(is -> is.type() != type).isPresent()) {
      throw new CannotException(
          "%s, column '%s': the dealer has declared '%s' as %s."
              .formatted(
                  header.file(),
                  Cells.shown(column),
                  Cells.shown(name),
                  known.get().type().name().toLowerCase(Locale.ROOT)));
    }
    if (type == ValueType.CODE && known.isEmpty()) {
      throw new CannotException(
          "%s, column '%s': declare the attribute with its codes first, by dealer.attributes().put(…)."
              .formatted(header.file(), Cells.shown(column)));
    }
    return new Column(column, name, type, known.isPresent(), header.index(column));
  }

  private static ValueType type(Header header, String column, String word) {
    return Arrays.stream(ValueType.values())
        .filter(type -> type.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new CannotException(
                    "%s, column '%s': '%s' is no type of an attribute; there are %s."
                        .formatted(
                            header.file(),
                            Cells.shown(column),
                            Cells.shown(word),
                            Arrays.stream(ValueType.values())
                                .map(type -> type.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")))));
  }

  /** The attributes that the file has, with their types. */
  Map<String, String> attributes() {
    Map<String, String> types = new LinkedHashMap<>();
    attributes.forEach(
        column -> types.put(column.name(), column.type().name().toLowerCase(Locale.ROOT)));
    return types;
  }

  /** The attributes that are yet to be declared, so that segments can ask for them. */
  List<AttributeType> undeclared() {
    return attributes.stream()
        .filter(column -> !column.declared())
        .map(
            column ->
                new AttributeType(
                    column.name(), column.type(), column.name(), column.name(), List.of()))
        .toList();
  }

  /** A member. */
  MemberProfile profile(Row row) {
    String customerNo = row.requiredKey("customer_no");
    MemberProfile profile = Row.made(() -> MemberProfile.of(customerNo));
    profile = with(row, "name", profile, MemberProfile::withName);
    if (!row.key("phone").isEmpty()) {
      profile = with(row, "phone", profile, (is, phone) -> is.withPhones(phone));
    }
    Optional<Gender> gender = Row.made(() -> Gender.of(row.cell("gender")));
    profile = gender.isEmpty() ? profile : profile.withGender(gender.get());
    if (row.has("birthday")) {
      LocalDate birthday = LocalTimes.day(row, "birthday");
      profile = with(row, "birthday", profile, (is, day) -> is.withBirthday(birthday));
    }
    profile =
        with(
            row, "region", profile, (is, path) -> is.withRegion(catalogued.region("region", path)));
    profile = with(row, "source", profile, MemberProfile::withSource);
    for (Column column : attributes) {
      String cell = row.cell(column.index());
      if (!cell.isEmpty()) {
        MemberProfile is = profile;
        profile =
            Row.made(column.header(), () -> is.withAttribute(column.name(), value(column, row)));
      }
    }
    consents(row);
    return profile;
  }

  private interface Setter {
    MemberProfile set(MemberProfile profile, String value);
  }

  private static MemberProfile with(Row row, String column, MemberProfile profile, Setter setter) {
    String cell = row.cell(column);
    return cell.isEmpty() ? profile : Row.made(column, () -> setter.set(profile, cell));
  }

  /** What a member agreed to or refused. */
  List<Consent> consents(Row row) {
    List<Consent> consents = new ArrayList<>();
    said(row, "consent_care", Purpose.CARE).ifPresent(consents::add);
    said(row, "consent_marketing", Purpose.MARKETING).ifPresent(consents::add);
    return consents;
  }

  private Optional<Consent> said(Row row, String column, Purpose purpose) {
    if (!row.has(column)) {
      return Optional.empty();
    }
    boolean given = yes(column, row.cell(column));
    if (!row.has("consent_at")) {
      throw new BadCell("consent_at", "must say when " + column + " was given or refused");
    }
    Instant at = times.time(row, "consent_at");
    return Optional.of(
        Row.made(
            "consent_at",
            () ->
                given
                    ? Consent.given(purpose, SOURCE, consentText, at)
                    : Consent.refused(purpose, SOURCE, at)));
  }

  private static boolean yes(String column, String cell) {
    return switch (cell.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "y", "1", "是" -> true;
      case "false", "no", "n", "0", "否" -> false;
      default -> throw new BadCell(column, "must be yes or no (also true, false, 1, 0, 是, 否)");
    };
  }

  private Attribute value(Column column, Row row) {
    String cell = row.cell(column.index());
    return switch (column.type()) {
      case TEXT, CODE -> Attribute.of(cell);
      case INTEGER -> Attribute.of(whole(column.header(), cell, 0));
      case MONEY -> Attribute.of(whole(column.header(), cell, 2));
      case FLAG -> Attribute.of(yes(column.header(), cell));
      case DATE -> Attribute.of(LocalTimes.day(row, column.header()));
      case INSTANT -> Attribute.of(times.time(row, column.header()));
    };
  }

  /** A number of so many places, without its point: yuan in fen. */
  private static BigDecimal whole(String column, String cell, int places) {
    BigDecimal number = Numbers.plain(column, cell).movePointRight(places);
    if (number.stripTrailingZeros().scale() > 0) {
      throw new BadCell(
          column,
          places == 0
              ? "must be a whole number"
              : "must have at most %d decimals".formatted(places));
    }
    return number;
  }
}
