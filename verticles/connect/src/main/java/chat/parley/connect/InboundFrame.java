package chat.parley.connect;

import chat.parley.wire.V1Json;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * What a v1 client sends. Fields that are not named here are not looked at: above all not the name
 * that a sender claims.
 *
 * @param op 0 when it is missing, as in a WebSocket's join
 * @param token empty when it is missing
 * @param roomId 0 when it is missing
 * @param text empty when it is missing
 */
record InboundFrame(int op, String token, long roomId, String text) {
  /**
   * @throws DecodeException when this is not a JSON object, or a field is of the wrong kind
   */
  static InboundFrame parse(String json) {
    JsonObject object = new JsonObject(json);
    long op = number(object, "op");
    return new InboundFrame(
        op == (int) op ? (int) op : -1,
        string(object, "authToken"),
        number(object, "roomId"),
        string(object, "msg"));
  }

  private static String string(JsonObject object, String key) {
    Object value = object.getValue(key);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return V1Json.carriable(text);
    }
    throw new DecodeException(key + " must be a string");
  }

  private static long number(JsonObject object, String key) {
    Object value = object.getValue(key);
    if (value == null) {
      return 0;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new DecodeException(key + " must be a whole number");
  }

  /** Without token and text. */
  @Override
  public String toString() {
    return "InboundFrame[op " + op + ", room " + roomId + "]";
  }
}
