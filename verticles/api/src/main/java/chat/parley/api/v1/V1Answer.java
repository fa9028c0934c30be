package chat.parley.api.v1;

import chat.parley.wire.V1Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.Consumer;

/**
 * An answer of v1, encoded: {@code {"code":int,"message":string,"data":any}}.
 *
 * @param body never changed once made, so that one can answer many requests
 */
record V1Answer(Buffer body) {
  static final int SUCCESS = 0;
  static final int FAILURE = 1;
  static final int SESSION_ERROR = 40_000;

  /** Success without data: null. */
  static V1Answer success(String message) {
    return encode(SUCCESS, message, data -> ascii(data, "null"));
  }

  static V1Answer success(String message, String text) {
    return encode(SUCCESS, message, data -> V1Json.writeString(data, text));
  }

  /**
   * @param data appends the JSON of the data
   */
  static V1Answer success(String message, Consumer<ByteBuf> data) {
    return encode(SUCCESS, message, data);
  }

  static V1Answer failure(int code, String message) {
    return encode(code, message, data -> ascii(data, "null"));
  }

  static void ascii(ByteBuf out, String text) {
    ByteBufUtil.writeAscii(out, text);
  }

  private static V1Answer encode(int code, String message, Consumer<ByteBuf> data) {
    ByteBuf out = Unpooled.buffer(256);
    ascii(out, "{\"code\":" + code + ",\"message\":");
    V1Json.writeString(out, message);
    ascii(out, ",\"data\":");
    data.accept(out);
    out.writeByte('}');
    return new V1Answer(BufferInternal.buffer(out));
  }
}
