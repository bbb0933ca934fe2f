package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.message.Finding.Severity;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a checkup of one dealer found.
 *
 * @param dealer the dealer's code
 * @param findings the worst first
 */
public record Diagnosis(String dealer, List<Finding> findings) {
  /** Checks, sorts and copies. */
  public Diagnosis {
    notNull("dealer", dealer);
    findings =
        notNull("findings", findings).stream()
            .sorted(Comparator.comparing(Finding::severity).reversed())
            .toList();
  }

  /** The worst severity; FINE if nothing was found. */
  public Severity worst() {
    return findings.isEmpty() ? Severity.FINE : findings.get(0).severity();
  }

  /** Whether nothing is wrong: no warning and no error. */
  public boolean healthy() {
    return worst().compareTo(Severity.WARNING) < 0;
  }

  /** All findings in English, one a line. */
  public String english() {
    return findings.stream().map(Finding::english).collect(Collectors.joining("\n"));
  }

  /** All findings in Chinese, one a line. */
  public String chinese() {
    return findings.stream().map(Finding::chinese).collect(Collectors.joining("\n"));
  }
}
