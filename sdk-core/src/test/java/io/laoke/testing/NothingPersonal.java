package io.laoke.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class of tests in which Laoke made an exception whose message shows a phone, a name or an
 * address of the people of the tests, caught or not. The JVM itself records what is thrown. It is
 * found by itself for every class of tests, here and in modules that have this one's tests.
 */
public final class NothingPersonal implements BeforeAllCallback, AfterAllCallback {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(NothingPersonal.class);
  private static final Pattern PERSONAL =
      Pattern.compile(
          "(?<![0-9])1[3-9][0-9]{9}(?![0-9])|王芳|李雷|韩梅|李娜|赵一|赵六|文一路|文三路|o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])");

  @Override
  public void beforeAll(ExtensionContext context) {
    Recording recording = new Recording();
    recording.enable("jdk.JavaExceptionThrow").withoutStackTrace();
    recording.enable("jdk.JavaErrorThrow").withoutStackTrace();
    recording.start();
    context.getStore(HERE).put("recording", recording);
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    Recording recording = context.getStore(HERE).remove("recording", Recording.class);
    Path file = Files.createTempFile("laoke-thrown-", ".jfr");
    try (recording) {
      recording.stop();
      recording.dump(file);
      List<String> shown = new ArrayList<>();
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        if (!event.hasField("thrownClass")) {
          continue;
        }
        String type = event.getClass("thrownClass").getName();
        String message = event.getString("message");
        if (type.startsWith("io.laoke.") && message != null && PERSONAL.matcher(message).find()) {
          shown.add(type + ": " + message);
        }
      }
      if (!shown.isEmpty()) {
        throw new AssertionError("Messages show personal values: " + shown);
      }
    } finally {
      Files.delete(file);
    }
  }
}
