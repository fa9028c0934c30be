package chat.parley.app;

import chat.parley.api.ApiSettings;
import chat.parley.api.site.SiteSettings;
import chat.parley.connect.ConnectSettings;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Where a process will listen, as its settings say. */
final class Listeners {
  private Listeners() {}

  /**
   * One listening port.
   *
   * @param what is served there, for people
   * @param setting that names the port
   * @param format of the address, for {@code host:port}
   */
  record Listener(String what, String host, int port, String setting, String format) {
    String address() {
      String reachable = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
      return String.format(format, reachable + ":" + port);
    }

    void requireFree() {
      Ports.requireFree(host, port, setting);
    }
  }

  static List<Listener> of(JsonObject config, Collection<Layer> layers) {
    List<Listener> listeners = new ArrayList<>();
    if (layers.contains(Layer.SITE)) {
      SiteSettings site = SettingsReader.section(config, SiteSettings.SECTION, SiteSettings.class);
      listeners.add(new Listener("site", site.host(), site.port(), "site.port", "http://%s"));
    }
    if (layers.contains(Layer.API)) {
      ApiSettings api = SettingsReader.section(config, ApiSettings.SECTION, ApiSettings.class);
      listeners.add(new Listener("HTTP API", api.host(), api.port(), "api.port", "http://%s"));
    }
    if (layers.contains(Layer.CONNECT)) {
      ConnectSettings connect = SettingsReader.section(config, "connect", ConnectSettings.class);
      String host = connect.host();
      listeners.add(
          new Listener("WebSocket", host, connect.wsPort(), "connect.ws-port", "ws://%s/ws"));
      for (int port : connect.tcpPorts()) {
        listeners.add(new Listener("TCP", host, port, "connect.tcp-ports", "%s"));
      }
    }
    return listeners;
  }

  static Listener management(JsonObject config) {
    ManagementSettings settings =
        SettingsReader.section(config, "management", ManagementSettings.class);
    return new Listener(
        "management", settings.host(), settings.port(), "management.port", "http://%s");
  }
}
