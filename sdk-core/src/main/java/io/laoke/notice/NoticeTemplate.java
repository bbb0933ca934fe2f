package io.laoke.notice;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a stage is told: a template of the platform, and an expression for each of its fields.
 * Immutable; each method gives a changed copy, and checks what it is given at once.
 *
 * <p>An expression is text with names in braces. A doubled brace is the brace itself; a default
 * follows a bar and is used when there is no value, or none of it fits the field; times take a
 * format after a colon:
 *
 * <pre>{@code
 * {order.items}                  first thing by name, and how many: 双开门冰箱等3件 (at most 20)
 * {order.no} {order.shortNo}     the ERP's number; Laoke's own, letters and digits, at most 13
 * {order.amount}                 net amount in yuan: 5999.00
 * {order.orderedAt} {order.store} {order.salesperson} {order.channel}
 * {buyer.name} {dealer.name}
 * {stage.name}                   已出库 and so on
 * {stage.text|已更新}             the ERP's own words, else 已更新
 * {stage.at:M月d日 HH:mm}         when it was reached; {stage.date} is the day alone
 * {stage.items} {stage.document} {stage.carrier} {stage.trackingNo} {stage.technician} {stage.slot}
 * {stage.NAME}                   any other detail that the ERP reports
 * {recipient.hint}               in the first notice of an order that was bound by itself, else empty
 * }</pre>
 *
 * <p>A value never stops a notice: what breaks a field's rule is fitted. If nothing of it fits, the
 * default after the bar stands there; without one the same in plain words, where there are any (the
 * stage's canonical word for its text, Laoke's short number for the order's); else a placeholder
 * that claims nothing. The decision says so.
 *
 * @param templateId the account's own id of the template
 * @param fields expressions by the template's keys, in order; at most 20 of at most 200 characters
 * @param url an expression that begins with http:// or https:// where a tap leads, or empty; values
 *     in it are URL-encoded
 * @param miniProgram a mini program that a tap opens, or empty
 */
public record NoticeTemplate(
    String templateId,
    Map<String, String> fields,
    Optional<String> url,
    Optional<MiniProgram> miniProgram) {
  private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z_]{0,39}[0-9]{0,4}");
  private static final int LONGEST = 200;
  private static final int LONGEST_LINK = 500;

  /** Checks and copies. */
  public NoticeTemplate {
    templateId = text("templateId", templateId, 128);
    Map<String, String> copy = new LinkedHashMap<>();
    notNull("fields", fields).forEach((key, value) -> copy.put(key(key), checked(key, value)));
    if (copy.size() > 20) {
      throw new InvalidInputException("fields", "must be at most 20, are " + copy.size());
    }
    fields = Collections.unmodifiableMap(copy);
    url = notNull("url", url).map(NoticeTemplate::checkedUrl);
    notNull("miniProgram", miniProgram);
  }

  /**
   * A mini program that is linked to the account.
   *
   * @param appId its appid
   * @param pagePath an expression; values in it are URL-encoded
   */
  public record MiniProgram(String appId, String pagePath) {
    /** Checks. */
    public MiniProgram {
      appId = text("miniProgram.appId", appId, 64);
      pagePath = text("miniProgram.pagePath", pagePath, LONGEST_LINK);
      Expression.parse("miniProgram.pagePath", pagePath);
    }
  }

  /** A template without fields yet. */
  public static NoticeTemplate of(String templateId) {
    return new NoticeTemplate(templateId, Map.of(), Optional.empty(), Optional.empty());
  }

  /**
   * With a field.
   *
   * @param key as the template names it, such as {@code thing2}; {@code thing2.DATA} is read so too
   * @param expression what it says
   */
  public NoticeTemplate field(String key, String expression) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(key(key), expression);
    return new NoticeTemplate(templateId, more, url, miniProgram);
  }

  /** With a page that a tap opens. */
  public NoticeTemplate url(String expression) {
    return new NoticeTemplate(
        templateId, fields, Optional.of(notNull("url", expression)), miniProgram);
  }

  /** With a mini program that a tap opens. */
  public NoticeTemplate miniProgram(String appId, String pagePath) {
    return new NoticeTemplate(
        templateId, fields, url, Optional.of(new MiniProgram(appId, pagePath)));
  }

  /** All names that an expression may use, but for the details that a stage brings. */
  public static List<String> names() {
    return NoticeName.all();
  }

  private static String key(String key) {
    String plain = text("fields", key, 64);
    if (plain.endsWith(".DATA")) {
      plain = plain.substring(0, plain.length() - ".DATA".length());
    }
    if (!KEY.matcher(plain).matches()) {
      throw new InvalidInputException(
          "fields." + plain, "must be a key of the template, such as thing2 or time4");
    }
    return plain;
  }

  private static String checked(String key, String expression) {
    String field = "fields." + key;
    String given = text(field, expression, LONGEST);
    Expression.parse(field, given);
    return given;
  }

  private static String checkedUrl(String url) {
    String given = text("url", url, LONGEST_LINK);
    Expression.parse("url", given);
    if (!given.startsWith("https://") && !given.startsWith("http://")) {
      throw new InvalidInputException(
          "url", "must begin with https:// or http://, was '%s'".formatted(given));
    }
    return given;
  }
}
