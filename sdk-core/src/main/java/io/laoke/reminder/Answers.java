package io.laoke.reminder;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What customers answer to what they were told, by a link or a text. Safe for use by many threads
 * and processes.
 *
 * <p>Each message has a token of its own, which nobody can guess: it names the contact and the day
 * on which it ends, under a mark by the dealer's key, and nothing of it is stored. It is answered
 * once. Of two answers at the same time one counts; a repeat, by whatever token about the same
 * contact, shows what was answered and changes nothing. Each answer is one transaction, or a part
 * of the host's, and does what staff would do with {@link Tasks}; the history says {@code
 * customer}. After it nobody is told any further, and what waits to be sent is not.
 *
 * <p>Messages lead to a page of {@code laoke.web()} by themselves where the dealer has a web
 * address. A host with pages of its own puts {@code {service.answer}} into the address of its
 * template, and calls this. Looking changes nothing, so that programs that look at links do not
 * answer; call the others for what people sent by POST.
 */
public interface Answers {
  /**
   * The token about whom a task was told last, for a message that staff write themselves. Some
   * queries.
   *
   * @return empty if there is nothing to answer
   */
  Optional<String> token(long taskId);

  /** The same as the address of its page; empty as well where the dealer has no web address. */
  Optional<String> link(long taskId);

  /** What a token leads to. Some queries. */
  AnswerState open(String token);

  /**
   * Books a time; {@link BookingListener}s hear of it.
   *
   * @param from in the future, at most a year ahead
   * @param to after {@code from}, at most 31 days
   * @throws io.laoke.error.InvalidInputException if it is not
   */
  AnswerState book(String token, Instant from, Instant to);

  /**
   * Asks again later: until then it is on nobody's list and nobody is told, and then as at first.
   * If something else comes due for them before, it is on the list with it from that day on, and
   * they are told, though not within two weeks of the last time. What staff have taken up already
   * is theirs to ask again.
   *
   * @param days 1 to 366
   */
  AnswerState later(String token, int days);

  /** Does not want it this time; the task is refused, and next dates come due all the same. */
  AnswerState decline(String token);

  /**
   * Says since when the goods are installed, where that was only assumed: the stage is recorded of
   * the orders, and the dates are counted anew. What is not due by that any more is off the list,
   * and comes due on its own day; what is due all the same waits for another answer.
   *
   * @param day not after today, and at most 30 days before the delivery
   * @throws io.laoke.error.InvalidInputException if it is not
   */
  AnswerState installed(String token, LocalDate day);

  /**
   * Asks to be called for a time: staff have it on their list of calls. Other answers can still
   * follow.
   */
  AnswerState call(String token);
}
