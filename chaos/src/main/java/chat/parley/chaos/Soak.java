package chat.parley.chaos;

import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.Outcome.Struck;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.V2Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One soak: rounds of a few faults under load, each of which must be got over without a hand, and
 * after each round a moment of quiet in which everything is compared.
 */
final class Soak {
  private static final int USERS = 5;
  private static final int V1_PEOPLE = 4;
  private static final List<Long> ROOMS = List.of(1L, 2L, 3L);

  /** From the mending of a fault until every process is ready: a JVM may have to start in it. */
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  /** From then on, for the lists of who is in a room. */
  private static final Duration PRESENT_WITHIN = Duration.ofSeconds(20);

  /** From rest on, for what was queued up in an outage. */
  private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(60);

  private final Settings settings;
  private final Outcome outcome;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Ledger ledger = new Ledger();
  private final Checker checker = new Checker(ledger);
  private final Thread runner = Thread.currentThread();
  private volatile World world;
  private volatile Traffic traffic;
  private volatile long load;

  Soak(Settings settings, Outcome outcome) {
    this.settings = settings;
    this.outcome = outcome;
  }

  /** Ends it soon; nothing is compared any more. */
  void stop() {
    outcome.stopped();
    stop.countDown();
    runner.interrupt();
  }

  /** Runs to the end, or until it is stopped or can do no more. On the thread that made it. */
  void run() {
    try (Ground ground = new Ground(settings)) {
      Servers servers = ground.servers();
      try (World people = new World(servers, new World.Size(USERS, ROOMS, true), ledger);
          Traffic talk =
              new Traffic(
                  people, servers, ROOMS, ledger, V1_PEOPLE, settings.rate(), settings.seed())) {
        world = people;
        traffic = talk;
        talk.start();
        load = System.nanoTime();
        try {
          strikeAndCompare(ground, servers);
        } finally {
          // Whoever was interrupted to end still waits for the ends of what it started.
          Thread.interrupted();
        }
      }
    } catch (AssertionError | RuntimeException e) {
      if (!outcome.wasStopped()) {
        String because = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
        outcome.found(List.of(new Finding(Verdict.NOT_BACK, e.getMessage() + because)));
      }
    }
  }

  private void strikeAndCompare(Ground ground, Servers servers) {
    Scene scene = ground.scene();
    List<FaultKind> possible = new ArrayList<>();
    for (FaultKind kind : settings.kinds()) {
      kind.impossible(scene)
          .ifPresentOrElse(why -> outcome.skipped(kind.name(), why), () -> possible.add(kind));
    }
    Plan plan = new Plan(settings.seed(), possible);
    do {
      for (int left = plan.ofThisRound(); left > 0 && goesOn(plan) && !possible.isEmpty(); left--) {
        outcome.doing("peace");
        rest(plan.peace());
        strike(plan.kind(), plan, scene);
      }
      rest(plan.peace());
      compare(servers);
    } while (goesOn(plan));
  }

  private boolean goesOn(Plan plan) {
    boolean timeLeft = System.nanoTime() - load < settings.length().toNanos();
    return !isStopped() && (timeLeft || !plan.everyKindHadItsTurn());
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void rest(Duration time) {
    try {
      stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }

  private void strike(FaultKind kind, Plan plan, Scene scene) {
    Fault fault = plan.fault(kind, scene);
    if (isStopped()) {
      return;
    }
    outcome.doing(fault.what());
    long struck = System.nanoTime();
    fault.strike();
    // What is known only now, such as which process it was, belongs to the name.
    String what = fault.what();
    outcome.doing(what);
    rest(fault.lasts());
    fault.mend();
    if (fault.losesConnectionsSilently()) {
      traffic.people().forEach(V1Person::doubt);
    }
    long mended = System.nanoTime();
    outcome.doing("after " + what);
    Duration back = null;
    try {
      Eventually.eventually(
          "every process to be ready after " + what, READY_WITHIN, () -> isReady(scene));
      back = since(mended);
    } finally {
      outcome.struck(
          new Struck(
              Duration.ofNanos(struck - load),
              kind.name(),
              what,
              Duration.ofNanos(mended - struck),
              back));
    }
  }

  private boolean isReady(Scene scene) {
    List<String> missing = scene.mesh().notReady();
    if (!missing.isEmpty() && !isStopped()) {
      throw new IllegalStateException("not ready: " + missing);
    }
    return true;
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  /** Holds everybody still, and compares what was promised with what is. */
  private void compare(Servers servers) {
    if (isStopped()) {
      return;
    }
    outcome.doing("comparing");
    try {
      traffic.atRest(
          () -> {
            outcome.found(presence(servers));
            outcome.found(differences());
            checker.settle();
            outcome.compared();
            return null;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(e.getMessage(), e);
    } finally {
      Finding failure = traffic.failures().poll();
      while (failure != null) {
        outcome.found(List.of(failure));
        failure = traffic.failures().poll();
      }
    }
  }

  private List<Finding> presence(Servers servers) {
    try {
      Eventually.eventually(
          "everybody to be listed where they are",
          PRESENT_WITHIN,
          () -> {
            for (long room : ROOMS) {
              Set<Long> listed = listed(servers, room);
              Set<Long> expected = new TreeSet<>(world.usersIn(room));
              traffic.people().stream()
                  .filter(person -> person.room() == room)
                  .forEach(person -> expected.add(person.user()));
              if (!listed.equals(expected)) {
                throw new IllegalStateException(
                    "room %d lists %s and not %s".formatted(room, listed, expected));
              }
            }
            return true;
          });
      return List.of();
    } catch (AssertionError late) {
      return List.of(
          new Finding(Verdict.NOT_BACK, late.getMessage() + ": " + late.getCause().getMessage()));
    }
  }

  private Set<Long> listed(Servers servers, long room) {
    Set<Long> listed = new TreeSet<>();
    String token = world.tokenIn(room).orElse(null);
    if (token == null) {
      traffic.people().stream()
          .filter(person -> person.room() == room)
          .forEach(person -> listed.add(person.user()));
      return listed;
    }
    V2Http.Answer answer =
        new V2Http(servers.api()).call("GET", "/api/v2/rooms/" + room + "/members", token, null);
    if (!answer.ok()) {
      throw new IllegalStateException("members of room " + room + ": " + answer);
    }
    answer.body().path("members").forEach(one -> listed.add(one.path("userId").asLong()));
    return listed;
  }

  /** Compares until nothing is wrong any more, or for as long as it may take. */
  private List<Finding> differences() {
    List<Diary> diaries = new ArrayList<>(world.diaries());
    traffic.people().forEach(person -> diaries.add(person.diary()));
    return Comparison.repeated(
        COMPLETE_WITHIN,
        () -> {
          traffic.people().forEach(V1Person::listen);
          return checker.compare(world.histories().of(checker, world.conversations()), diaries);
        });
  }

  /** Since the load began; zero before. */
  Duration elapsed() {
    return load == 0 ? Duration.ZERO : since(load);
  }

  Figures figures() {
    World people = world;
    Traffic talk = traffic;
    if (people == null || talk == null) {
      return new Figures(0, 0, 0, 0, 0);
    }
    List<Diary> diaries = new ArrayList<>(people.diaries());
    talk.people().forEach(person -> diaries.add(person.diary()));
    return new Figures(
        ledger.acknowledged(),
        people.resends(),
        diaries.stream().mapToLong(Diary::count).sum(),
        checker.settled(),
        diaries.size());
  }

  /**
   * How much there was to be wrong.
   *
   * @param acknowledged messages
   * @param resent more times, under the same id
   * @param heard by all devices together
   * @param compared messages that were held beside what every device heard
   * @param devices of v2 and v1
   */
  record Figures(long acknowledged, long resent, long heard, long compared, int devices) {}
}
