package chat.parley.api.http;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * Takes the bodies of requests, none of them larger or slower than a bound, and all of them
 * together not more than the process can hold. Belongs to one event loop.
 */
public final class BodyReader {
  /** Not counted, so that ordinary requests come through while somebody sends only large ones. */
  private static final int SMALL = 4 * 1024;

  private final Vertx vertx;
  private final int maxBytes;
  private final long maxHeld;
  private final long deadlineMs;
  private long held;

  /**
   * @param maxBytes of one body; more is read off the connection but not kept
   * @param maxHeld bytes of all bodies that are larger than small, from their first byte to the end
   *     of their answer
   * @param deadline within which a body must have arrived
   */
  public BodyReader(Vertx vertx, int maxBytes, long maxHeld, Duration deadline) {
    this.vertx = vertx;
    this.maxBytes = maxBytes;
    this.maxHeld = maxHeld;
    this.deadlineMs = deadline.toMillis();
  }

  /**
   * The whole body. Fails with {@code TOO_LARGE} once an oversized one has passed by, so that the
   * connection stays usable, in the same way with {@code OVERLOADED} when there is no room for it
   * beside the others, and with {@code BAD_REQUEST} at the deadline or when it is encoded.
   */
  public Future<Buffer> read(HttpServerRequest request) {
    Body body = new Body();
    request.response().endHandler(answered -> body.forget()).closeHandler(gone -> body.forget());
    if (isEncoded(request)) {
      body.refuse(ErrorCode.BAD_REQUEST, "a request body must come without Content-Encoding");
    }
    long timer =
        vertx.setTimer(
            deadlineMs,
            late -> body.fail(ErrorCode.BAD_REQUEST, "the request took too long to arrive"));
    request.exceptionHandler(gone -> body.fail(ErrorCode.BAD_REQUEST, "the request was cut off"));
    request.handler(body::append);
    request.endHandler(end -> body.complete());
    return body.whole.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** Small bytes that become many are what nobody has asked this API to take. */
  private static boolean isEncoded(HttpServerRequest request) {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  /**
   * Ends the answer to a request whose body was asked for here. Closes the connection when the body
   * has not ended: what is still to come of it has no reader.
   */
  public static void answer(HttpServerRequest request, Buffer body) {
    HttpServerResponse response = request.response();
    if (request.isEnded()) {
      response.end(body);
      return;
    }
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    response.end(body).onComplete(sent -> request.connection().close());
  }

  private final class Body {
    private final Promise<Buffer> whole = Promise.promise();
    private Buffer bytes = Buffer.buffer(0);
    private boolean growing;
    private ChatError refusal;
    private int counted;

    private void append(Buffer chunk) {
      if (bytes == null) {
        return;
      }
      int length = bytes.length() + chunk.length();
      if (length > maxBytes) {
        refuse(ErrorCode.TOO_LARGE, "the request body is larger than " + maxBytes + " bytes");
      } else if (!fitsBesideOthers(length)) {
        refuse(ErrorCode.OVERLOADED, "too many large requests at once, please try again");
      } else if (bytes.length() == 0) {
        bytes = chunk;
      } else {
        // Most bodies are one chunk, and used as they came.
        bytes = growing ? bytes : Buffer.buffer(2 * bytes.length()).appendBuffer(bytes);
        growing = true;
        bytes.appendBuffer(chunk);
      }
    }

    private boolean fitsBesideOthers(int length) {
      if (length <= SMALL) {
        return true;
      }
      held += length - counted;
      counted = length;
      return held <= maxHeld;
    }

    /** What comes of the body is let pass by, and the request is refused at its end. */
    private void refuse(ErrorCode code, String text) {
      refusal = new ChatError(code, text);
      forget();
    }

    private void complete() {
      if (refusal != null) {
        whole.tryFail(refusal);
      } else if (bytes != null) {
        whole.tryComplete(bytes);
      }
    }

    private void fail(ErrorCode code, String text) {
      whole.tryFail(new ChatError(code, text));
    }

    private void forget() {
      bytes = null;
      held -= counted;
      counted = 0;
    }
  }
}
