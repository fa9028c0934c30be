package chat.parley.api.v1;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.wire.V1Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The body of a v1 request. Fields are asked for by v1's own names and in v1's order; the first one
 * that is missing (absent, null, empty or zero) or of a wrong type is refused by name.
 */
final class V1Request {
  /** Fits a long, and is no number that a v1 client could mean anything by beyond that. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");

  private final JsonObject body;
  private final Supplier<String> clientAddress;

  private V1Request(JsonObject body, Supplier<String> clientAddress) {
    this.body = body;
    this.clientAddress = clientAddress;
  }

  /**
   * @param clientAddress asked by those few requests that are counted by it
   */
  static V1Request parse(Buffer body, Supplier<String> clientAddress) {
    try {
      return new V1Request(new JsonObject(body), clientAddress);
    } catch (DecodeException | ClassCastException malformed) {
      throw badRequest("the request body is not a JSON object");
    }
  }

  /** The {@code authToken}; without one there is no session. */
  String token() {
    String token = string("authToken");
    if (token.isEmpty()) {
      throw new ChatError(ErrorCode.UNAUTHENTICATED, "authToken is missing");
    }
    return token;
  }

  /** Where the request comes from; empty when it is not known. */
  String clientAddress() {
    return clientAddress.get();
  }

  String requiredString(String field) {
    String value = string(field);
    if (value.isEmpty()) {
      throw badRequest(field + " is required");
    }
    return value;
  }

  /** A positive number, as a number or as a string that holds one. */
  long requiredNumber(String field) {
    long value = number(field);
    if (value == 0) {
      throw badRequest(field + " is required");
    }
    return value;
  }

  /** Like {@link #requiredNumber}, 0 when it is missing. */
  long number(String field) {
    Object value = body.getValue(field);
    if (value == null || "".equals(value)) {
      return 0;
    }
    long number = toLong(field, value);
    if (number < 0) {
      throw badRequest(field + " must be a positive number");
    }
    return number;
  }

  /** A string, empty when it is missing; what no UTF-8 can hold in it is replaced. */
  String string(String field) {
    Object value = body.getValue(field);
    if (value == null) {
      return "";
    }
    if (value instanceof String string) {
      return V1Json.carriable(string);
    }
    throw badRequest(field + " must be a string");
  }

  /** A boolean, false when it is missing. */
  boolean flag(String field) {
    Object value = body.getValue(field);
    if (value == null) {
      return false;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw badRequest(field + " must be true or false");
  }

  private static long toLong(String field, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    if (value instanceof String text && NUMBER.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    throw badRequest(field + " must be a number");
  }

  private static ChatError badRequest(String text) {
    return new ChatError(ErrorCode.BAD_REQUEST, text);
  }
}
