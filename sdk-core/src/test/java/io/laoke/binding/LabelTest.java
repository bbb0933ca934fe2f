package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import io.laoke.error.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Labels that a printer draws sharp and a phone reads. */
class LabelTest {
  private static final QrCode LINK =
      new QrCode("https://m.hengxin-jiadian.example.cn/laoke/l/1-AbCdEfGhIjKlMnOpQrStUv");

  @ParameterizedTest
  @CsvSource({"60,40,203", "60,40,300", "40,60,203", "100,70,600", "50,80,300"})
  void drawsTheCodeInWholeDotsOfThePrinter(int width, int height, int dpi) throws Exception {
    Label label = Label.of(LINK, "SO-20261125-0001").withSize(width, height).withDpi(dpi);
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(label.svg().getBytes("UTF-8")));
    assertThat(svg.getDocumentElement().getAttribute("width")).isEqualTo(width + "mm");
    assertThat(svg.getDocumentElement().getTextContent()).contains("微信扫码查订单", "接收发货");
    BufferedImage code = ImageIO.read(new ByteArrayInputStream(label.codePng()));
    double dots = label.codeMm() / 25.4 * dpi;
    assertThat((double) code.getWidth()).isCloseTo(dots, org.assertj.core.data.Offset.offset(0.01));
    assertThat(label.codeMm()).isLessThanOrEqualTo(Math.min(width, height));
    int[] pixels = code.getRGB(0, 0, code.getWidth(), code.getHeight(), null, 0, code.getWidth());
    assertThat(
            new QRCodeReader()
                .decode(
                    new BinaryBitmap(
                        new HybridBinarizer(
                            new RGBLuminanceSource(code.getWidth(), code.getHeight(), pixels))))
                .getText())
        .isEqualTo(LINK.content());
  }

  @Test
  void printsPagesOfTheLabelsSizeAndNoMarkupOfOthers() {
    Label label = Label.of(LINK, "A<b>&\"1").withWords("<i>标题", "备注").withSize(70, 50);
    String page = label.page(3);
    assertThat(page)
        .contains("@page { size: 70mm 50mm; margin: 0; }", "A&lt;b&gt;&amp;&quot;1", "&lt;i&gt;标题")
        .doesNotContain("<b>", "<i>");
    assertThat(page.split("<div class=\"label\">", -1)).hasSize(4);
  }

  /** Nothing is cut or left out, whatever is given: the number is what staff search by. */
  @ParameterizedTest
  @CsvSource({"60,40", "40,60", "100,30", "80,40", "50,50", "210,297"})
  void showsTheWholeNumberAndAllWordsInsideTheLabel(int width, int height) throws Exception {
    for (String number : List.of("1", "XS20261125-000001", "W".repeat(64), "单".repeat(64))) {
      for (String note : List.of("关注后接收发货、送货、安装通知", "注".repeat(60))) {
        Label label = Label.of(LINK, number).withWords("微信扫码查订单", note).withSize(width, height);
        Document svg =
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(label.svg().getBytes("UTF-8")));
        NodeList texts = svg.getElementsByTagName("text");
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < texts.getLength(); i++) {
          Element line = (Element) texts.item(i);
          String text = line.getTextContent();
          all.append(text);
          double size = Double.parseDouble(line.getAttribute("font-size"));
          double wide =
              size
                  * text.codePoints()
                      .mapToDouble(point -> point >= 0x2E80 ? 1 : point == 'W' ? 0.95 : 0.6)
                      .sum();
          double x = Double.parseDouble(line.getAttribute("x"));
          double y = Double.parseDouble(line.getAttribute("y"));
          boolean middle = line.getAttribute("text-anchor").equals("middle");
          assertThat(size).isGreaterThanOrEqualTo(1.4);
          assertThat(middle ? x - wide / 2 : x).isGreaterThanOrEqualTo(0);
          assertThat(middle ? x + wide / 2 : x + wide).isLessThanOrEqualTo(width);
          assertThat(y - size).isGreaterThanOrEqualTo(0);
          assertThat(y).isLessThanOrEqualTo(height);
        }
        assertThat(all.toString()).isEqualTo("微信扫码查订单" + number + note);
      }
    }
    assertThatThrownBy(
            () ->
                Label.of(LINK, "单".repeat(64))
                    .withWords("题".repeat(60), "注".repeat(120))
                    .withSize(40, 30)
                    .page(1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("words do not fit");
  }

  @Test
  void refusesWhatCannotBePrinted() {
    assertThatThrownBy(() -> Label.of(LINK, "1").withSize(25, 20).svg())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("larger label");
    assertThatThrownBy(() -> Label.of(LINK, "1").withSize(10, 20))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Label.of(LINK, "1").withDpi(72))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> Label.of(LINK, "1").page(0)).isInstanceOf(InvalidInputException.class);
  }
}
