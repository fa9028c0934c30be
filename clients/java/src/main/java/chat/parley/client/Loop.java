package chat.parley.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A client's one thread. What fails on it is logged and ends nothing. */
final class Loop {
  private static final System.Logger LOG = System.getLogger(Loop.class.getName());

  private final ScheduledThreadPoolExecutor executor;
  private final Queue<Runnable> soon = new ConcurrentLinkedQueue<>();
  private volatile Thread thread;

  Loop(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  boolean isHere() {
    return Thread.currentThread() == thread;
  }

  /** Whether nothing waits to be run soon. */
  boolean isIdle() {
    return soon.isEmpty();
  }

  /** Runs work soon; false when the loop has stopped. */
  boolean execute(Runnable work) {
    Runnable task = guarded(work);
    soon.add(task);
    try {
      executor.execute(this::runNext);
      return true;
    } catch (RejectedExecutionException e) {
      return !soon.remove(task);
    }
  }

  private void runNext() {
    Runnable task = soon.poll();
    if (task != null) {
      task.run();
    }
  }

  Future<?> after(long delayMs, Runnable work) {
    return executor.schedule(guarded(work), delayMs, TimeUnit.MILLISECONDS);
  }

  Future<?> every(long periodMs, Runnable work) {
    return executor.scheduleWithFixedDelay(
        guarded(work), periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  /** Ends the thread. On it; what was to be run soon is run now, so that nobody waits for ever. */
  void stop() {
    executor.shutdown();
    while (!soon.isEmpty()) {
      runNext();
    }
  }

  /** Calls a listener: what it throws is its own. */
  static void tell(Runnable listener) {
    guarded(listener).run();
  }

  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "failed on the client's thread", e);
      }
    };
  }
}
