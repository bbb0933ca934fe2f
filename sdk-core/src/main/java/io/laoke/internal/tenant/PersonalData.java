package io.laoke.internal.tenant;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SPI: what a feature keeps of people in its own tables. Each feature has one, registered at the
 * composition root; together they name every table.
 */
@Internal
public interface PersonalData {
  /** The feature's tables, each column of text declared. */
  List<PersonalTable> tables();

  /**
   * Locks what others lock before anything of a person, and write rows of the person under. Called
   * before all else of an erasure.
   */
  default void lockFirst(Tx tx, Tenant tenant) {}

  /**
   * Adds what the erasure of a person is going to lock, as it looks before anything is locked:
   * orders and notes, those of others that it changes among them, and openids. Called in the order
   * of registration.
   */
  default void foresee(Tx tx, Tenant tenant, Person foreseen) {
    find(tx, tenant, foreseen, false);
  }

  /**
   * Adds by what else the person's rows are found. Called in the order of registration, which is
   * the order of locks.
   *
   * @param locking whether to lock what must not change meanwhile: the person is being erased.
   *     Whatever was not foreseen then lets the transaction be repeated; so it does in {@link
   *     #erase}
   */
  default void find(Tx tx, Tenant tenant, Person person, boolean locking) {}

  /**
   * Erases what the declarations of {@link #tables} do not say. Called before they are carried out,
   * in the transaction that holds all locks.
   */
  default void erase(Tx tx, Tenant tenant, Person person) {}

  /**
   * Erases what has come since of people who were erased, and is found by their tombstones. Called
   * where somebody is to be erased who was already.
   */
  default void eraseAgain(Tx tx, Tenant tenant) {}

  /**
   * Rows of the person that the declarations of {@link #tables} do not find, for export.
   *
   * @return by the table's name without the prefix, each row as its columns are to be shown
   */
  default Map<String, List<Map<String, @Nullable Object>>> export(
      Tx tx, Tenant tenant, Person person) {
    return Map.of();
  }

  /**
   * Removes a batch of old rows of this feature.
   *
   * @param kind what to remove; kinds of other features are none of its business
   * @param beforeMs machine time; what is younger stays
   * @param limit at most so many rows
   * @return how many were removed or emptied
   */
  default int expire(Tx tx, Tenant tenant, Retained kind, long beforeMs, int limit) {
    return 0;
  }
}
