package io.laoke.examples.benchmarks;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.MultiFormatWriter;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import io.laoke.binding.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;

/** The PNG of a ticket, beside zxing's writer with ImageIO at the same size. */
final class QrBenchmark implements Benchmark {
  /** As long as what WeChat answers for a temporary code. */
  private static final String CONTENT = "http://weixin.qq.com/q/02Xk3kRb0Ze6B1Qw4M1B4";

  private static final Map<EncodeHintType, Object> HINTS =
      Map.of(
          EncodeHintType.CHARACTER_SET,
          "UTF-8",
          EncodeHintType.ERROR_CORRECTION,
          ErrorCorrectionLevel.M,
          EncodeHintType.MARGIN,
          4);

  @Override
  public String about() {
    return "PNG of a ticket against zxing with ImageIO: [images=1000] [size=360] [warmup=5]";
  }

  @Override
  public Set<String> options() {
    return Set.of("images", "size", "warmup");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    int images = options.number("images", 1_000);
    int size = options.number("size", 360);
    ImageIO.setUseCache(false); // temporary files would only slow the baseline down
    report.version("zxing", MultiFormatWriter.class);
    report.line(
        "bytes of one image: laoke %d, imageio %d",
        new QrCode(CONTENT).png(size).length, theirs(size).length);
    Measured measured =
        new Rounds()
            .side("laoke", () -> Rounds.timed(() -> times(images, () -> ours(size))))
            .side("imageio", () -> Rounds.timed(() -> times(images, () -> theirs(size))))
            .warm(options.number("warmup", 5))
            .run(options.rounds());
    report.table("qr, %d × %d pixels".formatted(size, size), images, measured.all());
    report.atLeast(10, "qr-vs-imageio", measured.of("laoke"), measured.of("imageio"));
  }

  private interface Image {
    byte[] png() throws Exception;
  }

  private static void times(int images, Image image) throws Exception {
    for (int i = 0; i < images; i++) {
      if (image.png().length == 0) {
        throw new IllegalStateException("no image");
      }
    }
  }

  private static byte[] ours(int size) {
    return new QrCode(CONTENT).png(size);
  }

  /** As zxing's own examples do it. */
  static byte[] theirs(int size) throws WriterException, IOException {
    BitMatrix matrix =
        new MultiFormatWriter().encode(CONTENT, BarcodeFormat.QR_CODE, size, size, HINTS);
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_BINARY);
    int[] row = new int[size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        row[x] = matrix.get(x, y) ? 0xFF000000 : 0xFFFFFFFF;
      }
      image.setRGB(0, y, size, 1, row, 0, size);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "PNG", png);
    return png.toByteArray();
  }
}
