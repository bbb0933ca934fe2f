package io.laoke.reminder;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What a link of {@link Answers} leads to. */
public sealed interface AnswerState {
  /**
   * What was told, for a page; names nobody.
   *
   * @param taskId the task that it is about
   * @param service what the rule calls the service, or its kind where the rule is gone
   * @param items the goods in few words
   * @param count how many pieces these are, however many services of one are due
   * @param due the day of the first
   */
  record Facts(long taskId, String service, String items, int count, LocalDate due) {}

  /**
   * It waits for an answer.
   *
   * @param slots what a page may offer; {@link Answers#book} takes others, too
   * @param laterDays after how many days a page may offer to ask again
   * @param assumed since when the goods are taken for installed, where nobody has reported it: then
   *     {@link Answers#installed} corrects it
   * @param asked whether they have asked to be called for a time
   */
  record Open(
      Facts facts,
      List<Task.Slot> slots,
      List<Integer> laterDays,
      Optional<LocalDate> assumed,
      boolean asked)
      implements AnswerState {
    /** Copies. */
    public Open {
      slots = List.copyOf(slots);
      laterDays = List.copyOf(laterDays);
    }
  }

  /**
   * It was answered.
   *
   * @param applied whether by this very call; false for whoever only looks, and for a repeat
   */
  record Answered(Facts facts, CustomerAnswer answer, boolean applied) implements AnswerState {}

  /**
   * Nothing is left to answer: staff have booked a time, or have ended it, or it was done.
   *
   * @param booked the time that staff have booked
   */
  record Settled(Facts facts, TaskState state, Optional<Task.Slot> booked) implements AnswerState {}

  /** The link's time is over, or the service is not theirs any more who were sent it. */
  record Expired() implements AnswerState {}

  /** It is no link of this dealer's. */
  record Unknown() implements AnswerState {}
}
