package io.laoke.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a follower's chat with the account, as the phone shows it.
 *
 * @param at when the phone shows it to have come: platform time, unless {@link
 *     WeChatSimulator#phonesShow} says otherwise
 * @param kind who it comes from and how it is drawn
 * @param title heading of a card; empty for others
 * @param text the text of a bubble or notice; for a card its lines joined by line feeds
 * @param fields lines of a template card, or articles of a news reply (title and description)
 * @param url where a tap leads; empty for nowhere
 * @param miniProgram appid and page of a linked mini program as {@code appid pagepath}; empty if
 *     none
 * @param templateId template of a card; {@code null} for others
 * @param msgId message id of a card, 0 for others
 * @param clientMsgId the caller's dedupe id of a card; {@code null} for none
 * @param data the values as sent, by field key
 */
public record ChatMessage(
    Instant at,
    Kind kind,
    String title,
    String text,
    List<Field> fields,
    String url,
    String miniProgram,
    @Nullable String templateId,
    long msgId,
    @Nullable String clientMsgId,
    Map<String, String> data) {

  /** Who a message comes from and how it is drawn. */
  public enum Kind {
    /** Said by the follower. */
    SAID,
    /** A passive reply of the host, or its picture, voice and so on by name. */
    REPLY,
    /** A passive reply with articles. */
    NEWS,
    /** A template message. */
    TEMPLATE,
    /** A mass message with articles 图文. */
    ARTICLE,
    /** A mass message of another kind. */
    MASS,
    /** A customer-service message 客服消息. */
    SERVICE,
    /** The phone's own grey words, such as the failure notice. */
    NOTICE
  }

  /**
   * One line of a card.
   *
   * @param label what stands before the colon; may be empty
   * @param value what was filled in
   */
  public record Field(String label, String value) {}

  /** Copies the lists. */
  public ChatMessage {
    fields = List.copyOf(fields);
    data = Map.copyOf(data);
  }

  /** The value shown behind a label; empty if the card has no such line. */
  public String value(String label) {
    return fields.stream()
        .filter(field -> field.label().equals(label))
        .map(Field::value)
        .findFirst()
        .orElse("");
  }

  ChatMessage shownAt(Instant other) {
    return new ChatMessage(
        other, kind, title, text, fields, url, miniProgram, templateId, msgId, clientMsgId, data);
  }

  static ChatMessage words(Instant at, Kind kind, String text) {
    return new ChatMessage(at, kind, "", text, List.of(), "", "", null, 0, null, Map.of());
  }
}
