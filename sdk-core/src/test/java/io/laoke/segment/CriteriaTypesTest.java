package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.member.Gender;
import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit a field's type does not compile. */
class CriteriaTypesTest {
  private static final List<String> FITS =
      List.of(
          "field(GENDER).is(io.laoke.member.Gender.MALE)",
          "field(NAME).contains(\"x\")",
          "items().sum(QUANTITY).atLeast(3)",
          "items().sum(NET_AMOUNT).atLeast(yuan(3))",
          "items().last(CATEGORY).under(\"x\")",
          "field(text(\"hobby\")).startsWith(\"x\")");

  private static final List<String> DOES_NOT =
      List.of(
          "field(GENDER).contains(\"x\")",
          "field(GENDER).is(\"MALE\")",
          "field(NAME).atLeast(3)",
          "field(TAGS).is(\"x\")",
          "field(BIRTHDAY).atLeast(3)",
          "field(CREATED_AT).anniversary(last(java.time.Period.ofDays(1)))",
          "field(FOLLOWS).is(\"true\")",
          "items().sum(NET_AMOUNT).atLeast(3)",
          "items().sum(NET_AMOUNT).in(3)",
          "items().sum(QUANTITY).atLeast(yuan(3))",
          "items().sum(BRAND).exists()",
          "items().avg(AT).exists()",
          "items().max(CATEGORY).exists()",
          "items().first(TAGS).exists()",
          "items().distinct(TAGS).is(1)",
          "orders().first(STAGE).is(\"DELIVERED\")",
          "field(integer(\"points\")).is(\"1\")");

  @Test
  void whatDoesNotFitAFieldsTypeDoesNotCompile(@TempDir Path nowhere) throws Exception {
    List<JavaFileObject> sources = new ArrayList<>();
    FITS.forEach(one -> sources.add(source("Fits", sources.size(), one)));
    DOES_NOT.forEach(one -> sources.add(source("DoesNot", sources.size(), one)));
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    String classes = home(Criteria.class) + File.pathSeparator + home(Gender.class);
    ToolProvider.getSystemJavaCompiler()
        .getTask(
            new StringWriter(),
            null,
            found,
            List.of("-proc:none", "-cp", classes, "-d", nowhere.toString()),
            null,
            sources)
        .call();
    Set<String> refused = new TreeSet<>();
    for (Diagnostic<? extends JavaFileObject> one : found.getDiagnostics()) {
      if (one.getKind() == Diagnostic.Kind.ERROR) {
        refused.add(one.getSource().getName());
      }
    }
    assertThat(refused)
        .containsExactlyInAnyOrderElementsOf(
            sources.stream()
                .map(JavaFileObject::getName)
                .filter(name -> name.contains("DoesNot"))
                .toList());
  }

  private static String home(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static JavaFileObject source(String kind, int number, String expression) {
    String name = kind + number;
    String text =
        """
        import static io.laoke.segment.Criteria.*;
        import static io.laoke.segment.Fields.*;
        class %s {
          io.laoke.segment.Segment of() {
            return %s;
          }
        }
        """
            .formatted(name, expression);
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
