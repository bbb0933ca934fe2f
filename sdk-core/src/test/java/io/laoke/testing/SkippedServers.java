package io.laoke.testing;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Tells at the end of a test process which databases could not start, why, and what it cost. */
public final class SkippedServers implements LauncherSessionListener {
  private record Skipped(String reason, AtomicInteger tests) {}

  private static final Map<String, Skipped> SKIPPED = new TreeMap<>();

  static synchronized void note(String server, String reason) {
    SKIPPED
        .computeIfAbsent(server, name -> new Skipped(reason, new AtomicInteger()))
        .tests()
        .incrementAndGet();
  }

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    synchronized (SkippedServers.class) {
      if (!SKIPPED.isEmpty()) {
        System.out.print(table(SKIPPED));
      }
    }
  }

  private static String table(Map<String, Skipped> skipped) {
    StringBuilder text = new StringBuilder();
    text.append("NOT TESTED HERE (with CI set this is a failure)%n".formatted());
    text.append("%-12s %6s  %s%n".formatted("database", "tests", "why"));
    skipped.forEach(
        (server, one) ->
            text.append("%-12s %6d  %s%n".formatted(server, one.tests().get(), one.reason())));
    return text.toString();
  }
}
