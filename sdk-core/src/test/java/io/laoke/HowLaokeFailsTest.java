package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every line of the guide's page is backed by a test that exists, and every outage has a line. */
class HowLaokeFailsTest {
  private static final Path ROOT = Path.of(System.getProperty("laoke.root", ".."));
  private static final Pattern NAMED = Pattern.compile("`(\\w+Test)#(\\w+)`");
  private static final Pattern TEST =
      Pattern.compile("@(?:Test|ParameterizedTest)\\b[^{]*?\\bvoid (\\w+)\\(", Pattern.DOTALL);

  private static String page() throws IOException {
    String guide = Files.readString(ROOT.resolve("sdk-core/README.md"));
    int from = guide.indexOf("## How Laoke fails");
    return guide.substring(from, guide.indexOf("\n## ", from + 1));
  }

  private static Map<String, String> tests() throws IOException {
    Map<String, String> tests = new TreeMap<>();
    for (String module : List.of("sdk-core", "sdk-wechat", "examples/benchmarks")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(one -> one.toString().endsWith("Test.java")).toList()) {
          tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        }
      }
    }
    return tests;
  }

  private static List<String> methods(String source) {
    return TEST.matcher(source).results().map(found -> found.group(1)).toList();
  }

  @Test
  void everyLineNamesATestThatExists() throws IOException {
    Map<String, String> tests = tests();
    List<String> lines = page().lines().filter(line -> line.startsWith("| ")).skip(2).toList();
    assertThat(lines).hasSizeGreaterThan(15);
    for (String line : lines) {
      List<MatchResult> named = NAMED.matcher(line).results().toList();
      assertThat(named).as(line).isNotEmpty();
      for (MatchResult one : named) {
        assertThat(tests).containsKey(one.group(1));
        assertThat(methods(tests.get(one.group(1)))).as(one.group()).contains(one.group(2));
      }
    }
  }

  @Test
  void everyOutageThatIsTestedHasALine() throws IOException {
    String page = page();
    assertThat(methods(tests().get("OutageTest")))
        .isNotEmpty()
        .allSatisfy(method -> assertThat(page).contains("`OutageTest#" + method + "`"));
  }
}
