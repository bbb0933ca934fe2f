package io.laoke.simulator;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A template message that the platform accepted; repeats of the same {@code client_msg_id} inside
 * their window are not listed again.
 *
 * @param msgId as answered and as the job-finish event tells
 * @param openId receiver
 * @param templateId template
 * @param clientMsgId the caller's dedupe id, {@code null} if none was sent
 * @param data values as sent, by field key
 * @param url jump link, empty for none
 * @param at platform time
 * @param status how it ended
 * @param repeats how many more calls with the same {@code client_msg_id} were answered with this
 *     message
 */
public record AcceptedMessage(
    long msgId,
    String openId,
    String templateId,
    @Nullable String clientMsgId,
    Map<String, String> data,
    String url,
    Instant at,
    Status status,
    int repeats) {

  /** How the delivery ended. */
  public enum Status {
    /** It is in the follower's chat. */
    SUCCESS("success"),
    /** The follower blocks the account's messages. */
    USER_BLOCK("failed:user block"),
    /** The platform could not deliver. */
    SYSTEM_FAILED("failed: system failed");

    private final String words;

    Status(String words) {
      this.words = words;
    }

    /** The word in the job-finish event. */
    public String words() {
      return words;
    }
  }

  /** Copies the map. */
  public AcceptedMessage {
    data = Map.copyOf(data);
  }

  AcceptedMessage repeated() {
    return new AcceptedMessage(
        msgId, openId, templateId, clientMsgId, data, url, at, status, repeats + 1);
  }
}
