package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An answer that cannot be written is no success. */
class FullDiskTest {
  private static final File FULL = new File("/dev/full");

  @TempDir private Path dir;

  @Test
  void anAnswerThatDoesNotFitIsTold() throws Exception {
    assumeTrue(FULL.exists(), "SKIPPED: no /dev/full here");
    Path members = dir.resolve("members.csv");
    Files.write(members, List.of("customer_no,name", "C-1,王芳", "C-2,李雷"));
    Files.write(dir.resolve("orders.csv"), List.of("order_no,customer_no,ordered_at"));
    Files.write(dir.resolve("lines.csv"), List.of("order_no,line_no,category,quantity,net_amount"));
    assertThat(run(ProcessBuilder.Redirect.DISCARD, "import", dir.toString())).isZero();

    assertThat(run(ProcessBuilder.Redirect.to(FULL), "count", "--everyone")).isEqualTo(3);
    assertThat(err()).contains("not written in full", "Make room");
    assertThat(run(ProcessBuilder.Redirect.to(FULL), "list", "--everyone")).isEqualTo(3);
    assertThat(err()).contains("not written in full");
    assertThat(run(ProcessBuilder.Redirect.DISCARD, "list", "--everyone")).isZero();
  }

  private String err() throws Exception {
    return Files.readString(dir.resolve("err"));
  }

  private int run(ProcessBuilder.Redirect to, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.laoke.examples.shell.Shell"));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--database", dir.resolve("db").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(to)
            .redirectError(dir.resolve("err").toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
