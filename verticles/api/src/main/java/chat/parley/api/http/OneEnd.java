package chat.parley.api.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * Sees to it that a request ends at one place, whoever looks. One that two servers would cut at two
 * places carries a second one past the first of them: such a request is refused with 400, and
 * nothing behind it is read (RFC 9112, section 6.3).
 */
public final class OneEnd {
  /** Name of Vert.x's decoder in the pipeline of an HTTP/1 connection. */
  private static final String DECODER = "httpDecoder";

  private final HttpServerOptions options;

  /**
   * @param options of the server
   */
  public OneEnd(HttpServerOptions options) {
    this.options = options;
  }

  /** A connection that nothing was read from yet. */
  public void opened(HttpConnection connection) {
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    pipeline.replace(DECODER, DECODER, new Decoder(options));
  }

  /** Answers a request that the decoder refused; the connection ends with the answer. */
  public static void refuse(HttpServerRequest request) {
    if (request.decoderResult().cause() instanceof TwoEndsException two) {
      request.response().setStatusCode(400).end(two.getMessage() + "\n");
      request.connection().close();
    } else {
      HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
    }
  }

  /** Vert.x's, which believes one of two lengths, and none of an encoding that it does not know. */
  private static final class Decoder extends VertxHttpRequestDecoder {
    Decoder(HttpServerOptions options) {
      super(options);
    }

    /** Asked once for each request, when its headers are there. */
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
      List<String> encodings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
      if (!encodings.isEmpty()) {
        requireChunkedAndNothingElse(message, encodings);
      }
      return super.isContentAlwaysEmpty(message);
    }

    private static void requireChunkedAndNothingElse(HttpMessage message, List<String> encodings) {
      if (encodings.size() > 1
          || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0).trim())
          || !message.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
        throw new TwoEndsException("Transfer-Encoding must be chunked or not there");
      }
      if (message.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
        throw new TwoEndsException("Content-Length and Transfer-Encoding exclude each other");
      }
    }
  }

  private static final class TwoEndsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TwoEndsException(String message) {
      super(message, null, false, false);
    }
  }
}
