package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Frames on a WebSocket of the JDK, one in each message. */
final class WebSocketCarrier implements Carrier, WebSocket.Listener {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private final Encoding encoding;
  private final Events events;
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
  private final StringBuilder text = new StringBuilder();
  private WebSocket socket;
  // The JDK takes the next message when the one before has been written.
  private CompletableFuture<?> written = CompletableFuture.completedFuture(null);

  private WebSocketCarrier(Encoding encoding, Events events) {
    this.encoding = encoding;
    this.events = events;
  }

  static CompletableFuture<Carrier> open(
      URI address, HttpClient http, Encoding encoding, Duration within, Events events) {
    WebSocketCarrier carrier = new WebSocketCarrier(encoding, events);
    return http.newWebSocketBuilder()
        .connectTimeout(within)
        .subprotocols(encoding.subprotocol())
        .buildAsync(address, carrier)
        .handle(
            (socket, failure) -> {
              if (failure != null) {
                throw new CompletionException(readable(address, failure));
              }
              if (!encoding.subprotocol().equals(socket.getSubprotocol())) {
                socket.abort();
                throw new CompletionException(
                    new IllegalStateException(
                        address + " does not speak " + encoding.subprotocol()));
              }
              return carrier;
            });
  }

  private static Throwable readable(URI address, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof WebSocketHandshakeException refused) {
      int status = refused.getResponse().statusCode();
      return new IllegalStateException(address + " answers " + status + " and opens no WebSocket");
    }
    return cause;
  }

  @Override
  public void onOpen(WebSocket socket) {
    synchronized (this) {
      this.socket = socket;
    }
    socket.request(1);
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    binary.writeBytes(bytes);
    if (!goesOn(socket, binary.size(), last)) {
      return null;
    }
    try {
      ServerFrame frame = ServerFrame.parseFrom(binary.toByteArray());
      binary.reset();
      events.frame(frame, () -> socket.request(1));
    } catch (InvalidProtocolBufferException e) {
      fail(socket, "a frame could not be read: " + e.getMessage());
    }
    return null;
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    text.append(data);
    if (!goesOn(socket, text.length(), last)) {
      return null;
    }
    try {
      ServerFrame.Builder frame = ServerFrame.newBuilder();
      PARSER.merge(text.toString(), frame);
      text.setLength(0);
      events.frame(frame.build(), () -> socket.request(1));
    } catch (InvalidProtocolBufferException e) {
      fail(socket, "a frame could not be read: " + e.getMessage());
    }
    return null;
  }

  private boolean goesOn(WebSocket socket, int size, boolean last) {
    if (size > MAX_FRAME_BYTES) {
      fail(socket, "a frame of more than " + MAX_FRAME_BYTES + " bytes");
      return false;
    }
    if (!last) {
      socket.request(1);
    }
    return last;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    events.closed("closed by the server: " + code + (reason.isEmpty() ? "" : " " + reason));
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable failure) {
    events.closed(String.valueOf(failure.getMessage()));
  }

  private void fail(WebSocket socket, String reason) {
    socket.abort();
    events.closed(reason);
  }

  @Override
  public void send(ClientFrame frame) {
    if (encoding == Encoding.PROTOBUF) {
      ByteBuffer bytes = ByteBuffer.wrap(frame.toByteArray());
      then(() -> socket.sendBinary(bytes, true));
      return;
    }
    try {
      String json = PRINTER.print(frame);
      then(() -> socket.sendText(json, true));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void then(java.util.function.Supplier<CompletableFuture<WebSocket>> next) {
    written = written.thenCompose(before -> next.get());
    written.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            events.closed("cannot write: " + failure.getMessage());
          }
        });
  }

  @Override
  public synchronized void close() {
    // A peer that does not answer the close must not keep the socket.
    written
        .thenCompose(before -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""))
        .orTimeout(1, java.util.concurrent.TimeUnit.SECONDS)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                socket.abort();
              } else {
                CompletableFuture.delayedExecutor(1, java.util.concurrent.TimeUnit.SECONDS)
                    .execute(socket::abort);
              }
            });
  }
}
