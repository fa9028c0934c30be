package chat.parley.connect;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How much of a processor's time a thread has had. */
final class ProcessorTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean KNOWN =
      THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

  private ProcessorTime() {}

  /**
   * Nanoseconds from an arbitrary moment, for differences on one thread. Where the machine does not
   * tell, those of the clock.
   */
  static long ofThisThread() {
    return KNOWN ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }
}
