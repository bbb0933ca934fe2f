package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.Binarizer;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.Result;
import com.google.zxing.ResultMetadataType;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import io.laoke.binding.QrOptions.ErrorCorrection;
import io.laoke.error.InvalidInputException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class QrCodeTest {
  private static final String URL = "http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrStUvWxYz";
  private static final String CHINESE = "订单 SO-1001 已出库，请扫码😀";

  static Stream<QrCase> everyImage() {
    List<QrCase> cases = new ArrayList<>();
    for (String content : List.of("1", URL, CHINESE, "https://a.example/" + "x".repeat(300))) {
      for (ErrorCorrection level : ErrorCorrection.values()) {
        for (int size : new int[] {200, 360, 361, 1000}) {
          cases.add(new QrCase(content, new QrOptions(size, 4, level, Optional.empty())));
        }
        if (content.length() < 10) {
          continue; // too small a code to lose its middle
        }
        cases.add(
            new QrCase(
                content,
                QrOptions.standard().withErrorCorrection(level).withLogo(logo(90, 90), 20)));
      }
    }
    cases.add(new QrCase(URL, QrOptions.standard().withQuietZone(1)));
    cases.add(new QrCase(URL, QrOptions.standard().withQuietZone(20)));
    cases.add(new QrCase(URL, QrOptions.standard().withLogo(logo(120, 40), 15)));
    cases.add(new QrCase(URL, QrOptions.standard().withLogo(logo(40, 120), 25).withSize(777)));
    return cases.stream();
  }

  record QrCase(String content, QrOptions options) {
    @Override
    public String toString() {
      return content.length() + " characters, " + options;
    }
  }

  @ParameterizedTest
  @MethodSource("everyImage")
  void readsBackFromThePng(QrCase image) throws IOException {
    byte[] png = new QrCode(image.content()).png(image.options());
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(read.getWidth()).isEqualTo(image.options().size());
    assertThat(read.getHeight()).isEqualTo(image.options().size());
    assertThat(read.getColorModel().getPixelSize()).isEqualTo(1);
    assertThat(decoded(read).getText()).isEqualTo(image.content());
  }

  @ParameterizedTest
  @MethodSource("everyImage")
  void readsBackFromTheSvg(QrCase image) {
    String svg = new QrCode(image.content()).svg(image.options());
    assertThat(svg).contains("width=\"" + image.options().size() + "\"");
    assertThat(decoded(drawn(svg)).getText()).isEqualTo(image.content());
  }

  @ParameterizedTest
  @EnumSource(QrCode.Terminal.class)
  void readsBackFromTheTerminal(QrCode.Terminal kind) {
    for (String content : List.of("1", URL, CHINESE)) {
      String text = new QrCode(content).terminal(kind);
      assertThat(Charset.forName("GBK").newEncoder().canEncode(text)).isTrue();
      assertThat(decoded(typed(text, kind)).getText()).isEqualTo(content);
    }
  }

  @Test
  void keepsTheLevelThatWasAskedForAndRaisesItForALogo() throws IOException {
    for (ErrorCorrection level : ErrorCorrection.values()) {
      QrOptions options = QrOptions.standard().withErrorCorrection(level);
      assertThat(levelOf(new QrCode(URL).png(options))).isEqualTo(level.name());
      assertThat(levelOf(new QrCode(URL).png(options.withLogo(logo(50, 50))))).isEqualTo("H");
    }
  }

  @Test
  void drawsTheLogoBlackAndWhiteInTheMiddle() throws IOException {
    BufferedImage read =
        ImageIO.read(
            new ByteArrayInputStream(
                new QrCode(URL)
                    .png(QrOptions.standard().withSize(500).withLogo(square(Color.BLACK)))));
    int middle = read.getRGB(250, 250) & 0xffffff;
    assertThat(middle).isZero();
    BufferedImage light =
        ImageIO.read(
            new ByteArrayInputStream(
                new QrCode(URL)
                    .png(QrOptions.standard().withSize(500).withLogo(square(Color.YELLOW)))));
    assertThat(light.getRGB(250, 250) & 0xffffff).isEqualTo(0xffffff);
    assertThat(new QrCode(URL).svg(QrOptions.standard().withLogo(square(Color.BLACK))))
        .contains("<image ", "data:image/png;base64,");
  }

  @Test
  void givesEveryModuleTheSameWholeNumberOfPixels() throws IOException {
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(new QrCode("1").png(100)));
    // 21 modules and 8 of quiet zone: 3 pixels each, 87, the rest is margin.
    assertThat(read.getRGB(18, 18) & 0xffffff).isZero();
    assertThat(read.getRGB(17, 17) & 0xffffff).isEqualTo(0xffffff);
    assertThat(read.getRGB(20 + 18, 18) & 0xffffff).isZero();
    assertThat(read.getRGB(21 + 18, 18) & 0xffffff).isEqualTo(0xffffff);
  }

  @Test
  void refusesALogoThatCoversTooMuch() {
    QrOptions options = QrOptions.standard().withLogo(logo(50, 50), 40);
    assertThatThrownBy(() -> new QrCode(URL).png(options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("logo", "more than it can lose");
    assertThatThrownBy(() -> new QrCode(URL).svg(options))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void refusesBadInputWithTheFieldAndTheRule() {
    assertThatThrownBy(() -> new QrCode(" ")).hasMessageContaining("content");
    assertThatThrownBy(() -> new QrCode("x".repeat(1001))).hasMessageContaining("1000");
    assertThatThrownBy(() -> new QrCode(URL).png(20)).hasMessageContaining("size");
    assertThatThrownBy(() -> new QrCode(URL).png(30))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at least");
    assertThatThrownBy(() -> new QrCode(URL).png(9000)).hasMessageContaining("8192");
    assertThatThrownBy(() -> QrOptions.standard().withQuietZone(-1)).hasMessageContaining("quiet");
    assertThatThrownBy(() -> QrOptions.standard().withLogo(new byte[] {1, 2, 3}))
        .hasMessageContaining("logo");
    assertThatThrownBy(
            () ->
                QrOptions.standard()
                    .withLogo("GIF89a__________".getBytes(StandardCharsets.US_ASCII)))
        .hasMessageContaining("PNG");
    byte[] torn = logo(50, 50);
    byte[] head = Arrays.copyOf(torn, 40);
    assertThatThrownBy(() -> new QrCode(URL).png(QrOptions.standard().withLogo(head)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> new QrCode("汉".repeat(1000)).png(QrOptions.standard().withLogo(torn)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("shorten");
  }

  @Test
  void showsNoContent() {
    assertThat(new QrCode(URL).toString()).doesNotContain("weixin");
  }

  static byte[] logo(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(new Color(200, 30, 30, 255));
    pen.fillOval(0, 0, width, height);
    pen.dispose();
    return png(image);
  }

  private static byte[] square(Color color) {
    BufferedImage image = new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(color);
    pen.fillRect(0, 0, 30, 30);
    pen.dispose();
    return png(image);
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static String levelOf(byte[] png) throws IOException {
    return String.valueOf(
        decoded(ImageIO.read(new ByteArrayInputStream(png)))
            .getResultMetadata()
            .get(ResultMetadataType.ERROR_CORRECTION_LEVEL));
  }

  private static Result decoded(BufferedImage image) {
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    RGBLuminanceSource source = new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels);
    ReaderException last = null;
    for (Binarizer binarizer :
        List.of(new HybridBinarizer(source), new GlobalHistogramBinarizer(source))) {
      for (DecodeHintType hint : List.of(DecodeHintType.TRY_HARDER, DecodeHintType.PURE_BARCODE)) {
        try {
          return new QRCodeReader().decode(new BinaryBitmap(binarizer), Map.of(hint, true));
        } catch (ReaderException unreadable) {
          last = unreadable;
        }
      }
    }
    throw new AssertionError("the image cannot be read", last);
  }

  /** Draws the runs of an SVG of ours, eight pixels a module; a logo becomes grey. */
  private static BufferedImage drawn(String svg) {
    Matcher box = Pattern.compile("viewBox=\"0 0 (\\d+) ").matcher(svg);
    assertThat(box.find()).isTrue();
    int side = Integer.parseInt(box.group(1));
    BufferedImage image = new BufferedImage(side * 8, side * 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, side * 8, side * 8);
    pen.setColor(Color.BLACK);
    Matcher run = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-\\3z").matcher(svg);
    while (run.find()) {
      pen.fillRect(
          Integer.parseInt(run.group(1)) * 8,
          Integer.parseInt(run.group(2)) * 8,
          Integer.parseInt(run.group(3)) * 8,
          8);
    }
    Matcher logo = Pattern.compile("<image x=\"(\\d+)\" y=\"\\1\" width=\"(\\d+)\"").matcher(svg);
    if (logo.find()) {
      pen.setColor(Color.DARK_GRAY);
      int from = Integer.parseInt(logo.group(1)) * 8;
      int width = Integer.parseInt(logo.group(2)) * 8;
      pen.fillRect(from, from, width, width);
    }
    pen.dispose();
    return image;
  }

  /** Types the text on a screen whose ground is as the kind says, eight pixels a module. */
  private static BufferedImage typed(String text, QrCode.Terminal kind) {
    List<String> lines = text.lines().toList();
    boolean darkGround = kind == QrCode.Terminal.DARK;
    char ink = kind == QrCode.Terminal.ASCII ? '#' : '█';
    int width = lines.get(0).length() / 2;
    int height = lines.size();
    int margin = 4;
    int side = Math.max(width, height) + 2 * margin;
    BufferedImage image = new BufferedImage(side * 8, side * 8, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(darkGround ? Color.BLACK : Color.WHITE);
    pen.fillRect(0, 0, side * 8, side * 8);
    pen.setColor(darkGround ? Color.WHITE : Color.BLACK);
    for (int row = 0; row < lines.size(); row++) {
      assertThat(lines.get(row)).hasSameSizeAs(lines.get(0)).matches("(" + ink + ink + "|  )+");
      for (int column = 0; column < width; column++) {
        if (lines.get(row).charAt(column * 2) == ink) {
          pen.fillRect((column + margin) * 8, (row + margin) * 8, 8, 8);
        }
      }
    }
    pen.dispose();
    return image;
  }
}
