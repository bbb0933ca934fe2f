package io.laoke;

import static io.laoke.base.Check.notNull;

import io.laoke.error.ConflictException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.jdbc.Names;
import java.util.List;
import java.util.Optional;

/**
 * Laoke's own tables. Nothing is created or changed unless one of these calls asks for it. Safe for
 * many threads and on several nodes at once: one works, the others wait for it; after a kill the
 * next goes on.
 */
public final class Migrations {
  private final io.laoke.internal.jdbc.Migrations steps;

  Migrations(Database database) {
    this.steps = new io.laoke.internal.jdbc.Migrations(database);
  }

  /** What to do about tables that are not at this version. */
  public enum Mode {
    /** Bring them up to date. */
    APPLY,
    /** Refuse to go on while a step is missing; the host's own tool applies {@link #render}. */
    CHECK,
    /** Do not even look. */
    OFF
  }

  /** The databases that the tables exist for. */
  public enum Kind {
    /** For trying and tests. */
    H2,
    /** PostgreSQL 12 and later. */
    POSTGRESQL,
    /** MySQL 8.0 and later. */
    MYSQL,
    /** MariaDB 10.6 and later. */
    MARIADB
  }

  /**
   * Does what the mode says.
   *
   * @throws ConflictException if steps are missing in {@link Mode#CHECK}, or were applied with
   *     other content than this version of Laoke has
   * @throws io.laoke.error.StoreException if the database fails; repeat, nothing is done twice
   */
  public void run(Mode mode) {
    switch (mode) {
      case APPLY -> apply();
      case CHECK -> check();
      case OFF -> {}
    }
  }

  /**
   * Brings the tables to this version. Costs a few reads when there is nothing to do.
   *
   * @return how many statements were run
   */
  public int apply() {
    return steps.apply();
  }

  /**
   * The steps that are not applied yet, such as {@code 3.2}; empty when the tables are up to date.
   * Changes nothing.
   */
  public List<String> pending() {
    return steps.missing();
  }

  private void check() {
    List<String> pending = pending();
    if (!pending.isEmpty()) {
      throw new ConflictException(
          "Laoke's tables lack %d steps (%s to %s). Call migrations().apply(), or apply what Migrations.render(…) prints with your own tool."
              .formatted(pending.size(), pending.get(0), pending.get(pending.size() - 1)));
    }
  }

  /**
   * Prints the SQL of all steps, with the records of their checksums, for a host's own migration
   * tool. Statements end with {@code ;} at the end of a line. They may be run again; on MySQL and
   * MariaDB those that add a column then fail with error 1060 (duplicate column), which is
   * harmless.
   *
   * @param tablePrefix as given to the builder
   * @param schema as given to the builder, or empty
   */
  public static String render(Kind kind, String tablePrefix, Optional<String> schema) {
    return io.laoke.internal.jdbc.Migrations.render(
        Dialect.valueOf(notNull("kind", kind).name()),
        new Names(notNull("tablePrefix", tablePrefix), notNull("schema", schema)));
  }
}
