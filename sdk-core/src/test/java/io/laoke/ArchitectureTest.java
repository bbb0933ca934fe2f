package io.laoke;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Dialect;
import java.util.Map;

/** The floors of the design: a package imports lower floors only. */
@AnalyzeClasses(packages = "io.laoke", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("io.laoke.error", 0),
          Map.entry("io.laoke.base", 10),
          Map.entry("io.laoke.internal.json", 11),
          Map.entry("io.laoke.internal.jdbc", 11),
          Map.entry("io.laoke.internal.ids", 12),
          Map.entry("io.laoke.internal.tenant", 12),
          Map.entry("io.laoke.internal.columns", 12),
          Map.entry("io.laoke.internal.work", 12),
          Map.entry("io.laoke.catalog", 20),
          Map.entry("io.laoke.message", 21),
          Map.entry("io.laoke.member", 30),
          Map.entry("io.laoke.sms", 31),
          Map.entry("io.laoke.order", 40),
          Map.entry("io.laoke.imports", 50),
          Map.entry("io.laoke.binding", 50),
          Map.entry("io.laoke.segment", 50),
          Map.entry("io.laoke.notice", 60),
          Map.entry("io.laoke.inbox", 61),
          Map.entry("io.laoke.push", 61),
          Map.entry("io.laoke.reminder", 62),
          Map.entry("io.laoke", 70));

  @ArchTest
  static final ArchRule everyPackageHasItsFloor =
      classes()
          .should(
              new ArchCondition<JavaClass>("stand on a floor") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  if (!FLOORS.containsKey(type.getPackageName())) {
                    events.add(
                        SimpleConditionEvent.violated(type, type.getName() + " has no floor"));
                  }
                }
              });

  @ArchTest
  static final ArchRule aPackageImportsLowerFloorsOnly =
      classes()
          .should(
              new ArchCondition<JavaClass>("depend on lower floors only") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String target =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                    boolean ours = FLOORS.containsKey(target);
                    if (ours
                        && !target.equals(type.getPackageName())
                        && FLOORS.get(target) >= FLOORS.getOrDefault(type.getPackageName(), 0)) {
                      events.add(
                          SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                  }
                }
              });

  @ArchTest
  static final ArchRule noLibraryShowsInAPublicSignature =
      noClasses()
          .that(are(publicApi()))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.jdbi..",
              "com.fasterxml..",
              "okhttp3..",
              "com.github.benmanes..",
              "com.google..",
              "org.roaringbitmap..")
          .because("a host must be free to have other versions of them, or none");

  @ArchTest
  static final ArchRule noStateIsShared =
      noFields()
          .that()
          .areStatic()
          .should()
          .notHaveModifier(JavaModifier.FINAL)
          .because("two engines in one JVM must not meet");

  /** Whoever needs to know how a database behaves asks its dialect, not which it is. */
  @ArchTest
  static final ArchRule differencesBetweenDatabasesSitInTheirDialect =
      noClasses()
          .that()
          .resideOutsideOfPackage(Dialect.class.getPackageName())
          .should()
          .accessFieldWhere(
              DescribedPredicate.describe(
                  "it is one of the databases",
                  access -> access.getTargetOwner().isEquivalentTo(Dialect.class)));

  private static DescribedPredicate<JavaClass> publicApi() {
    return DescribedPredicate.describe(
        "public interfaces and records of the API",
        type ->
            type.getModifiers().contains(JavaModifier.PUBLIC)
                && !type.getPackageName().contains(".internal")
                && !type.isAnnotatedWith(Internal.class)
                && (type.isInterface() || type.isRecord()));
  }
}
