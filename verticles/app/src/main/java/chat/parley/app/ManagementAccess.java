package chat.parley.app;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Who may change something through the management port. */
final class ManagementAccess {
  private final byte[] authorization;
  private final boolean boundToLoopback;

  ManagementAccess(ManagementSettings settings) {
    this.authorization =
        settings.secret() == null
            ? null
            : ("Bearer " + settings.secret()).getBytes(StandardCharsets.UTF_8);
    this.boundToLoopback = isLoopback(settings.host());
  }

  /** Why the request may change nothing; null when it may. */
  String refusal(HttpServerRequest request) {
    // A page in a browser on this machine can reach loopback too: it sends its origin along, and
    // may not send this content type to another origin.
    if (request.getHeader("origin") != null
        || !"application/json".equals(request.getHeader("content-type"))) {
      return "only a request with content-type application/json and no origin may change anything";
    }
    if (authorization != null) {
      return brings(request.getHeader("authorization")) ? null : "the secret is missing or wrong";
    }
    return boundToLoopback && isLoopback(request.remoteAddress().hostAddress())
        ? null
        : "changes need management.secret when the port is not bound to loopback";
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
