package io.laoke.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The quickstart does what the README says that it does. */
class QuickstartTest {
  private static List<String> printed;

  @BeforeAll
  static void run() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      Quickstart.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    printed = captured.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void printsWhatTheReadmesShow() throws Exception {
    List<String> actual =
        printed.stream()
            .filter(line -> !line.matches("[█ ]+"))
            .map(QuickstartTest::masked)
            .toList();
    for (String readme : List.of("README.md", "README.zh-CN.md")) {
      String text = Files.readString(Path.of(System.getProperty("laoke.root", "../.."), readme));
      Matcher output =
          Pattern.compile("<!-- cut: output -->\\n```\\n(.*?)```", Pattern.DOTALL).matcher(text);
      assertThat(output.find()).isTrue();

      assertThat(
              output
                  .group(1)
                  .lines()
                  .filter(line -> !line.startsWith("█"))
                  .map(QuickstartTest::masked)
                  .toList())
          .as(readme)
          .isEqualTo(actual);
    }
  }

  @Test
  void writesAnImageThatAReaderReads() throws Exception {
    Path png =
        printed.stream()
            .filter(line -> line.endsWith(".png"))
            .map(Path::of)
            .findFirst()
            .orElseThrow();
    BufferedImage image = ImageIO.read(png.toFile());
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    String content =
        new QRCodeReader()
            .decode(
                new BinaryBitmap(
                    new HybridBinarizer(
                        new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))),
                // Drawn, not photographed: else the reader guesses, and now and then in vain.
                Map.of(DecodeHintType.PURE_BARCODE, true))
            .getText();

    assertThat(content).startsWith("http://weixin.qq.com/q/");
    Files.delete(png);
  }

  @Test
  void standsInOneFileOfLessThanAHundredLines() throws Exception {
    Path source =
        Path.of(
            System.getProperty("laoke.root", "../.."),
            "examples/quickstart/src/main/java/io/laoke/examples/quickstart/Quickstart.java");

    assertThat(Files.readAllLines(source)).hasSizeLessThan(100);
  }

  /** Without what differs from run to run: ids, the path, the time. */
  private static String masked(String line) {
    return line.replaceAll("\\[(ORDER|STAGE) [0-9…]+,", "[$1 …,")
        .replaceAll("^.*SO-1001-.*\\.png$", "SO-1001.png")
        .replaceAll("[0-9]+月[0-9]+日 [0-9:]+", "TIME");
  }
}
