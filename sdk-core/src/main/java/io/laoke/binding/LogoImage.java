package io.laoke.binding;

import io.laoke.error.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The pixels of a logo. Only codes with a logo load the image classes of the JDK. */
final class LogoImage {
  private static final int LARGEST = 4_096;

  private final BufferedImage image;

  private LogoImage(BufferedImage image) {
    this.image = image;
  }

  static LogoImage read(QrOptions.Logo logo) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(logo.png()))) {
      reader.setInput(in, true, true);
      if (reader.getWidth(0) > LARGEST || reader.getHeight(0) > LARGEST) {
        throw new InvalidInputException(
            "logo",
            "must have at most %3$d pixels a side, has %1$d by %2$d"
                .formatted(reader.getWidth(0), reader.getHeight(0), LARGEST));
      }
      return new LogoImage(reader.read(0));
    } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException damaged) {
      throw new InvalidInputException("logo", "is a damaged PNG image; export it again", damaged);
    } finally {
      reader.dispose();
    }
  }

  /** The logo in a square of that many pixels, its proportions kept; true is black. */
  boolean[][] threshold(int side) {
    boolean[][] dark = new boolean[side][side];
    double scale = Math.max(image.getWidth(), image.getHeight()) / (double) side;
    int width = Math.max(1, (int) Math.round(image.getWidth() / scale));
    int height = Math.max(1, (int) Math.round(image.getHeight() / scale));
    int left = (side - width) / 2;
    int top = (side - height) / 2;
    for (int y = 0; y < Math.min(height, side); y++) {
      for (int x = 0; x < Math.min(width, side); x++) {
        dark[top + y][left + x] = light(x, y, width, height) < 128;
      }
    }
    return dark;
  }

  /** The mean light of the source pixels under a target pixel, 0 to 255, over white. */
  private double light(int x, int y, int width, int height) {
    int fromX = (int) ((long) x * image.getWidth() / width);
    int toX = Math.max(fromX + 1, (int) ((long) (x + 1) * image.getWidth() / width));
    int fromY = (int) ((long) y * image.getHeight() / height);
    int toY = Math.max(fromY + 1, (int) ((long) (y + 1) * image.getHeight() / height));
    double sum = 0;
    for (int sourceY = fromY; sourceY < toY; sourceY++) {
      for (int sourceX = fromX; sourceX < toX; sourceX++) {
        sum += light(image.getRGB(sourceX, sourceY));
      }
    }
    return sum / ((long) (toX - fromX) * (toY - fromY));
  }

  private static double light(int argb) {
    double alpha = (argb >>> 24) / 255.0;
    double light = 0.299 * (argb >> 16 & 0xff) + 0.587 * (argb >> 8 & 0xff) + 0.114 * (argb & 0xff);
    return light * alpha + 255 * (1 - alpha);
  }
}
