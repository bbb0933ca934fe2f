package io.laoke.imports;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Imports of a dealer's history. A run reads a stream of facts of any length in constant memory and
 * ends with the same rows as if each had been reported by itself, through {@code members().put},
 * {@code orders().upsert}, {@code orders().advance} and {@code returns().record}, in the order of
 * the stream; only much faster.
 *
 * <ul>
 *   <li><b>Batches.</b> Some thousand facts are one transaction of Laoke's own, committed together
 *       with the run's position and counts. A run never joins a transaction of the host.
 *   <li><b>Restart.</b> A run has a name. Killed at any moment, it is started again under the same
 *       name with the same stream from its beginning, and goes on behind the last batch. A run that
 *       has ended starts over: the same facts change no row.
 *   <li><b>Bad facts.</b> Each is refused alone, with position, key, field and reason, and the rest
 *       goes on. A bad stage is refused without its order.
 *   <li><b>Silence.</b> Nothing is sent, nothing put into the outbox, no decision recorded, now or
 *       later: a stage that an import recorded is known, so reporting it again tells nobody. Later
 *       stages that are reported by {@code advance} are news as ever. So that they reach somebody,
 *       an imported order of the last 90 days that is neither completed nor closed binds itself to
 *       a member who follows already, as {@code AutoBind} says; older and finished orders bind only
 *       by a scan or a claim.
 *   <li><b>Beside the running ERP.</b> Live calls about the same members and orders may go on, and
 *       several runs at once.
 * </ul>
 *
 * <p>Safe for use by many threads; a run uses the calling thread, and reads the stream while it
 * holds no connection.
 */
public interface Imports {
  /** As {@link #run(String, Iterator, ImportOptions)} with {@link ImportOptions#defaults()}. */
  ImportReport run(String name, Iterator<ImportFact> facts);

  /**
   * Imports, and returns when all facts are read. What the stream itself throws ends the run, which
   * can be started again.
   *
   * @param name of the run, at most 64 characters
   * @param facts read once, by this thread
   * @throws io.laoke.error.ConflictException if the facts behind which a killed run is to go on are
   *     not those that it had read; if another thread or process has started the same run since, so
   *     that this one ends; or if called inside a transaction of the host
   * @throws io.laoke.error.StoreException if the database fails; start it again
   */
  ImportReport run(String name, Iterator<ImportFact> facts, ImportOptions options);

  /** How far a run is, seen from any thread or process. */
  Optional<ImportReport> report(String name);

  /** The names of all runs. */
  List<String> names();

  /**
   * What a run has refused since it last started over, in the order of the stream.
   *
   * @param after how many to pass over, 0 for the first page
   * @param limit at most 1,000
   */
  List<Refusal> refusals(String name, long after, int limit);

  /**
   * Takes away what is recorded of a run and its refusals; what it imported stays. One that is
   * under way ends.
   *
   * @return whether there was one
   */
  boolean forget(String name);
}
