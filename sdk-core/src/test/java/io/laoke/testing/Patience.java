package io.laoke.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Tests wait for what must happen as long as a busy machine may need; seldom do they need it. */
public final class Patience implements LauncherSessionListener {
  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofMinutes(1);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    try {
      Awaitility.setDefaultTimeout(AS_LONG_AS_IT_TAKES);
    } catch (NoClassDefFoundError absent) {
      // A module whose tests wait for nothing.
    }
  }
}
