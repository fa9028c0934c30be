package chat.parley.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that the JDK cannot send, and the end of what was started. */
public final class Signals {
  private Signals() {}

  /** SIGSTOP: alive for the system, silent for everybody else. */
  public static void freeze(long pid) {
    send("STOP", pid);
  }

  public static void thaw(long pid) {
    send("CONT", pid);
  }

  /** Whatever happens, the process does not outlive this JVM. */
  public static void endWithUs(ProcessHandle process) {
    Leftovers.watch(process);
  }

  private static void send(String signal, long pid) {
    try {
      new ProcessBuilder("kill", "-" + signal, "" + pid).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
