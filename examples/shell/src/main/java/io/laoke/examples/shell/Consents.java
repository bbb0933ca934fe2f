package io.laoke.examples.shell;

import io.laoke.Dealer;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.member.Consent;
import io.laoke.member.Member;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What members agreed to and refused. The import itself takes none, so they are recorded one by one
 * behind it, some hundred in one transaction; those that are recorded already change nothing.
 */
final class Consents {
  /**
   * Of one member.
   *
   * @param row where it stands
   */
  record Said(Row row, String customerNo, List<Consent> consents) {
    Said {
      consents = List.copyOf(consents);
    }
  }

  private static final int AT_ONCE = 200;
  private static final int ATTEMPTS = 10;

  private final Opened opened;
  private final BiConsumer<Row, BadCell> refusals;
  private long recorded;
  private long unchanged;

  Consents(Opened opened, BiConsumer<Row, BadCell> refusals) {
    this.opened = opened;
    this.refusals = refusals;
  }

  /** What became of some of them. */
  private record Outcome(long recorded, long unchanged, List<Refused> refused) {}

  private record Refused(Row row, BadCell bad) {}

  void record(Iterator<Said> all, Progress progress, Interrupt interrupt) {
    List<Said> some = new ArrayList<>();
    while (all.hasNext()) {
      some.add(all.next());
      if (some.size() == AT_ONCE || !all.hasNext()) {
        interrupt.check();
        Outcome outcome = repeated(some);
        recorded += outcome.recorded();
        unchanged += outcome.unchanged();
        outcome.refused().forEach(one -> refusals.accept(one.row(), one.bad()));
        some.clear();
        progress.tell(() -> "consents: %,d".formatted(recorded + unchanged));
      }
    }
  }

  private Outcome repeated(List<Said> some) {
    for (int attempt = 1; ; attempt++) {
      try {
        return together(some);
      } catch (LaokeException failed) {
        if (!failed.retryable() || attempt == ATTEMPTS) {
          throw failed;
        }
      } catch (SQLException failed) {
        throw new CannotException(
            "Consents cannot be recorded (SQLState %s). What was imported stays; run the same command once more."
                .formatted(failed.getSQLState()));
      }
    }
  }

  private Outcome together(List<Said> some) throws SQLException {
    try (Connection connection = opened.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try {
        Outcome outcome = recorded(opened.dealer().in(connection), some);
        connection.commit();
        return outcome;
      } catch (RuntimeException failed) {
        connection.rollback();
        throw failed;
      }
    }
  }

  private static Outcome recorded(Dealer dealer, List<Said> some) {
    long recorded = 0;
    long unchanged = 0;
    List<Refused> refused = new ArrayList<>();
    for (Said said : some) {
      Optional<Member> member = dealer.members().find(said.customerNo());
      if (member.isEmpty()) {
        refused.add(
            new Refused(
                said.row(),
                new BadCell("customer_no", "leads to no member, so no consent is recorded")));
        continue;
      }
      for (Consent consent : said.consents()) {
        try {
          boolean fresh = dealer.members().consent(member.get().id(), consent);
          recorded += fresh ? 1 : 0;
          unchanged += fresh ? 0 : 1;
        } catch (InvalidInputException bad) {
          refused.add(new Refused(said.row(), new BadCell("consent_at", "lies ahead of now")));
        }
      }
    }
    return new Outcome(recorded, unchanged, refused);
  }

  long recorded() {
    return recorded;
  }

  long unchanged() {
    return unchanged;
  }
}
