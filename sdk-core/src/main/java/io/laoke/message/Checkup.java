package io.laoke.message;

import java.util.List;

/** Capability: an account that can examine its own settings and what its platform says of them. */
public interface Checkup {
  /**
   * Looks at everything that can be seen from here. A few network calls that change nothing on the
   * platform; takes seconds, at the worst some calls' time-outs. What the platform refuses or
   * cannot be asked is a finding, never an exception.
   *
   * @return what was found, the worst first
   */
  List<Finding> examine();
}
