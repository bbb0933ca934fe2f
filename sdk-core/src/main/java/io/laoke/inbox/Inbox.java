package io.laoke.inbox;

import java.util.List;
import java.util.Optional;

/**
 * What became of the facts that programs inserted for this dealer as rows of table {@code inbox};
 * the guide of laoke-core says what they insert. Rows are applied by {@code tick} and by a started
 * engine, each in a transaction with the mark that it is done.
 *
 * <p>A row that is refused stays in the list of {@link InboxFact.State#BAD} rows with the reason;
 * it holds up no other. Of people who were erased it keeps nothing: where it names one, it loses
 * them, and is dropped if nothing else is left. Safe for use by many threads; joins the host's
 * transaction where there is one.
 */
public interface Inbox {
  /**
   * Rows in a state, oldest first.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit 1 to 500
   */
  List<InboxFact> page(InboxFact.State state, long afterId, int limit);

  /** A row; empty if there is none, also once a done row has been removed. */
  Optional<InboxFact> find(long id);

  /**
   * The fact of a row as JSON, so that it can be corrected. It may hold personal values. Empty once
   * the row is done or dropped.
   *
   * @throws io.laoke.error.NotFoundException if there is no such row
   */
  Optional<String> json(long id);

  /** How many rows are in a state. Counts them, so it costs as much as they are many. */
  long count(InboxFact.State state);

  /**
   * Gives a row that is not applied another fact. It is tried again by the next tick.
   *
   * @param json the whole fact, in the form of the row's kind
   * @throws io.laoke.error.InvalidInputException if the JSON is refused; the row stays as it is
   * @throws io.laoke.error.ConflictException if the row is done or dropped, or a later one of the
   *     same kind and number has been applied, which this one would undo: insert a new row instead
   * @throws io.laoke.error.NotFoundException if there is no such row
   */
  void correct(long id, String json);

  /**
   * Has a bad or waiting row tried again by the next tick, for when its cause was elsewhere.
   *
   * @throws io.laoke.error.ConflictException as for {@link #correct}
   * @throws io.laoke.error.NotFoundException if there is no such row
   */
  void retry(long id);

  /**
   * Has all bad rows tried again.
   *
   * @return how many
   */
  int retryAll();

  /**
   * Gives a row up. Its fact is taken away, the reason stays as long as done rows do. Repeating is
   * harmless.
   *
   * @param why at most 200 characters, nothing personal
   * @throws io.laoke.error.ConflictException if it is applied already
   * @throws io.laoke.error.NotFoundException if there is no such row
   */
  void drop(long id, String why);
}
