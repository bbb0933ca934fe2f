package io.laoke.imports;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.member.MemberProfile;
import io.laoke.order.Order;
import io.laoke.order.ReturnNote;
import io.laoke.order.StageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fact whose values are made.
 *
 * @param value null if there is none, or if it was refused
 * @param stages those that could be made
 * @param refused parts that could not
 */
record Fact(
    long position,
    ImportFact given,
    @Nullable Object value,
    List<StageReport> stages,
    List<Refusal> refused) {
  private static final Pattern PERSONAL =
      Pattern.compile(
          "name|phone|tel|mobile|mail|address|street|place|contact|receiver|buyer|birth|customer"
              + "|member|openid|union|card|姓名|名称|称呼|手机|电话|座机|邮箱|地址|街道|联系|收货|收件"
              + "|买家|客户|顾客|会员|生日|出生|证");
  private static final int SHOWN = 100;

  static Fact of(long position, ImportFact given) {
    List<Refusal> refused = new ArrayList<>();
    ImportFact.Bad bad = given.bad();
    if (bad != null) {
      refused.add(
          new Refusal(
              position,
              given.kind(),
              given.key(),
              given.origin(),
              bad.field(),
              Optional.ofNullable(bad.value())
                  .map(value -> shown(given.kind(), bad.field(), value)),
              bad.reason()));
      return new Fact(position, given, null, List.of(), refused);
    }
    Supplier<?> maker = given.value();
    Object value = maker == null ? null : made(position, given, given.kind(), maker, refused);
    List<StageReport> stages = new ArrayList<>();
    if (refused.isEmpty()) {
      for (Supplier<StageReport> stage : given.stages()) {
        if (made(position, given, Kind.STAGE, stage, refused) instanceof StageReport report) {
          stages.add(report);
        }
      }
    }
    return new Fact(position, given, value, stages, refused);
  }

  private static @Nullable Object made(
      long position, ImportFact given, Kind kind, Supplier<?> maker, List<Refusal> refused) {
    try {
      Object made = maker.get();
      if (made == null) {
        throw new InvalidInputException(kind.name().toLowerCase(Locale.ROOT), "must not be null");
      }
      checkNumber(given, made);
      return made;
    } catch (LaokeException bad) {
      refused.add(refusal(position, given, kind, bad));
    } catch (RuntimeException bad) { // a short row, a date that is none, a column that is missing
      refused.add(
          new Refusal(
              position,
              kind,
              given.key(),
              given.origin(),
              "value",
              Optional.empty(),
              "could not be read (%s)".formatted(bad.getClass().getSimpleName())));
    }
    return null;
  }

  /** A value is of the number that counts, is refused and is looked for. */
  private static void checkNumber(ImportFact given, Object made) {
    String field;
    String number;
    if (made instanceof Order order) {
      field = "orderNo";
      number = order.orderNo();
    } else if (made instanceof ReturnNote note) {
      field = "noteNo";
      number = note.noteNo();
    } else if (made instanceof MemberProfile profile) {
      field = "customerNo";
      number = profile.customerNo();
    } else {
      return;
    }
    if (!number.equals(Check.text(field, given.key(), 150))) {
      String shown = given.kind() == Kind.MEMBER ? "" : ", '%s'".formatted(given.key());
      String was = given.kind() == Kind.MEMBER ? "another" : "'%s'".formatted(number);
      throw new InvalidInputException(
          field,
          "must be the number that the fact was given under%s, was %s; give the fact the number of what it makes"
              .formatted(shown, was));
    }
  }

  /** What Laoke said; its messages show no personal value. */
  static Refusal refusal(long position, ImportFact given, Kind kind, LaokeException bad) {
    String field =
        bad instanceof InvalidInputException invalid
            ? invalid.field()
            : bad instanceof NotFoundException ? "orderNo" : "customerNo";
    String said = String.valueOf(bad.getMessage());
    String reason = said.startsWith(field + ": ") ? said.substring(field.length() + 2) : said;
    return new Refusal(
        position,
        kind,
        given.key(),
        given.origin(),
        cut(field, 200),
        Optional.empty(),
        cut(kind == Kind.MEMBER ? reason.replace(given.key(), "***") : reason, 1_000));
  }

  private static String shown(Kind kind, String field, String value) {
    return kind == Kind.MEMBER || PERSONAL.matcher(field.toLowerCase(Locale.ROOT)).find()
        ? "*** (%d characters)".formatted(value.codePointCount(0, value.length()))
        : cut(value.strip(), SHOWN);
  }

  private static String cut(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** How much it weighs in memory: rows, roughly. */
  int weight() {
    int lines = 0;
    if (value instanceof Order order) {
      lines = order.lines().size();
    } else if (value instanceof ReturnNote note) {
      lines = note.lines().size();
    }
    return 1 + lines + stages.size() + refused.size();
  }
}
