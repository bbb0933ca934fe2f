package io.laoke.simulator;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.EncodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.QRCodeWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Draws and reads QR codes. */
final class QrImages {
  private static final int SIZE = 430;
  private static final long MAX_PIXELS = 200_000_000;
  private static final double READ_PIXELS = 12_000_000;

  private QrImages() {}

  static byte[] jpeg(String text) {
    try {
      BitMatrix dots =
          new QRCodeWriter()
              .encode(text, BarcodeFormat.QR_CODE, SIZE, SIZE, Map.of(EncodeHintType.MARGIN, 2));
      BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < SIZE; y++) {
        for (int x = 0; x < SIZE; x++) {
          image.setRGB(x, y, dots.get(x, y) ? 0x000000 : 0xFFFFFF);
        }
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
        ImageIO.write(image, "jpg", out);
      }
      return bytes.toByteArray();
    } catch (WriterException | IOException e) {
      throw new IllegalStateException("Cannot draw a QR code", e);
    }
  }

  /** The text of the QR code in a PNG, JPEG, GIF or BMP image; empty if none is found. */
  static Optional<String> read(byte[] image) {
    try {
      BufferedImage picture = picture(image);
      int width = picture.getWidth();
      int height = picture.getHeight();
      BufferedImage flat = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      var pen = flat.createGraphics();
      pen.setColor(java.awt.Color.WHITE); // what a viewer shows under transparent parts
      pen.fillRect(0, 0, width, height);
      pen.drawImage(picture, 0, 0, null);
      pen.dispose();
      int[] pixels = flat.getRGB(0, 0, width, height, null, 0, width);
      return decode(new RGBLuminanceSource(width, height, pixels));
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  private static BufferedImage picture(byte[] image) throws IOException {
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
      var readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IOException("not an image");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS) {
          throw new IOException("larger than " + MAX_PIXELS + " pixels");
        }
        int step = (int) Math.ceil(Math.sqrt(Math.max(1, pixels / READ_PIXELS)));
        ImageReadParam coarse = reader.getDefaultReadParam();
        coarse.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, coarse);
      } finally {
        reader.dispose();
      }
    }
  }

  private static Optional<String> decode(RGBLuminanceSource source) {
    BinaryBitmap bitmap = new BinaryBitmap(new HybridBinarizer(source));
    return decode(bitmap, DecodeHintType.TRY_HARDER)
        .or(() -> decode(bitmap, DecodeHintType.PURE_BARCODE));
  }

  private static Optional<String> decode(BinaryBitmap bitmap, DecodeHintType way) {
    try {
      return Optional.of(new QRCodeReader().decode(bitmap, Map.of(way, true)).getText());
    } catch (ReaderException notFound) {
      return Optional.empty();
    }
  }
}
