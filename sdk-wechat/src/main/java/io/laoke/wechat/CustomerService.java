package io.laoke.wechat;

import io.laoke.message.SendOutcome;
import java.util.concurrent.CompletionStage;

/**
 * Capability: customer-service messages 客服消息, for verified accounts. WeChat takes them only as an
 * answer to what a person did: 5 within 48 hours after they wrote, 3 within one minute after they
 * followed, scanned a code or clicked the menu (reference, section 8.1). Not a way to remind
 * anybody. Safe for use by many threads.
 */
public interface CustomerService {
  /** The longest text, in bytes of UTF-8. */
  int MAX_TEXT_BYTES = 2048;

  /**
   * Sends a text; does not wait. One network call that is never repeated here, since WeChat does
   * not recognise a repeat: after {@code Unknown} the person may have got it.
   *
   * <p>Outside the window (45015), with all answers used (45047) and for people who do not follow
   * it is {@code Refused} without an alarm; choose another channel then. The advice is in the
   * reason.
   *
   * @param openid who
   * @param text at most {@link #MAX_TEXT_BYTES}
   * @return completes within the call time-out, never exceptionally. WeChat gives these messages no
   *     id and reports no delivery: the provider id of {@code Accepted} is {@code none}
   * @throws io.laoke.error.InvalidInputException if the text is blank or too long
   */
  CompletionStage<SendOutcome> text(String openid, String text);
}
