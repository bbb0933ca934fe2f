package io.laoke.reminder;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What a customer answered.
 *
 * @param slot the time that they booked
 * @param day until when they put it off, or since when the unit is installed
 * @param source by which way
 * @param at business time
 */
public record CustomerAnswer(
    AnswerWord word, Optional<Task.Slot> slot, Optional<LocalDate> day, Source source, Instant at) {
  /** By which way an answer came. */
  public enum Source {
    /** By the link of a message. */
    LINK,
    /** By a text to the WeChat account. */
    WECHAT,
    /** By a reply to the text message. */
    SMS
  }
}
