package chat.parley.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Read top to bottom, the modules are the way of a message; no arrow points up. */
class ArrowsTest {
  private static final String API = "chat.parley.api..";
  private static final String CONNECT = "chat.parley.connect..";
  private static final String LOGIC = "chat.parley.logic..";
  private static final String TASK = "chat.parley.task..";
  private static final String STORES = "chat.parley.stores..";
  private static final String APP = "chat.parley.app..";
  private static final String[] CONTRACT = {
    "chat.parley.bus..",
    "chat.parley.net..",
    "chat.parley.proto..",
    "chat.parley.settings..",
    "chat.parley.wire.."
  };

  private static final String CLIENT = "chat.parley.client..";

  /** The soak, which looks at the server from the outside, and what it shares with these tests. */
  private static final String[] CHAOS = {"chat.parley.chaos..", "chat.parley.e2e.."};

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("chat.parley");

  /** The server. A client is a program of its own, with threads that may wait. */
  private static final JavaClasses OURS =
      ALL.that(not(resideInAnyPackage(CLIENT))).that(not(resideInAnyPackage(CHAOS)));

  @Test
  void everyPartIsLookedAt() {
    for (String part : new String[] {API, CONNECT, LOGIC, TASK, STORES, APP, CONTRACT[0]}) {
      assertThat(OURS.that(resideInAnyPackage(part))).as(part).isNotEmpty();
    }
  }

  @Test
  void verticlesNeverImportEachOther() {
    ArchRule rule =
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
            .ignoreDependency(
                resideInAnyPackage(APP), resideInAnyPackage(API, CONNECT, LOGIC, TASK))
            .ignoreDependency(resideInAnyPackage(CONTRACT), resideInAnyPackage(CONTRACT));
    rule.check(OURS);
  }

  @Test
  void contractImportsNoneOfOurs() {
    ArchRule rule =
        classes()
            .that()
            .resideInAnyPackage(CONTRACT)
            .should()
            .onlyDependOnClassesThat(
                not(resideInAnyPackage("chat.parley..")).or(resideInAnyPackage(CONTRACT)));
    rule.check(OURS);
  }

  @Test
  void clientKnowsNothingOfTheServerButTheWire() {
    ArchRule rule =
        classes()
            .that()
            .resideInAPackage(CLIENT)
            .should()
            .onlyDependOnClassesThat(
                not(resideInAnyPackage("chat.parley..", "io.vertx..", "io.netty.."))
                    .or(resideInAnyPackage(CLIENT, "chat.parley.proto.v2..")));
    rule.check(ALL);
  }

  @Test
  void soakKnowsTheServerByItsWiresAlone() {
    ArchRule rule =
        classes()
            .that()
            .resideInAnyPackage(CHAOS)
            .should()
            .onlyDependOnClassesThat(
                not(resideInAnyPackage("chat.parley..", "io.vertx..", "io.netty.."))
                    .or(resideInAnyPackage(CLIENT, "chat.parley.proto.v2.."))
                    .or(resideInAnyPackage(CHAOS)));
    rule.check(ALL);
  }

  @Test
  void serverKnowsNothingOfTheClient() {
    ArchRule rule = noClasses().should().dependOnClassesThat().resideInAPackage(CLIENT);
    rule.check(OURS);
  }

  @Test
  void storesImportNoVerticle() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(STORES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, CONNECT, LOGIC, TASK, APP);
    rule.check(OURS);
  }

  @Test
  void apiWorksThroughTheBusAlone() {
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(STORES);
    rule.check(OURS);
  }

  @Test
  void nothingImportsApp() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APP);
    rule.check(OURS);
  }

  @Test
  void jdbcStaysInItsAdapter() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackages("chat.parley.stores.jdbc..", APP)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..", "org.flywaydb..");
    rule.check(OURS);
  }

  @Test
  void nobodySleepsOnAnEventLoop() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "chat.parley.stores.jdbc..", "chat.parley.stores.redis.embedded..", APP)
            .should()
            .callMethod(Thread.class, "sleep", long.class);
    rule.check(OURS);
  }

  @Test
  void nobodyWaitsForAFutureOnAnEventLoop() {
    ArchRule rule =
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
    rule.check(OURS);
  }

  @Test
  void nothingIsPrintedButByTheCommandLine() {
    ArchRule rule =
        noClasses()
            .that()
            .resideOutsideOfPackage(APP)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");
    rule.check(OURS);
  }
}
