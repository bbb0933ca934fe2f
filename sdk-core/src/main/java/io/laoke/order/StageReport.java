package io.laoke.order;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;
import static io.laoke.base.Check.optionalText;
import static io.laoke.base.Check.range;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One step of an order, as the ERP reports it: which stage, of what, on which document, when.
 * Immutable; each method gives a changed copy. Reports are told apart by (order, stage, lines or
 * units, document), so the same report may be given any number of times.
 */
public final class StageReport {
  private final Stage stage;
  private final @Nullable Instant at;
  private final String document;
  private final @Nullable String text;
  private final SortedMap<String, SortedSet<Integer>> scope;
  private final SortedMap<String, String> details;

  private StageReport(
      Stage stage,
      @Nullable Instant at,
      String document,
      @Nullable String text,
      SortedMap<String, SortedSet<Integer>> scope,
      SortedMap<String, String> details) {
    this.stage = stage;
    this.at = at;
    this.document = document;
    this.text = text;
    this.scope = scope;
    this.details = details;
  }

  /**
   * The whole order reached a stage. An order is at {@link Stage#REPORTED} without a report of it;
   * one keeps the ERP's own words for the time before approval, and is told like any other stage.
   * (Table {@code inbox} takes none: there an order is reported by its own fact.)
   *
   * @param at when, cut to milliseconds
   */
  public static StageReport of(Stage stage, Instant at) {
    return new StageReport(
        notNull("stage", stage),
        notNull("at", at).truncatedTo(ChronoUnit.MILLIS),
        "",
        null,
        new TreeMap<>(),
        new TreeMap<>());
  }

  /** The whole order reached a stage at an unknown time. It is recorded, never told as news. */
  public static StageReport ofUnknownTime(Stage stage) {
    return new StageReport(
        notNull("stage", stage), null, "", null, new TreeMap<>(), new TreeMap<>());
  }

  /** With the ERP's document number, at most 64 characters; tells two deliveries apart. */
  public StageReport document(@Nullable String document) {
    String number = optionalKey("document", document, 64);
    return new StageReport(stage, at, number == null ? "" : number, text, scope, details);
  }

  /** With the ERP's own words for the stage, at most 200 characters; the customer sees them. */
  public StageReport text(@Nullable String text) {
    return new StageReport(stage, at, document, optionalText("text", text, 200), scope, details);
  }

  /** Of that line only; may be called for several lines. */
  public StageReport line(String lineNo) {
    return scoped(lineNo, new TreeSet<>());
  }

  /**
   * Of those units of a line only.
   *
   * @param units 1 to the line's quantity
   */
  public StageReport units(String lineNo, int... units) {
    SortedSet<Integer> numbers = new TreeSet<>();
    for (int unit : notNull("units", units)) {
      numbers.add((int) range("units", unit, 1, 1_000_000));
    }
    if (numbers.isEmpty()) {
      throw new InvalidInputException("units", "names none; use line(\"" + lineNo + "\") for all");
    }
    return scoped(lineNo, numbers);
  }

  /** Who carries it, at most 100 characters; {@code {stage.carrier}} in a notice. */
  public StageReport carrier(@Nullable String carrier) {
    return detail("carrier", carrier);
  }

  /** The carrier's number, at most 100 characters; {@code {stage.trackingNo}} in a notice. */
  public StageReport trackingNo(@Nullable String trackingNo) {
    return detail("trackingNo", trackingNo);
  }

  /** Who comes, at most 100 characters; {@code {stage.technician}} in a notice. */
  public StageReport technician(@Nullable String technician) {
    return detail("technician", technician);
  }

  /** The agreed slot as the customer should read it; {@code {stage.slot}} in a notice. */
  public StageReport slot(@Nullable String slot) {
    return detail("slot", slot);
  }

  /**
   * With a detail of the host's own; {@code {stage.NAME}} in a notice.
   *
   * @param name letters and digits, at most 32
   * @param value at most 100 characters; null or blank takes it away
   */
  public StageReport detail(String name, @Nullable String value) {
    String key = Check.text("detail", name, 32);
    if (!key.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c))
        || Set.of("text", "at", "date", "time", "document", "name").contains(key)) {
      throw new InvalidInputException(
          "detail", "'" + key + "' must be letters and digits and none of the stage's own fields");
    }
    SortedMap<String, String> more = new TreeMap<>(details);
    String given = optionalText("details." + key, value, 100);
    if (given == null) {
      more.remove(key);
    } else {
      more.put(key, given);
    }
    return new StageReport(stage, at, document, text, scope, more);
  }

  private StageReport scoped(String lineNo, SortedSet<Integer> units) {
    SortedMap<String, SortedSet<Integer>> wider = new TreeMap<>(scope);
    wider.put(Check.key("lineNo", lineNo, 32), units);
    return new StageReport(stage, at, document, text, wider, details);
  }

  /** The stage. */
  public Stage stage() {
    return stage;
  }

  /** When it was reached, if that is known. */
  public Optional<Instant> at() {
    return Optional.ofNullable(at);
  }

  /** The ERP's document number, or empty text. */
  public String document() {
    return document;
  }

  /** The ERP's own words. */
  public Optional<String> text() {
    return Optional.ofNullable(text);
  }

  /** Lines, each with its units; no units mean the whole line, no lines the whole order. */
  public Map<String, SortedSet<Integer>> scope() {
    return Collections.unmodifiableMap(scope);
  }

  /** Carrier, technician, slot and the host's own details. */
  public Map<String, String> details() {
    return Collections.unmodifiableMap(details);
  }

  @Override
  public String toString() {
    return "StageReport[" + stage + (scope.isEmpty() ? "" : " of " + scope) + "]";
  }
}
