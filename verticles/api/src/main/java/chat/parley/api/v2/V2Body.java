package chat.parley.api.v2;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * A JSON object of a request. The first field that is missing (absent, null or empty) or of a wrong
 * type is refused by name; what is not asked for is not looked at.
 */
final class V2Body {
  private final JsonObject fields;
  private final String prefix;

  private V2Body(JsonObject fields, String prefix) {
    this.fields = fields;
    this.prefix = prefix;
  }

  static V2Body parse(Buffer body) {
    try {
      return new V2Body(new JsonObject(body), "");
    } catch (DecodeException malformed) {
      throw bad("the request body is not a JSON object" + whereOf(malformed.getCause()));
    } catch (ClassCastException otherJson) {
      throw bad("the request body is not a JSON object");
    }
  }

  /** Whether there is something to read; null is nothing. */
  boolean has(String field) {
    return fields.getValue(field) != null;
  }

  String requiredString(String field) {
    String value = string(field);
    if (value.isEmpty()) {
      throw bad(prefix + field + " is required");
    }
    return value;
  }

  /** A string, empty when it is missing. */
  String string(String field) {
    Object value = fields.getValue(field);
    if (value == null) {
      return "";
    }
    if (!(value instanceof String string)) {
      throw bad(prefix + field + " must be a string");
    }
    // JSON can escape half a surrogate pair, but no UTF-8 holds one: not the bus, not an answer.
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(string)) {
      throw bad(prefix + field + " must be Unicode text: it has half of a surrogate pair");
    }
    return string;
  }

  /** An id, as a number or as a string that holds one; 0 when it is missing. */
  long id(String field) {
    Object value = fields.getValue(field);
    if (value == null) {
      return 0;
    }
    if (value instanceof Integer || value instanceof Long || value instanceof String) {
      return Numbers.positive(prefix + field, value.toString());
    }
    throw Numbers.notPositive(prefix + field);
  }

  V2Body requiredObject(String field) {
    Object value = fields.getValue(field);
    if (value == null) {
      throw bad(prefix + field + " is required");
    }
    if (value instanceof JsonObject object) {
      return new V2Body(object, prefix + field + ".");
    }
    throw bad(prefix + field + " must be an object");
  }

  /** The place only: the parser's own words repeat what was sent, a password perhaps. */
  private static String whereOf(Throwable cause) {
    JsonLocation at = cause instanceof JsonProcessingException json ? json.getLocation() : null;
    return at == null ? "" : ": see line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static ChatError bad(String text) {
    return new ChatError(ErrorCode.BAD_REQUEST, text);
  }
}
