package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The browser of the page tests, as it is installed; without one they are passed over. */
final class Chromium {
  private Chromium() {}

  static ChromeDriver start() {
    Optional<File> chromium = program("CHROME_BIN", "/usr/bin/chromium", "/usr/bin/google-chrome");
    Optional<File> driver = program("CHROMEDRIVER", "/usr/bin/chromedriver");
    boolean there = chromium.isPresent() && driver.isPresent();
    String missing = "Browser tests of dealer-erp need chromium and chromium-driver";
    if (System.getenv("CI") != null) {
      assertThat(there).as(missing).isTrue();
    }
    assumeTrue(there, missing);
    return new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.orElseThrow())
            .usingAnyFreePort()
            .build(),
        new ChromeOptions()
            .setBinary(chromium.orElseThrow())
            .addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--lang=zh-CN"));
  }

  private static Optional<File> program(String variable, String... usual) {
    return Stream.concat(
            Optional.ofNullable(System.getenv(variable)).stream(), Arrays.stream(usual))
        .map(File::new)
        .filter(File::canExecute)
        .findFirst();
  }
}
