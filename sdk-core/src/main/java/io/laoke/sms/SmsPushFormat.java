package io.laoke.sms;

import io.laoke.message.Inbound;
import java.util.List;

/** How a provider tells by HTTP what became of messages, and what people answered. */
public interface SmsPushFormat {
  /**
   * Reads receipts.
   *
   * @throws io.laoke.error.InvalidInputException if any of it cannot be read; it shows no number
   */
  List<Inbound.SmsReport> receipts(byte[] body);

  /**
   * Reads replies.
   *
   * @throws io.laoke.error.InvalidInputException if any of it cannot be read; it shows no number
   */
  List<Inbound.SmsReply> replies(byte[] body);

  /** The body that tells the provider that all was taken. */
  String taken();

  /** The body that tells the provider that nothing is certain, so that it pushes again. */
  String refused(String why);
}
