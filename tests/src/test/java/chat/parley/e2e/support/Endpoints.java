package chat.parley.e2e.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ports of one process, all on loopback. */
public record Endpoints(int api, int site, int ws, int tcp, int secondTcp, int management) {

  /** Ports that nobody listens on at this moment. */
  public static Endpoints free() {
    List<Integer> p = freePorts(6);
    return new Endpoints(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4), p.get(5));
  }

  public static List<Integer> freePorts(int n) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < n; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      for (ServerSocket socket : held) {
        try {
          socket.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
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

  URI readyAddress() {
    return URI.create("http://127.0.0.1:" + management + "/ready");
  }
}
