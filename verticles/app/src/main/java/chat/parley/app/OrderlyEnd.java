package chat.parley.app;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a process that is told to end. The first SIGTERM or Ctrl-C lets everything end in its
 * order, and the exit code is 0. A second one ends the process at once, as does the deadline; then
 * the exit code is not 0, and what was not finished is said.
 *
 * <p>Thread-safe. The deadline is kept by a thread of its own, so that nothing that hangs can keep
 * the process from ending.
 */
final class OrderlyEnd {
  /** Exit code of a process whose deadline came, or in which something did not end. */
  static final int UNFINISHED = 3;

  private static final Logger LOG = LoggerFactory.getLogger(OrderlyEnd.class);

  /** Redis is a process of its own, and stays behind when it is not ended by then. */
  private static final long LAST_STEP_MS = 2_000;

  private static final int KILLED_BY_SIGNAL = 128;

  private final Duration deadline;
  private final Runnable drain;
  private final Supplier<List<String>> unfinished;
  private final Runnable lastStep;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile long signalled;
  private final AtomicBoolean forced = new AtomicBoolean();

  /**
   * @param drain ends everything that others notice; blocking
   * @param unfinished what has not ended yet, for people; called on any thread
   * @param lastStep done before a forced end too, if it does not take long; blocking
   */
  OrderlyEnd(
      Duration deadline, Runnable drain, Supplier<List<String>> unfinished, Runnable lastStep) {
    this.deadline = deadline;
    this.drain = drain;
    this.unfinished = unfinished;
    this.lastStep = lastStep;
  }

  /** From now on signals are heard here. */
  void hearSignals() {
    Signals.handle(this::heard);
  }

  private void heard(String signal) {
    if (begun.get()) {
      int number = signal.equals("INT") ? 2 : 15;
      new Thread(() -> force("told twice to end", KILLED_BY_SIGNAL + number), "parley-forced-end")
          .start();
      return;
    }
    LOG.info(
        "SIG{}: stopping, within {} s; a second one ends it at once", signal, deadline.toSeconds());
    signalled = System.nanoTime();
    begin();
    new Thread(this::drainAndExit, "parley-orderly-end").start();
  }

  /** In this order: the exit of the JVM makes H2 close its files, whoever still works with them. */
  private void drainAndExit() {
    try {
      drain.run();
      LOG.info("drained after {} ms", sinceSignalMs());
    } finally {
      System.exit(0);
    }
  }

  /** The end has begun, for whatever reason: the deadline counts from now. Idempotent. */
  void begin() {
    if (begun.compareAndSet(false, true)) {
      Thread watch = new Thread(this::watch, "parley-end-deadline");
      watch.setDaemon(true);
      watch.start();
    }
  }

  /** Everything has ended that could; a process in which something did not end says so. */
  void ended() {
    if (signalled != 0) {
      LOG.info("ended after {} ms", sinceSignalMs());
    }
    if (!unfinished.get().isEmpty()) {
      force("not everything ended well", UNFINISHED);
    }
  }

  private long sinceSignalMs() {
    return (System.nanoTime() - signalled) / 1_000_000;
  }

  private void watch() {
    try {
      Thread.sleep(deadline.toMillis());
      force("the deadline of " + deadline.toSeconds() + " s has come", UNFINISHED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void force(String why, int exitCode) {
    if (!forced.compareAndSet(false, true)) {
      return;
    }
    List<String> left = unfinished.get();
    System.err.printf(
        "parley: %s; not finished: %s%n",
        why, left.isEmpty() ? "the exit" : String.join(", ", left));
    Thread last = new Thread(lastStep, "parley-last-step");
    last.setDaemon(true);
    last.start();
    try {
      last.join(LAST_STEP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
