package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** Looks at the ERP's pages in a real browser; leaves pictures in {@code target/screenshots}. */
abstract class PagesInBrowser {
  static final Dimension DESK = new Dimension(1280, 900);
  static final Dimension PHONE = new Dimension(390, 844);
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Path PICTURES = Path.of("target", "screenshots");

  static Running erp;
  static ChromeDriver browser;

  static void started(String... args) throws IOException {
    browser = Chromium.start();
    Files.createDirectories(PICTURES);
    erp = new Running(args);
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.quit();
      browser = null;
    }
    if (erp != null) {
      erp.close();
      erp = null;
    }
  }

  static void open(String path) {
    browser.get(erp.url() + path);
  }

  static WebElement find(String css) {
    return browser.findElement(By.cssSelector(css));
  }

  static void shows(String css, String words) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(find(css).getText()).contains(words));
  }

  static void phoneShows(String words) {
    browser.switchTo().frame("phone");
    try {
      shows("#screen", words);
    } finally {
      browser.switchTo().defaultContent();
    }
  }

  static void drawn(int charts) {
    await()
        .atMost(PATIENCE)
        .until(() -> browser.findElements(By.cssSelector("table[data-drawn]")).size() == charts);
  }

  static void picture(String name) throws IOException {
    Files.write(PICTURES.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
  }

  /** A picture of the whole page, in a window of that width. */
  static void tall(String name, Dimension usual) throws IOException {
    Long height = (Long) browser.executeScript("return document.documentElement.scrollHeight");
    browser
        .manage()
        .window()
        .setSize(new Dimension(usual.width, (int) Math.min(height + 140, 4000)));
    picture(name);
    browser.manage().window().setSize(usual);
  }
}
