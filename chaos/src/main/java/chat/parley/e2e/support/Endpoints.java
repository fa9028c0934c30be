package chat.parley.e2e.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The ports of one process, all on loopback. */
public record Endpoints(int api, int site, int ws, int tcp, int secondTcp, int management) {
  private static final int FIRST = 10_000;
  private static final int LAST = 32_000;

  /** Another run of the tests on this machine most probably begins elsewhere. */
  private static int next = ThreadLocalRandom.current().nextInt(FIRST, LAST);

  /** Ports that nobody listens on at this moment. */
  public static Endpoints free() {
    List<Integer> p = freePorts(6);
    return new Endpoints(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4), p.get(5));
  }

  /** Ports that nobody listens on, and that no later call gives out again. */
  public static List<Integer> freePorts(int n) {
    return IntStream.range(0, n).mapToObj(i -> freeRange(1)).toList();
  }

  /**
   * The first of so many free ports in a row.
   *
   * <p>All are below those that the system gives to outgoing connections: such a one could be taken
   * between this look and its use, and a stranger among the ports of a cluster delays its joining.
   */
  static synchronized int freeRange(int count) {
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

  Map<String, String> asSettings() {
    return Map.of(
        "PARLEY_API_PORT", "" + api,
        "PARLEY_SITE_PORT", "" + site,
        "PARLEY_CONNECT_WS_PORT", "" + ws,
        "PARLEY_CONNECT_TCP_PORTS", tcp + "," + secondTcp,
        "PARLEY_MANAGEMENT_PORT", "" + management);
  }

  public URI apiAddress() {
    return URI.create("http://127.0.0.1:" + api);
  }

  public URI siteAddress() {
    return URI.create("http://127.0.0.1:" + site);
  }

  public URI wsAddress() {
    return URI.create("ws://127.0.0.1:" + ws + "/ws");
  }

  URI readyAddress(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + management + "/ready");
  }
}
