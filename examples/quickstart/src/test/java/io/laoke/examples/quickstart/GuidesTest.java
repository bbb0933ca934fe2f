package io.laoke.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The code in the guides is cut from sources that the build compiles: {@code <!-- cut: NAME -->}
 * before a block of a guide names what stands between {@code // begin NAME} and {@code // end NAME}
 * in a source.
 */
class GuidesTest {
  private static final Path ROOT = Path.of(System.getProperty("laoke.root", "../..")).normalize();
  private static final Pattern CUT =
      Pattern.compile("<!-- cut: ([a-z0-9-]+) -->\\n```[a-z]*\\n(.*?)```\\n", Pattern.DOTALL);

  @Test
  void everyBlockOfCodeInAGuideStandsJustSoInASource() throws IOException {
    Map<String, String> cuts = cuts();
    int blocks = 0;
    for (Path guide : files(".md")) {
      Matcher block = CUT.matcher(Files.readString(guide));
      while (block.find()) {
        if (!block.group(1).equals("output")) {
          assertThat(block.group(2))
              .as("%s, block %s", ROOT.relativize(guide), block.group(1))
              .isEqualTo(cuts.get(block.group(1)));
          blocks++;
        }
      }
    }
    assertThat(blocks).isGreaterThanOrEqualTo(2);
  }

  @Test
  void bothReadmesSayTheSameThings() throws IOException {
    assertThat(outline("README.zh-CN.md")).isEqualTo(outline("README.md"));
  }

  /** Headings, code blocks, commands and links: what must be equal in both languages. */
  private static List<String> outline(String readme) throws IOException {
    String text = Files.readString(ROOT.resolve(readme));
    List<String> outline = new ArrayList<>();
    Matcher part =
        Pattern.compile(
                "(?m)^(#+) |```.*?```|\\]\\(((?!README)[^)]*)\\)|`([^`\\n]+)`", Pattern.DOTALL)
            .matcher(text.replaceAll("<!-- (?!cut|/cut).*?-->", ""));
    while (part.find()) {
      String found = part.group();
      outline.add(found.startsWith("```") ? found.replaceAll("<!--.*?-->", "") : found);
    }
    outline.sort(null);
    return outline;
  }

  private static Map<String, String> cuts() throws IOException {
    Map<String, String> cuts = new TreeMap<>();
    for (Path source : files(".java")) {
      String name = null;
      List<String> lines = new ArrayList<>();
      for (String line : Files.readAllLines(source)) {
        String mark = line.strip();
        if (mark.startsWith("// begin ")) {
          name = mark.substring("// begin ".length());
          lines.clear();
        } else if (name != null && mark.equals("// end " + name)) {
          cuts.put(name, dedented(lines));
          name = null;
        } else if (name != null) {
          lines.add(line);
        }
      }
    }
    return cuts;
  }

  private static String dedented(List<String> lines) {
    int indent =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.isBlank() ? "" : line.substring(indent)).append('\n'));
    return text.toString();
  }

  private static List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(ROOT)) {
      return all.filter(file -> file.toString().endsWith(ending))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/.git/"))
          .sorted()
          .toList();
    }
  }
}
