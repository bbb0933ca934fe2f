package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program's arguments and what it prints. */
class SimulatorMainTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private WeChatSimulator run(String... args) {
    return SimulatorMain.run(args, new PrintStream(printed, true, UTF_8));
  }

  @Test
  void printsWhatToConfigureAndMovesOffATakenPort() {
    String key = AccountSpec.service().encodingAesKey();
    try (WeChatSimulator first = run("--port", "0");
        WeChatSimulator second =
            run(
                "--port",
                String.valueOf(first.port()),
                "--appid",
                "wx1",
                "--secret",
                "s1",
                "--token",
                "t1",
                "--aes-key",
                key,
                "--mode",
                "compatible",
                "--callback",
                "http://127.0.0.1:1/wechat")) {
      assertThat(second.account("wx1").mode()).isEqualTo(PushMode.COMPATIBLE);
      assertThat(printed.toString(UTF_8))
          .contains("Port " + first.port() + " is taken, using " + second.port())
          .contains(second.baseUrl(), "wx1", "s1", "t1", key, "http://127.0.0.1:1/wechat");
      assertThat(new TestClient(second, second.account("wx1")).token()).isNotEmpty();
      assertThat(second.account("wx1").templates()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--prot 1,Unknown option --prot",
    "1,Unknown option 1",
    "--port,needs a value",
    "--port x,0 to 65535",
    "--mode safe,plain",
    "--aes-key short,43 characters"
  })
  void saysWhatIsWrong(String args, String words) {
    assertThatThrownBy(() -> run(args.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }
}
