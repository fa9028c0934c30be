package chat.parley.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Read top to bottom, the modules are the way of a message; no arrow points up. */
@AnalyzeClasses(packages = "chat.parley", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
  private static final String API = "chat.parley.api..";
  private static final String CONNECT = "chat.parley.connect..";
  private static final String LOGIC = "chat.parley.logic..";
  private static final String TASK = "chat.parley.task..";
  private static final String STORES = "chat.parley.stores..";
  private static final String APP = "chat.parley.app..";
  private static final String[] CONTRACT = {
    "chat.parley.bus..", "chat.parley.proto..", "chat.parley.settings..", "chat.parley.wire.."
  };

  @ArchTest
  static final ArchRule verticlesNeverImportEachOther =
      slices()
          .matching("chat.parley.(*)..")
          .namingSlices("$1")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              resideInAnyPackage(API, CONNECT, LOGIC, TASK, STORES, APP),
              resideInAnyPackage(CONTRACT))
          .ignoreDependency(
              resideInAnyPackage(CONNECT, LOGIC, TASK, APP), resideInAnyPackage(STORES))
          .ignoreDependency(resideInAnyPackage(APP), resideInAnyPackage(API, CONNECT, LOGIC, TASK))
          .ignoreDependency(resideInAnyPackage(CONTRACT), resideInAnyPackage(CONTRACT));

  @ArchTest
  static final ArchRule contractImportsNoneOfOurs =
      classes()
          .that()
          .resideInAnyPackage(CONTRACT)
          .should()
          .onlyDependOnClassesThat(
              not(resideInAnyPackage("chat.parley..")).or(resideInAnyPackage(CONTRACT)));

  @ArchTest
  static final ArchRule storesImportNoVerticle =
      noClasses()
          .that()
          .resideInAPackage(STORES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(API, CONNECT, LOGIC, TASK, APP);

  @ArchTest
  static final ArchRule apiWorksThroughTheBusAlone =
      noClasses()
          .that()
          .resideInAPackage(API)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(STORES);

  @ArchTest
  static final ArchRule nothingImportsApp =
      noClasses()
          .that()
          .resideOutsideOfPackage(APP)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(APP);

  @ArchTest
  static final ArchRule jdbcStaysInItsAdapter =
      noClasses()
          .that()
          .resideOutsideOfPackages("chat.parley.stores.jdbc..", APP)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..");

  @ArchTest
  static final ArchRule nobodySleepsOnAnEventLoop =
      noClasses()
          .that()
          .resideOutsideOfPackages("chat.parley.stores.redis.embedded..", APP)
          .should()
          .callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule nobodyWaitsForAFutureOnAnEventLoop =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "chat.parley.stores.jdbc..", "chat.parley.stores.redis.embedded..", APP)
          .should()
          .callMethod(Future.class, "get")
          .orShould()
          .callMethod(CompletableFuture.class, "get")
          .orShould()
          .callMethod(CompletableFuture.class, "join")
          .orShould()
          .callMethod(io.vertx.core.Future.class, "await");

  @ArchTest
  static final ArchRule nothingIsPrintedButByTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(APP)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");
}
