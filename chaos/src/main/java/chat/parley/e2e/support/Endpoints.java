package chat.parley.e2e.support;

import chat.parley.chaos.ports.Ports;
import java.net.URI;
import java.util.Map;

/** The ports of one process, all on loopback. */
public record Endpoints(int api, int site, int ws, int tcp, int secondTcp, int management) {
  /** Ports that nobody listens on at this moment. */
  public static Endpoints free() {
    return new Endpoints(
        Ports.free(), Ports.free(), Ports.free(), Ports.free(), Ports.free(), Ports.free());
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
