package chat.parley.bench;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Sends by a schedule. What is late is sent at once, and nothing that follows is put off for it: a
 * slow server does not get less load.
 */
final class Pacer {
  private final EventExecutor loop;
  private final Schedule schedule;
  private final LongSupplier elapsed;
  private final IntConsumer send;
  private int next;
  private volatile boolean stopped;

  /**
   * @param loop on which everything is sent
   * @param elapsed nanoseconds since the beginning of the schedule
   * @param send is given the number of each message when it is due
   */
  Pacer(EventExecutor loop, Schedule schedule, LongSupplier elapsed, IntConsumer send) {
    this.loop = loop;
    this.schedule = schedule;
    this.elapsed = elapsed;
    this.send = send;
  }

  void start() {
    loop.execute(this::run);
  }

  void stop() {
    stopped = true;
  }

  private void run() {
    int due = schedule.due(elapsed.getAsLong());
    while (next < due && !stopped) {
      send.accept(next++);
    }
    if (next < schedule.messages() && !stopped) {
      long wait = schedule.nanos(next) - elapsed.getAsLong();
      loop.schedule(this::run, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }
  }
}
