package chat.parley.app;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Who may read about the nodes and change something through the management port: whoever brings the
 * secret; without one, whoever is on this machine, while the port is bound to loopback. A page in a
 * browser may not, not even one on this machine.
 */
final class ManagementAccess {
  /** What a program on this machine calls it. */
  private static final Set<String> LOOPBACK_NAMES =
      Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final byte[] authorization;
  private final String host;
  private final boolean boundToLoopback;

  ManagementAccess(ManagementSettings settings) {
    this.authorization =
        settings.secret() == null
            ? null
            : ("Bearer " + settings.secret()).getBytes(StandardCharsets.UTF_8);
    this.host = settings.host();
    this.boundToLoopback = isLoopback(settings.host());
  }

  /** Why the request may not see what is for operators; null when it may. */
  String refusalToRead(HttpServerRequest request) {
    if (request.getHeader("origin") != null) {
      return "a page of another origin may read nothing here";
    }
    if (authorization != null) {
      return brings(request.getHeader("authorization")) ? null : "the secret is missing or wrong";
    }
    if (!boundToLoopback || !isLoopback(request.remoteAddress().hostAddress())) {
      return "this needs management.secret when the port is not bound to loopback";
    }
    return namesThisMachine(request)
        ? null
        : "without management.secret the port must be asked for by its own address";
  }

  /** Why the request may change nothing; null when it may. */
  String refusalToChange(HttpServerRequest request) {
    // A page in a browser on this machine can reach loopback too: it sends its origin along, and
    // may not send this content type to another origin.
    if (request.getHeader("origin") != null
        || !"application/json".equals(request.getHeader("content-type"))) {
      return "only a request with content-type application/json and no origin may change anything";
    }
    return refusalToRead(request);
  }

  /** Else a page whose name has been made to mean loopback reads as if it came from here. */
  private boolean namesThisMachine(HttpServerRequest request) {
    String asked = request.authority() == null ? "" : request.authority().host();
    return LOOPBACK_NAMES.contains(asked) || host.equals(asked);
  }

  private boolean brings(String header) {
    return header != null
        && MessageDigest.isEqual(authorization, header.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isLoopback(String host) {
    try {
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
