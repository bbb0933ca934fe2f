package io.laoke.notice;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The names that an expression may use, and where their values come from. */
enum NoticeName {
  ORDER_NO("order.no", facts -> facts.order().orderNo()),
  ORDER_SHORT_NO("order.shortNo", NoticeFacts::shortNo),
  ORDER_ITEMS("order.items", NoticeFacts::orderItems),
  ORDER_AMOUNT("order.amount", facts -> new BigDecimal(facts.order().netFen(), 2).toPlainString()),
  ORDER_AT("order.orderedAt", "yyyy年MM月dd日 HH:mm", facts -> facts.order().orderedAt()),
  ORDER_STORE("order.store", facts -> facts.storeName().orElse("")),
  ORDER_SALESPERSON("order.salesperson", facts -> facts.order().salesperson().orElse("")),
  ORDER_CHANNEL("order.channel", facts -> facts.order().salesChannel().orElse("")),
  BUYER_NAME("buyer.name", facts -> facts.order().buyer().name().orElse("")),
  DEALER_NAME(
      "dealer.name",
      null,
      null,
      NoticeFacts::dealerName,
      null,
      ServiceFacts::dealerName,
      new OfDigest(null, DigestFacts::dealerName)),
  RECIPIENT_HINT("recipient.hint", NoticeFacts::hint),
  STAGE_NAME("stage.name", facts -> facts.stage().stage().chinese()),
  STAGE_TEXT("stage.text", facts -> facts.stage().text().orElse("")),
  STAGE_AT("stage.at", "yyyy年MM月dd日 HH:mm", NoticeFacts::stageAt),
  STAGE_DATE("stage.date", "yyyy年MM月dd日", NoticeFacts::stageAt),
  STAGE_ITEMS("stage.items", NoticeFacts::stageItems),
  STAGE_DOCUMENT("stage.document", facts -> facts.stage().document()),
  STAGE_CARRIER("stage.carrier", facts -> facts.detail("carrier")),
  STAGE_TRACKING_NO("stage.trackingNo", facts -> facts.detail("trackingNo")),
  STAGE_TECHNICIAN("stage.technician", facts -> facts.detail("technician")),
  STAGE_SLOT("stage.slot", facts -> facts.detail("slot")),
  SERVICE_NAME("service.name", null, ServiceFacts::name),
  SERVICE_ITEMS("service.items", null, ServiceFacts::items),
  SERVICE_DUE("service.due", "yyyy年MM月dd日", null, null, ServiceFacts::dueAt, null),
  SERVICE_ORDER_NO("service.orderNo", null, ServiceFacts::orderNo),
  SERVICE_STORE("service.store", null, ServiceFacts::storeName),
  SERVICE_ANSWER("service.answer", null, ServiceFacts::answer),
  DIGEST_DAY("digest.day", "yyyy年MM月dd日", new OfDigest(DigestFacts::dayAt, null)),
  DIGEST_DUE("digest.due", null, new OfDigest(null, DigestFacts::dueText)),
  DIGEST_OVERDUE("digest.overdue", null, new OfDigest(null, DigestFacts::overdueText)),
  DIGEST_BOOKED("digest.booked", null, new OfDigest(null, DigestFacts::bookedText));

  /** What a name says of a digest. */
  private record OfDigest(
      @Nullable Function<DigestFacts, Instant> time,
      @Nullable Function<DigestFacts, String> value) {}

  /** What names of the host's own details begin with. */
  static final String DETAIL = "stage.";

  private static final List<String> ALL =
      Arrays.stream(values()).map(name -> name.text).sorted().toList();
  private static final int LONG_ENOUGH_TO_BE_MISTYPED = 4;

  private final String text;
  private final @Nullable String format;

  // Functions without state of their own, given above.
  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable Function<NoticeFacts, Instant> time;

  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable Function<NoticeFacts, String> value;

  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable Function<ServiceFacts, Instant> serviceTime;

  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable Function<ServiceFacts, String> service;

  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable OfDigest digest;

  NoticeName(String text, Function<NoticeFacts, String> value) {
    this(text, null, null, value, null, null, null);
  }

  NoticeName(String text, String format, Function<NoticeFacts, Instant> time) {
    this(text, format, time, null, null, null, null);
  }

  NoticeName(
      String text,
      @Nullable Function<NoticeFacts, String> value,
      Function<ServiceFacts, String> service) {
    this(text, null, null, value, null, service, null);
  }

  NoticeName(String text, @Nullable String format, OfDigest digest) {
    this(text, format, null, null, null, null, digest);
  }

  NoticeName(
      String text,
      @Nullable String format,
      @Nullable Function<NoticeFacts, Instant> time,
      @Nullable Function<NoticeFacts, String> value,
      @Nullable Function<ServiceFacts, Instant> serviceTime,
      @Nullable Function<ServiceFacts, String> service) {
    this(text, format, time, value, serviceTime, service, null);
  }

  NoticeName(
      String text,
      @Nullable String format,
      @Nullable Function<NoticeFacts, Instant> time,
      @Nullable Function<NoticeFacts, String> value,
      @Nullable Function<ServiceFacts, Instant> serviceTime,
      @Nullable Function<ServiceFacts, String> service,
      @Nullable OfDigest digest) {
    this.text = text;
    this.format = format;
    this.time = time;
    this.value = value;
    this.serviceTime = serviceTime;
    this.service = service;
    this.digest = digest;
  }

  /** What templates are about. */
  enum Subject {
    /** A stage of an order. */
    ORDER,
    /** A service that is due. */
    SERVICE,
    /** What a member of staff has to do. */
    DIGEST
  }

  /** Whether templates about it may use the name. */
  boolean about(Subject subject) {
    return switch (subject) {
      case ORDER -> time != null || value != null;
      case SERVICE -> serviceTime != null || service != null;
      case DIGEST -> digest != null;
    };
  }

  static List<String> all() {
    return ALL;
  }

  /** The names that templates about it may use. */
  static List<String> of(Subject subject) {
    return Arrays.stream(values())
        .filter(name -> name.about(subject))
        .map(name -> name.text)
        .sorted()
        .toList();
  }

  static Optional<NoticeName> find(String text) {
    return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst();
  }

  /** The format of a time, or empty for what is none. */
  Optional<String> format() {
    return Optional.ofNullable(format);
  }

  /** The value; a time in the given format, else in its own. */
  String value(NoticeFacts facts, @Nullable String givenFormat) {
    if (time != null && format != null) {
      return facts.formatted(time.apply(facts), givenFormat == null ? format : givenFormat);
    }
    return value == null ? "" : value.apply(facts);
  }

  /** The value; a time in the given format, else in its own. */
  String value(ServiceFacts facts, @Nullable String givenFormat) {
    if (serviceTime != null && format != null) {
      return facts.formatted(serviceTime.apply(facts), givenFormat == null ? format : givenFormat);
    }
    return service == null ? "" : service.apply(facts);
  }

  /** The value; a time in the given format, else in its own. */
  String value(DigestFacts facts, @Nullable String givenFormat) {
    if (digest == null) {
      return "";
    }
    if (digest.time() != null && format != null) {
      return facts.formatted(
          digest.time().apply(facts), givenFormat == null ? format : givenFormat);
    }
    return digest.value() == null ? "" : digest.value().apply(facts);
  }

  /** The same in words that any field of its kind takes; empty where there are none. */
  String plain(ServiceFacts facts) {
    return switch (this) {
      case SERVICE_NAME -> "保养服务";
      case SERVICE_ITEMS -> "商品";
      case SERVICE_DUE -> value(facts, null);
      default -> "";
    };
  }

  /** The same in words that any field of its kind takes; empty where there are none. */
  String plain(NoticeFacts facts) {
    return switch (this) {
      case STAGE_NAME, STAGE_TEXT -> facts.stage().stage().chinese();
      case ORDER_NO, ORDER_SHORT_NO -> facts.shortNo();
      case ORDER_AMOUNT, ORDER_AT, STAGE_AT, STAGE_DATE -> value(facts, null);
      case ORDER_ITEMS, STAGE_ITEMS -> "商品";
      case BUYER_NAME -> "顾客";
      default -> "";
    };
  }

  /** Whether a name is a detail that the host may report, and not one of ours mistyped. */
  static boolean detail(String text) {
    String name = text.startsWith(DETAIL) ? text.substring(DETAIL.length()) : "";
    return !name.isEmpty()
        && name.length() <= 32
        && name.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c))
        && ALL.stream().noneMatch(known -> mistyped(text, known));
  }

  private static boolean mistyped(String text, String known) {
    return known.startsWith(DETAIL)
        && (known.equalsIgnoreCase(text)
            || (known.length() - DETAIL.length() >= LONG_ENOUGH_TO_BE_MISTYPED
                && distance(text, known) == 1));
  }

  /** The known name that is most like this one. */
  static String nearest(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String nearest = ALL.get(0);
    int least = Integer.MAX_VALUE;
    for (String known : ALL) {
      String full = known.toLowerCase(Locale.ROOT);
      String last = full.substring(full.indexOf('.') + 1);
      int distance = Math.min(distance(lower, full), distance(lower, last) + 1);
      if (distance < least) {
        least = distance;
        nearest = known;
      }
    }
    return nearest;
  }

  /** How many letters must be put in, taken out or changed. */
  static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    Arrays.setAll(above, i -> i);
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[other.length()];
  }
}
