package io.laoke.message;

import static io.laoke.base.Check.mended;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.base.Check;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message in a template that the platform has approved.
 *
 * @param templateId the account's own id of the template
 * @param fields the fields by the template's keys, in order
 * @param url where a tap leads, or empty
 * @param miniProgram a mini program that a tap opens; wins over {@code url} on new clients
 */
public record TemplateMessage(
    String templateId,
    Map<String, Field> fields,
    Optional<String> url,
    Optional<MiniProgram> miniProgram) {
  /** Checks and copies. */
  public TemplateMessage {
    templateId = text("templateId", templateId, 128);
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(notNull("fields", fields)));
    url = notNull("url", url).map(Check::mended);
    notNull("miniProgram", miniProgram);
  }

  /**
   * One field's value. The channel fits it to the rules of the field's type before the wire.
   *
   * @param value the value as the mapping made it; may be empty or break the type's rule
   * @param fallback used when nothing of {@code value} fits, such as the canonical stage word or
   *     Laoke's short number; itself plain enough to fit
   */
  public record Field(String value, @Nullable String fallback) {
    /** Checks. */
    public Field {
      value = mended(notNull("value", value));
      fallback = fallback == null ? null : mended(fallback);
    }

    /** Shows no value. */
    @Override
    public String toString() {
      return "Field[" + value.length() + " characters]";
    }
  }

  /**
   * A mini program linked to the account.
   *
   * @param appId its appid
   * @param pagePath the page with its parameters
   */
  public record MiniProgram(String appId, String pagePath) {
    /** Checks. */
    public MiniProgram {
      appId = text("appId", appId, 64);
      pagePath = text("pagePath", pagePath, 1024);
    }
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "TemplateMessage[" + templateId + ", fields " + fields.keySet() + "]";
  }
}
