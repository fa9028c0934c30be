package chat.parley.api.site;

import chat.parley.api.ApiSettings;
import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * Where the page's script finds the API and the WebSocket: a public address, or a port on the host
 * that the page itself came from.
 *
 * @param apiUrl null: the page's host with {@code apiPort}
 * @param wsUrl null: the page's host with {@code wsPort}
 * @param apiTls whether {@code apiPort} speaks TLS; when not, something in front of it may
 * @param wsTls the same of {@code wsPort}
 */
record SiteAddresses(
    String apiUrl, String wsUrl, int apiPort, int wsPort, boolean apiTls, boolean wsTls) {
  private static final int DEFAULT_WS_PORT = 7000;

  /** A host of a Host header that can stand in a policy: a name, IPv4, or IPv6 in brackets. */
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

  SiteAddresses {
    requireScheme("site.api-url", apiUrl, "http", "https");
    requireScheme("site.ws-url", wsUrl, "ws", "wss");
  }

  /**
   * @param config the whole settings tree
   */
  static SiteAddresses of(SiteSettings site, JsonObject config) {
    ApiSettings api = SettingsReader.section(config, ApiSettings.SECTION, ApiSettings.class);
    return new SiteAddresses(
        site.apiUrl(),
        site.wsUrl(),
        api.port(),
        wsPort(config),
        api.tls().enabled(),
        ofConnect(config, "tls-certificate") != null);
  }

  /** What the page reads as {@code /config.json}. */
  JsonObject toJson() {
    return new JsonObject()
        .put("apiUrl", apiUrl)
        .put("wsUrl", wsUrl)
        .put("apiPort", apiPort)
        .put("wsPort", wsPort)
        .put("apiTls", apiTls)
        .put("wsTls", wsTls);
  }

  /**
   * The sources that a page may connect to, for its Content-Security-Policy.
   *
   * @param host that the page was asked from, as the browser said; null or nonsense: no source
   *     beyond the public addresses
   */
  String connectSources(String host) {
    boolean named = host != null && HOST.matcher(host).matches();
    StringBuilder sources = new StringBuilder("'self'");
    if (apiUrl != null) {
      sources.append(' ').append(origin(apiUrl));
    } else if (named) {
      sources.append(sources("http", host, apiPort, apiTls));
    }
    if (wsUrl != null) {
      sources.append(' ').append(origin(wsUrl));
    } else if (named) {
      sources.append(sources("ws", host, wsPort, wsTls));
    }
    return sources.toString();
  }

  private static String sources(String scheme, String host, int port, boolean tls) {
    String secure = " %ss://%s:%d".formatted(scheme, host, port);
    return tls ? secure : " %s://%s:%d%s".formatted(scheme, host, port, secure);
  }

  private static String origin(String url) {
    URI uri = URI.create(url);
    return uri.getScheme() + "://" + uri.getAuthority();
  }

  private static int wsPort(JsonObject config) {
    Object port = ofConnect(config, "ws-port");
    if (port == null) {
      return DEFAULT_WS_PORT;
    }
    try {
      return Integer.parseInt(port.toString());
    } catch (NumberFormatException e) {
      throw new SettingsException("connect.ws-port must be a number, not " + port, e);
    }
  }

  private static Object ofConnect(JsonObject config, String key) {
    return config.getValue("connect") instanceof JsonObject connect ? connect.getValue(key) : null;
  }

  private static void requireScheme(String setting, String url, String plain, String secure) {
    if (url == null) {
      return;
    }
    boolean fits;
    try {
      URI uri = new URI(url);
      fits =
          uri.getHost() != null
              && (plain.equals(uri.getScheme()) || secure.equals(uri.getScheme()));
    } catch (URISyntaxException e) {
      fits = false;
    }
    if (!fits) {
      throw new SettingsException(
          setting
              + " must be an address with "
              + plain
              + "://"
              + " or "
              + secure
              + "://, not "
              + url);
    }
  }
}
