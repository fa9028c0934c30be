package chat.parley.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One line that tells what is happening: rewritten in a terminal, now and then elsewhere. */
final class Live implements AutoCloseable {
  private static final long IN_A_TERMINAL_MS = 500;
  private static final long ELSEWHERE_MS = 15_000;

  private final PrintStream out;
  private final Soak soak;
  private final Outcome outcome;
  private final Duration length;
  private final boolean terminal = System.console() != null;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread thread = new Thread(this::tell, "live");
  private int width;

  Live(PrintStream out, Soak soak, Outcome outcome, Duration length) {
    this.out = out;
    this.soak = soak;
    this.outcome = outcome;
    this.length = length;
    thread.setDaemon(true);
    thread.start();
  }

  private void tell() {
    try {
      do {
        String line = line();
        if (terminal) {
          out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
          out.flush();
          width = line.length();
        } else {
          out.println(line);
        }
      } while (!over.await(terminal ? IN_A_TERMINAL_MS : ELSEWHERE_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String line() {
    Soak.Figures figures = soak.figures();
    return "%s of %s · %,d acknowledged, %,d heard · faults %d · wrong %d · %s"
        .formatted(
            clock(soak.elapsed()),
            clock(length),
            figures.acknowledged(),
            figures.heard(),
            outcome.faults().size(),
            outcome.wrong(),
            outcome.doing());
  }

  static String clock(Duration time) {
    return "%02d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  @Override
  public void close() {
    over.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (terminal) {
      out.println();
    }
  }
}
