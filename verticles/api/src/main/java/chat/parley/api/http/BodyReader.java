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

/** Takes the bodies of requests, none of them larger or slower than a bound. */
public final class BodyReader {
  private final Vertx vertx;
  private final int maxBytes;
  private final long deadlineMs;

  /**
   * @param maxBytes of one body; more is read off the connection but not kept
   * @param deadline within which a body must have arrived
   */
  public BodyReader(Vertx vertx, int maxBytes, Duration deadline) {
    this.vertx = vertx;
    this.maxBytes = maxBytes;
    this.deadlineMs = deadline.toMillis();
  }

  /**
   * The whole body. Fails with {@code TOO_LARGE} once an oversized one has passed by, so that the
   * connection stays usable, and with {@code BAD_REQUEST} at the deadline.
   */
  public Future<Buffer> read(HttpServerRequest request) {
    Body body = new Body();
    long timer =
        vertx.setTimer(
            deadlineMs,
            late -> body.fail(ErrorCode.BAD_REQUEST, "the request took too long to arrive"));
    request.exceptionHandler(gone -> body.fail(ErrorCode.BAD_REQUEST, "the request was cut off"));
    request.handler(body::append);
    request.endHandler(end -> body.complete());
    return body.whole.future().onComplete(done -> vertx.cancelTimer(timer));
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
    private boolean tooLarge;

    private void append(Buffer chunk) {
      if (tooLarge) {
        return;
      }
      if (bytes.length() + chunk.length() > maxBytes) {
        tooLarge = true;
        bytes = null;
      } else if (bytes.length() == 0) {
        bytes = chunk;
      } else {
        // Most bodies are one chunk, and used as they came.
        bytes = growing ? bytes : Buffer.buffer(2 * bytes.length()).appendBuffer(bytes);
        growing = true;
        bytes.appendBuffer(chunk);
      }
    }

    private void complete() {
      if (tooLarge) {
        fail(ErrorCode.TOO_LARGE, "the request body is larger than " + maxBytes + " bytes");
      } else {
        whole.tryComplete(bytes);
      }
    }

    private void fail(ErrorCode code, String text) {
      whole.tryFail(new ChatError(code, text));
    }
  }
}
