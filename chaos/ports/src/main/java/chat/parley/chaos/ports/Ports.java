package chat.parley.chaos.ports;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback for servers that are to be started, and started again on the same one.
 *
 * <p>All are below those that the system gives to outgoing connections: such a one could be taken
 * between this look and its use, and a stranger among the ports of a cluster delays its joining.
 * None is given out twice by one process before all were. Safe for any thread.
 */
public final class Ports {
  private static final int FIRST = 10_000;
  private static final int LAST = 32_000;

  /** Another process on this machine most probably begins elsewhere. */
  private static int next = ThreadLocalRandom.current().nextInt(FIRST, LAST);

  private Ports() {}

  /** A port that nobody listens on at this moment. */
  public static int free() {
    return freeRange(1);
  }

  /** The first of so many free ports in a row. */
  public static synchronized int freeRange(int count) {
    while (true) {
      int first = next;
      next = next + count > LAST ? FIRST : next + count;
      if (first + count <= LAST && areFree(first, count)) {
        return first;
      }
    }
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
