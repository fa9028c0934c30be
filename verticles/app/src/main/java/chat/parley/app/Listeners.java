package chat.parley.app;

import chat.parley.api.ApiSettings;
import chat.parley.api.site.SiteSettings;
import chat.parley.connect.ConnectSettings;
import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import chat.parley.settings.Tls;
import chat.parley.settings.TlsSettings;
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
   * @param tls what it takes to speak TLS there
   */
  record Listener(
      String what, String host, int port, String setting, String format, TlsSettings tls) {
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
      String format = site.tls().enabled() ? "https://%s" : "http://%s";
      listeners.add(
          new Listener("site", site.host(), site.port(), "site.port", format, site.tls()));
    }
    if (layers.contains(Layer.API)) {
      ApiSettings api = SettingsReader.section(config, ApiSettings.SECTION, ApiSettings.class);
      String format = api.tls().enabled() ? "https://%s" : "http://%s";
      listeners.add(
          new Listener("HTTP API", api.host(), api.port(), "api.port", format, api.tls()));
    }
    if (layers.contains(Layer.CONNECT)) {
      listeners.addAll(ofConnect(config));
    }
    return listeners;
  }

  private static List<Listener> ofConnect(JsonObject config) {
    ConnectSettings connect = SettingsReader.section(config, "connect", ConnectSettings.class);
    TlsSettings tls = connect.tls();
    List<Listener> listeners = new ArrayList<>();
    listeners.add(
        new Listener(
            "WebSocket",
            connect.host(),
            connect.wsPort(),
            "connect.ws-port",
            tls.enabled() ? "wss://%s/ws" : "ws://%s/ws",
            tls));
    String format = tls.enabled() ? "tls://%s" : "%s";
    for (int port : connect.tcpPorts()) {
      listeners.add(new Listener("TCP", connect.host(), port, "connect.tcp-ports", format, tls));
    }
    return listeners;
  }

  /**
   * Looks before anything starts whether all certificates are there.
   *
   * @throws SettingsException naming the setting and the file that is not as it should be
   */
  static void requireCertificates(List<Listener> listeners) {
    listeners.stream().map(Listener::tls).distinct().forEach(Tls::read);
  }

  static Listener management(JsonObject config) {
    ManagementSettings settings =
        SettingsReader.section(config, "management", ManagementSettings.class);
    return new Listener(
        "management",
        settings.host(),
        settings.port(),
        "management.port",
        settings.tls().enabled() ? "https://%s" : "http://%s",
        settings.tls());
  }
}
