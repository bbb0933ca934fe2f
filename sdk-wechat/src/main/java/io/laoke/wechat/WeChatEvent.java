package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.util.Map;
import java.util.Optional;

/** A verified and decrypted message or event, for a host's own handling. */
public final class WeChatEvent {
  private final PushBody body;
  private final Replies replies;

  WeChatEvent(PushBody body, Replies replies) {
    this.body = body;
    this.replies = replies;
  }

  /**
   * All fields by WeChat's names. A nested one is under its path, such as {@code
   * ScanCodeInfo/ScanResult}; of several alike the second ends in {@code [2]}.
   */
  public Map<String, String> fields() {
    return body.fields();
  }

  /** A field, unless it is absent or empty. */
  public Optional<String> field(String name) {
    return Optional.of(body.field(name)).filter(value -> !value.isEmpty());
  }

  /** {@code MsgType}, such as {@code event} or {@code text}; empty if absent. */
  public String type() {
    return body.field("MsgType");
  }

  /** {@code Event}, such as {@code VIEW}; empty for messages. WeChat varies its upper case. */
  public String event() {
    return body.field("Event");
  }

  /** Who sent it. */
  public String openid() {
    return body.field("FromUserName");
  }

  /**
   * The end of a mass message with all that WeChat reports of it, if this is such an event ({@code
   * MASSSENDJOBFINISH}) and names its job.
   */
  public Optional<MassReport> massReport() {
    return MassReports.of(body);
  }

  /** The whole body, decrypted: XML, or JSON if WeChat was told to push that. */
  public String body() {
    return body.text();
  }

  /**
   * A body that answers this event with a text, in the push's own format.
   *
   * @param text not blank; what exceeds WeChat's limit of about 2,040 bytes of UTF-8 is cut off
   *     with …
   */
  public String textReply(String text) {
    if (notNull("text", text).isBlank()) {
      throw new InvalidInputException("text", "must not be blank");
    }
    return replies.text(body, text);
  }

  /** Shows kinds only. */
  @Override
  public String toString() {
    return "WeChatEvent[" + type() + (event().isEmpty() ? "" : " " + event()) + "]";
  }
}
