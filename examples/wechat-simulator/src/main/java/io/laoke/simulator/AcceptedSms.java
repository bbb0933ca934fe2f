package io.laoke.simulator;

import java.time.Instant;

/**
 * A text message that a gateway took, as the phone shows it.
 *
 * @param provider whose wire format it came in
 * @param phone eleven digits
 * @param text with 【signature】 at its head
 * @param segments how many messages it is charged as
 * @param providerId BizId or SerialNo, as the answer and the receipt give it
 * @param senderId OutId or SessionContext, as the sender gave it; may be empty
 * @param at platform time
 */
public record AcceptedSms(
    SmsProvider provider,
    String phone,
    String text,
    int segments,
    String providerId,
    String senderId,
    Instant at) {}
