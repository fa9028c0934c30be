package chat.parley.client;

/** How frames are written on a WebSocket. TCP has protobuf only. */
public enum Encoding {
  /** Binary; shorter and cheaper. */
  PROTOBUF("parley.v2.protobuf"),
  /** Text that a person can read. */
  JSON("parley.v2.json");

  private final String subprotocol;

  Encoding(String subprotocol) {
    this.subprotocol = subprotocol;
  }

  String subprotocol() {
    return subprotocol;
  }
}
