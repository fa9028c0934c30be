package chat.parley.e2e.support;

import chat.parley.client.Encoding;
import java.net.URI;

/** What the frames of v2 travel on. */
public enum Carrier {
  WEB_SOCKET_PROTOBUF,
  WEB_SOCKET_JSON,
  TCP;

  /** The client's setting; a plain socket has no choice. */
  public Encoding encoding() {
    return this == WEB_SOCKET_JSON ? Encoding.JSON : Encoding.PROTOBUF;
  }

  /** Of a server. */
  public URI address(Endpoints server) {
    return address(port(server));
  }

  /** Of whatever leads to a server's port. */
  public URI address(int port) {
    return URI.create(this == TCP ? "tcp://127.0.0.1:" + port : "ws://127.0.0.1:" + port + "/ws");
  }

  /** Of a server. */
  public int port(Endpoints server) {
    return this == TCP ? server.tcp() : server.ws();
  }
}
