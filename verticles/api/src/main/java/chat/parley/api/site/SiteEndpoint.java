package chat.parley.api.site;

import chat.parley.api.http.Endpoint;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Serves the site's files. Any other path answers index.html, as v1's site always did: links into
 * the application work.
 */
final class SiteEndpoint implements Endpoint {
  private static final String INDEX = "/index.html";
  private static final String CONFIG = "/config.json";

  /** A year, which is as long as caches keep anything. */
  private static final String FOREVER = "public, max-age=31536000, immutable";

  /** Kept, but asked about each time: the answer is mostly 304. */
  private static final String REVALIDATE = "no-cache";

  /** Of every answer: no guessed types, no frames around it, no other window's hands on it. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");

  private final Map<String, Asset> assets;
  private final SiteAddresses addresses;

  SiteEndpoint(Map<String, Asset> files, SiteAddresses addresses) {
    this.assets = new HashMap<>(files);
    this.addresses = addresses;
    byte[] config = addresses.toJson().encode().getBytes(StandardCharsets.UTF_8);
    assets.put(CONFIG, Asset.of(CONFIG, config, false));
  }

  @Override
  public void handle(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    HEADERS.forEach(response::putHeader);
    if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
      response.setStatusCode(405).putHeader(HttpHeaders.ALLOW, "GET, HEAD").end();
      return;
    }
    serve(request, find(request.path()));
  }

  @Override
  public void refuse(HttpServerRequest request, ChatError error) {
    request
        .response()
        .setStatusCode(error.code() == ErrorCode.RATE_LIMITED ? 429 : 503)
        .putHeader(HttpHeaders.RETRY_AFTER, "1")
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
        .end(error.getMessage());
  }

  private Asset find(String path) {
    Asset asset = path == null ? null : assets.get(path);
    return asset != null ? asset : assets.get(INDEX);
  }

  private void serve(HttpServerRequest request, Asset asset) {
    HttpServerResponse response = request.response();
    response
        .putHeader(HttpHeaders.CACHE_CONTROL, asset.forever() ? FOREVER : REVALIDATE)
        .putHeader(HttpHeaders.ETAG, asset.etag());
    if (asset.isPage()) {
      response.putHeader("Content-Security-Policy", policy(request));
    }
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && known.contains(asset.etag())) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, asset.contentType());
    if (request.method() == HttpMethod.HEAD) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(asset.body().length())).end();
    } else {
      response.end(asset.body());
    }
  }

  /**
   * Scripts and styles come from the site's own files only, and no script can make markup of a
   * text: the browser refuses, even where the page's own code would have been wrong.
   */
  private String policy(HttpServerRequest request) {
    String host = request.authority() == null ? null : request.authority().host();
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
        + addresses.connectSources(host)
        + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        + "; require-trusted-types-for 'script'; trusted-types 'none'";
  }
}
