package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads the log of {@link TraceRun}, a whole life of an order at TRACE and much that goes wrong.
 */
class TraceTest {
  @Test
  void aLogAtTraceShowsNoSecretAndNobody(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log");
    Path forbidden = folder.resolve("forbidden");
    try (HikariDataSource postgres = TestServer.POSTGRESQL.fresh()) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-Dfile.encoding=UTF-8",
                  "-Dorg.slf4j.simpleLogger.logFile=System.err",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                  "-Dorg.slf4j.simpleLogger.log.io.laoke=trace",
                  "-Dorg.slf4j.simpleLogger.log.io.laoke.simulator=warn",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  TraceRun.class.getName(),
                  forbidden.toString(),
                  "jdbc:h2:mem:trace",
                  postgres.getJdbcUrl())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      String said = Files.readString(log);
      assertThat(process.exitValue()).as(said).isZero();
      List<String> secrets = Files.readAllLines(forbidden);
      assertThat(secrets).hasSize(10 + 2 * 13).doesNotContain("");
      List<String> lines = said.lines().toList();
      for (String secret : secrets) {
        assertThat(lines).as("no line shows %s", secret).noneMatch(line -> line.contains(secret));
      }
      assertThat(lines).noneMatch(line -> line.contains("access_token="));
      assertThat(said)
          .as("the run did what it should")
          .contains("laoke.alarm kind=REFUSED", "laoke.alarm kind=PAUSED", "DEBUG io.laoke.")
          .contains("exported: true", "erased: Erasure[", "readmitted: true", "imported: ")
          .contains("echoed: true", "otherwise: WeChatEvent[", "store of them: Optional[S1]")
          .contains("again: Delivery[", "fact again: FailedInbound[", "recipients after that: true")
          .contains("and by openid: true", "walk-in: true true", "resealed: ResealReport[")
          .contains("laoke.alarm kind=FACTS_REFUSED", "facts refused: 6 ", "followers: ");
      Matcher refused = Pattern.compile("refused calls: (\\d+)").matcher(said);
      int runs = 0;
      while (refused.find()) {
        assertThat(Integer.parseInt(refused.group(1))).isGreaterThan(40);
        runs++;
      }
      assertThat(runs).isEqualTo(2);
    }
  }
}
