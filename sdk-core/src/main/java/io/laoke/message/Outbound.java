package io.laoke.message;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

/**
 * A message on its way out, as a channel gets it.
 *
 * @param to the recipient as the channel addresses it; for WeChat the openid, for text messages the
 *     phone number
 * @param dedupeId at most 32 ASCII letters and digits, the same on every attempt of this message
 * @param purpose why it is sent
 * @param body what is sent
 * @param repeated whether an earlier attempt may have left
 */
public record Outbound(
    String to, String dedupeId, Purpose purpose, TemplateMessage body, boolean repeated) {
  /** A first attempt. */
  public Outbound(String to, String dedupeId, Purpose purpose, TemplateMessage body) {
    this(to, dedupeId, purpose, body, false);
  }

  /** Checks. */
  public Outbound {
    text("to", to, 128);
    text("dedupeId", dedupeId, 32);
    notNull("purpose", purpose);
    notNull("body", body);
  }

  /** Shows neither recipient nor values. */
  @Override
  public String toString() {
    return "Outbound[" + dedupeId + ", " + purpose + ", template " + body.templateId() + "]";
  }
}
