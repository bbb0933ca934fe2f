package io.laoke.member;

import io.laoke.base.Upserted;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one dealer's members beside orders, such as visits, calls or surveys: declared
 * with type and labels, recorded by the host, asked for in segments. Safe for use by many threads;
 * joins the host's transaction where there is one.
 */
public interface Events {
  /**
   * Declares a type of events, or declares it anew. Repeating changes no row. Properties may be
   * added and labels changed at any time; a property, or one of its codes, that recorded events
   * have is neither taken away nor given another type. Those recorded by transactions under way are
   * waited for, but on H2, where this call and theirs should not meet.
   *
   * @throws io.laoke.error.ConflictException if recorded events have what would be lost, with how
   *     many; or if 200 types are declared already
   */
  Upserted declare(EventType type);

  /** The declaration of that type. */
  Optional<EventType> type(String name);

  /** All declarations, by name. */
  List<EventType> types();

  /**
   * Takes back the declaration of a type of which no event is recorded.
   *
   * @return whether it was declared
   * @throws io.laoke.error.ConflictException if there are events of it, with how many
   */
  boolean withdrawType(String name);

  /**
   * Records an event of a member. Repeating changes no row: of one type, an id is one event. With
   * other content the recorded one is made equal to it. Costs some four statements.
   *
   * @param memberId a member; the id of one that was merged stands for the survivor
   * @throws io.laoke.error.NotFoundException if the type is not declared, there is no such member,
   *     or its person was erased
   * @throws io.laoke.error.InvalidInputException if a property is not declared, or of another type
   * @throws io.laoke.error.ConflictException if the event is recorded for another member: {@link
   *     #withdraw} it first
   */
  Upserted record(long memberId, Event event);

  /**
   * The same for the member of a customer number. If the merge that brought this number is split,
   * the event goes along with it, whether it came before the merge or after.
   *
   * @return UNCHANGED for a customer who was erased: nothing is recorded
   * @throws io.laoke.error.NotFoundException if the type is not declared, or nobody has that number
   */
  Upserted record(String customerNo, Event event);

  /**
   * Takes back an event.
   *
   * @return whether it was recorded
   */
  boolean withdraw(String type, String id);

  /**
   * A member's events, the latest first.
   *
   * @param type of this type only; null for all
   * @param cursor {@link EventPage#next} of the page before; null for the first page
   * @param limit at most 1,000
   */
  EventPage page(long memberId, @Nullable String type, @Nullable String cursor, int limit);
}
