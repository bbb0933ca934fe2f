package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every error of the SDK says what was tried or asked, why it failed, and what to do: read from the
 * source, so that no new error escapes. What stands for values, or comes from elsewhere, is {@code
 * …} here. Whoever's advice begins with another verb adds it to {@link #TO_DO}.
 */
class ErrorsSayWhatToDoTest {
  private static final Path ROOT = Path.of(System.getProperty("laoke.root", ".."));
  private static final String ELSEWHERE = "…";

  /** The classes of {@code io.laoke.error} whose first argument is the message. */
  private static final Set<String> KNOWN =
      Set.of(
          "LaokeException",
          "ChannelException",
          "CodeUnavailableException",
          "ConflictException",
          "NotFoundException",
          "SealedException",
          "StoreException");

  private static final String INPUT = "InvalidInputException";

  /** What is wrong with a row of table inbox: its code, its field, the message. */
  private static final String FACT = "FactRefused";

  /** What it answers is put behind what was tried: {@code ErrorCodesTest} looks at that. */
  private static final String WECHAT = "WeChatException";

  /** Where their message is among the arguments. */
  private static final Map<String, Integer> OTHERS = Map.of(INPUT, 1, FACT, 2, WECHAT, 0);

  private static final String TO_DO =
      "submit|have|wait|save|reject|ask|build|call|check|close|compare|configure|convert|correct|create|cut|declare|drop|export|give|insert"
          + "|issue|leave|let|look|make|mend|name|put|readmit|repeat|report|revoke|roll|run|set"
          + "|shorten|show|split|take|upsert|use|write";

  /** A verb that begins a sentence or a clause. */
  private static final Pattern ADVICE =
      Pattern.compile(
          "(?i)(?:[.;,:] |… |\\b(?:so|and|or|then|only) )(?:first |only )?(?:"
              + TO_DO
              + ")\\b"
              + "|; see |is safe\\.|tries again|pushes it again|repeats it");

  private static final Pattern RULE =
      Pattern.compile("\\b(?:must|only|at most|at least|cannot)\\b");

  private static final Pattern AGAIN =
      Pattern.compile("(?i)\\b(?:repeats?|again|newer node|next call)\\b");

  private static final String DIRECTIVE = "%(?:\\d+\\$)?[-\\d]*[sdX]";
  private static final Pattern PLAIN_DIRECTIVE = Pattern.compile("%[-\\d]*[sdX]");

  private record Found(String where, String type, List<String> texts, Set<Boolean> retryable) {
    boolean refusesAValue() {
      return type.equals(INPUT) || type.equals(FACT);
    }
  }

  @Test
  void whatWasAskedWhyItFailedAndWhatToDo() throws IOException {
    List<Found> all = errors();
    Set<String> wrong = new TreeSet<>();
    for (Found one : all) {
      for (String text : one.texts()) {
        String what = one.refusesAValue() ? refusal(text) : sentences(one, text);
        if (!what.isEmpty()) {
          wrong.add(one.where() + " " + what + ": " + text);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(all).as("errors that the source makes").hasSizeGreaterThan(180);
    assertThat(all.stream().map(Found::type).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(KNOWN.stream(), Stream.of(INPUT, FACT, WECHAT)).toList());
  }

  /** Its field, which names what was given, stands before it. */
  private static String refusal(String text) {
    if (text.matches("(?s)(?:.*: )?…+")) {
      return "";
    }
    return RULE.matcher(text).find() || ADVICE.matcher(text).find() ? "" : "tells no rule";
  }

  private static String sentences(Found one, String text) {
    if (one.type().equals(WECHAT)) {
      return text.startsWith("Could not ") || text.equals(ELSEWHERE) ? "" : "tells not what";
    }
    if (!text.matches("(?s)(?:[A-Z…]|[a-z]\\w+\\(\\) ).*[.…。]")) {
      return "is no sentence";
    }
    if (!text.substring(0, text.length() - 1).matches("(?s).*[.:;,] .*")) {
      return "says one thing only";
    }
    if (!ADVICE.matcher(text).find() && !text.endsWith(" " + ELSEWHERE)) {
      return "tells not what to do";
    }
    if (one.retryable().equals(Set.of(true)) && !AGAIN.matcher(text).find()) {
      return "may be repeated and does not say so";
    }
    if (one.retryable().equals(Set.of(false)) && text.matches("(?s).*[;,.] [Rr]epeat it\\..*")) {
      return "may not be repeated and says so";
    }
    return "";
  }

  // ---- reading the source

  private static List<Found> errors() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Found> found = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources()));
      for (CompilationUnitTree unit : task.parse()) {
        new Errors(unit, Trees.instance(task).getSourcePositions(), found).scan(unit, null);
      }
    }
    return found;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("sdk-core", "sdk-wechat", "sdk-spring-boot-starter")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
          if (Files.readString(file).contains("new ")) {
            sources.add(file);
          }
        }
      }
    }
    return sources;
  }

  private static final class Errors extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Found> found;

    Errors(CompilationUnitTree unit, SourcePositions positions, List<Found> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public Void visitNewClass(NewClassTree made, Void nothing) {
      String type = made.getIdentifier().toString().replaceAll(".*\\.", "");
      int message = KNOWN.contains(type) ? 0 : OTHERS.getOrDefault(type, -1);
      if (message >= 0) {
        List<? extends ExpressionTree> given = made.getArguments();
        Set<Boolean> retryable = new LinkedHashSet<>();
        for (ExpressionTree one : given.subList(1, given.size())) {
          if (one instanceof LiteralTree literal && literal.getValue() instanceof Boolean flag) {
            retryable.add(flag);
          }
        }
        found.add(new Found(where(made), type, texts(given.get(message)), retryable));
      }
      return super.visitNewClass(made, nothing);
    }

    private String where(Tree tree) {
      String file = unit.getSourceFile().getName().replaceAll(".*[/\\\\]", "");
      long at = positions.getStartPosition(unit, tree);
      return file + ":" + unit.getLineMap().getLineNumber(at);
    }
  }

  /** Every text that the expression may give. */
  private static List<String> texts(ExpressionTree given) {
    if (given instanceof LiteralTree literal) {
      return List.of(String.valueOf(literal.getValue()));
    }
    if (given instanceof ParenthesizedTree inside) {
      return texts(inside.getExpression());
    }
    if (given instanceof ConditionalExpressionTree either) {
      List<String> both = new ArrayList<>(texts(either.getTrueExpression()));
      both.addAll(texts(either.getFalseExpression()));
      return both;
    }
    if (given instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS) {
      List<String> all = new ArrayList<>();
      for (String left : texts(sum.getLeftOperand())) {
        texts(sum.getRightOperand()).forEach(right -> all.add(left + right));
      }
      return all;
    }
    if (given instanceof MethodInvocationTree call
        && call.getMethodSelect() instanceof MemberSelectTree method
        && method.getIdentifier().contentEquals("formatted")) {
      List<String> all = texts(method.getExpression());
      for (ExpressionTree value : call.getArguments()) {
        List<String> filled = new ArrayList<>();
        for (String text : all) {
          texts(value).forEach(one -> filled.add(filled(text, one)));
        }
        all = filled;
      }
      return all.stream().map(text -> text.replaceAll(DIRECTIVE, ELSEWHERE)).toList();
    }
    return List.of(ELSEWHERE);
  }

  private static String filled(String text, String value) {
    Matcher next = PLAIN_DIRECTIVE.matcher(text);
    return next.find() ? next.replaceFirst(Matcher.quoteReplacement(value)) : text;
  }
}
