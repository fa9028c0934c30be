package chat.parley.bench;

/** How the members of a run speak with the server. */
enum Wire {
  /** v1: JSON over WebSocket; messages are posted by HTTP. */
  V1_WS("v1-ws", null),
  /** v1: JSON over TCP, messages too; the server does not answer them. */
  V1_TCP("v1-tcp", null),
  V2_PROTOBUF("v2-protobuf", "parley.v2.protobuf"),
  V2_JSON("v2-json", "parley.v2.json"),
  V2_TCP("v2-tcp", null);

  private static final int V1_HEADER = 4;
  private static final int V2_HEADER = 6;

  private final String text;
  private final String subprotocol;

  Wire(String text, String subprotocol) {
    this.text = text;
    this.subprotocol = subprotocol;
  }

  boolean v2() {
    return ordinal() >= V2_PROTOBUF.ordinal();
  }

  boolean webSocket() {
    return this != V1_TCP && this != V2_TCP;
  }

  boolean json() {
    return this == V2_JSON;
  }

  /** That the handshake asks for; null: none. */
  String subprotocol() {
    return subprotocol;
  }

  /** Bytes before a TCP frame's body. */
  int tcpHeader() {
    return v2() ? V2_HEADER : V1_HEADER;
  }

  /** As the command line has it. */
  @Override
  public String toString() {
    return text;
  }
}
