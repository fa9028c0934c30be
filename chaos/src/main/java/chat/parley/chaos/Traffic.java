package chat.parley.chaos;

import chat.parley.chaos.Finding.Verdict;
import chat.parley.e2e.support.Carrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Everybody who talks, each on a thread of their own, at a pace and in an order that the seed
 * gives: users with devices, and people of v1. All of them can be held for a moment of quiet.
 */
final class Traffic implements AutoCloseable {
  /** Of all messages. */
  private static final double V1_SHARE = 0.25;

  private static final Carrier[] V1_CARRIERS = {Carrier.WEB_SOCKET_JSON, Carrier.TCP};

  /** Longer than a step may take. */
  private static final long QUIET_WITHIN_S = 150;

  private final World world;
  private final List<V1Person> people = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<Finding> failures = new ConcurrentLinkedQueue<>();
  private final ReentrantReadWriteLock steps = new ReentrantReadWriteLock(true);
  private final CountDownLatch over = new CountDownLatch(1);

  /**
   * Nobody talks yet.
   *
   * @param v1 how many people of v1, spread over the rooms
   * @param rate messages a second of all together
   */
  Traffic(
      World world,
      Servers servers,
      List<Long> rooms,
      Ledger ledger,
      int v1,
      double rate,
      long seed) {
    this.world = world;
    for (int n = 0; n < v1; n++) {
      V1Person person =
          new V1Person(servers, V1_CARRIERS[n % 2], rooms.get(n / 2 % rooms.size()), ledger, n / 2);
      people.add(person);
      world.introduce(person.user());
    }
    int users = world.users().size();
    double stepsOfUser = rate * (1 - V1_SHARE) * Schedule.stepsOfAMessage() / users;
    for (int u = 0; u < users; u++) {
      threads.add(thread("user-" + u, new DevicesOfOne(u, new Random(seed + u), stepsOfUser)));
    }
    for (int n = 0; n < v1; n++) {
      Random random = new Random(~seed - n);
      threads.add(thread("v1-" + n, new OneOfV1(people.get(n), random, rate * V1_SHARE / v1)));
    }
  }

  private static Thread thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  List<V1Person> people() {
    return people;
  }

  void start() {
    people.forEach(V1Person::rest);
    threads.forEach(Thread::start);
  }

  /** Steps that could not be taken within any patience. */
  Queue<Finding> failures() {
    return failures;
  }

  /** Steps at random moments, so many a second on the average, one after the other. */
  private abstract class Talk implements Runnable {
    final Random random;
    private final double aSecond;

    Talk(Random random, double aSecond) {
      this.random = random;
      this.aSecond = aSecond;
    }

    abstract void step();

    @Override
    public void run() {
      try {
        while (!over.await(pauseMs(), TimeUnit.MILLISECONDS)) {
          steps.readLock().lock();
          try {
            step();
          } catch (RuntimeException | AssertionError e) {
            failures.add(new Finding(Verdict.NOT_BACK, e.getMessage() + because(e.getCause())));
          } finally {
            steps.readLock().unlock();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private String because(Throwable cause) {
      return cause == null ? "" : " (" + cause.getMessage() + ")";
    }

    /** Of a Poisson process. */
    private long pauseMs() {
      return (long) (-Math.log(1 - random.nextDouble()) / aSecond * 1_000);
    }
  }

  private final class DevicesOfOne extends Talk {
    private final int user;
    private int number;

    DevicesOfOne(int user, Random random, double aSecond) {
      super(random, aSecond);
      this.user = user;
    }

    @Override
    void step() {
      Schedule.Step step = Schedule.next(random, ++number, World.devicesOfEach());
      world.take(
          new Schedule.Step(
              step.number(),
              step.action(),
              World.firstDeviceOf(user) + step.device(),
              step.choice()));
    }
  }

  private final class OneOfV1 extends Talk {
    private final V1Person person;

    OneOfV1(V1Person person, Random random, double aSecond) {
      super(random, aSecond);
      this.person = person;
    }

    @Override
    void step() {
      List<Long> users = world.users();
      person.step(random.nextInt(100), users.get(random.nextInt(users.size())));
    }
  }

  /** Does something while nobody takes a step, and everybody is in their place. */
  <T> T atRest(Callable<T> work) throws Exception {
    if (!steps.writeLock().tryLock(QUIET_WITHIN_S, TimeUnit.SECONDS)) {
      throw new AssertionError("a step takes longer than " + QUIET_WITHIN_S + " s");
    }
    try {
      people.forEach(V1Person::rest);
      world.rest();
      return work.call();
    } finally {
      steps.writeLock().unlock();
    }
  }

  /** Nobody begins another step. */
  @Override
  public void close() {
    over.countDown();
    people.forEach(V1Person::close);
  }
}
