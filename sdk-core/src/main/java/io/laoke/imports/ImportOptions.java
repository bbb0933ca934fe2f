package io.laoke.imports;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import java.util.function.Consumer;

/**
 * How an import is run. Immutable; each method gives a changed copy.
 *
 * @param batch facts in one transaction, 1 to 10,000
 * @param progress told after each batch is committed
 * @param refusals told of each refusal after its batch is committed; a restarted run does not
 *     repeat those of before
 */
public record ImportOptions(
    int batch, Consumer<ImportReport> progress, Consumer<Refusal> refusals) {
  /** Checks. */
  public ImportOptions {
    range("batch", batch, 1, 10_000);
    notNull("progress", progress);
    notNull("refusals", refusals);
  }

  /** 1,000 facts in a transaction, nobody is told. */
  public static ImportOptions defaults() {
    return new ImportOptions(1_000, report -> {}, refusal -> {});
  }

  /** With that many facts in a transaction. */
  public ImportOptions withBatch(int facts) {
    return new ImportOptions(facts, progress, refusals);
  }

  /** With somebody who is told after each batch. */
  public ImportOptions withProgress(Consumer<ImportReport> listener) {
    return new ImportOptions(batch, listener, refusals);
  }

  /** With somebody who is told of each refusal. */
  public ImportOptions withRefusals(Consumer<Refusal> listener) {
    return new ImportOptions(batch, progress, listener);
  }
}
