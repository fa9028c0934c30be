package chat.parley.e2e.support;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A v1 client's WebSocket, the JDK's. Answers pings by itself, as a browser does. */
public final class V1WebSocket extends V1Client {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final int ABNORMAL = 1006;

  private final AtomicInteger pings = new AtomicInteger();
  private final WebSocket socket;

  public V1WebSocket(URI address) {
    this(address, CLIENT);
  }

  /** By wss. */
  public V1WebSocket(URI address, SSLContext trusting) {
    this(
        address,
        HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).sslContext(trusting).build());
  }

  private V1WebSocket(URI address, HttpClient client) {
    socket =
        client
            .newWebSocketBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .buildAsync(address, new Receiver())
            .join();
  }

  @Override
  public void join(String token, long room) {
    send(Json.of("authToken", token, "roomId", room).toString());
  }

  public void send(String text) {
    socket.sendText(text, true).orTimeout(10, TimeUnit.SECONDS).join();
  }

  public void sendBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** Pings that came from the server. */
  public int pings() {
    return pings.get();
  }

  /** Says goodbye with a close frame, as a tab does that is closed. */
  public void leave() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void abort() {
    socket.abort();
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        arrived(part.toString());
        part.setLength(0);
      }
      ws.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket ws, ByteBuffer message) {
      pings.incrementAndGet();
      ws.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
      ended(code, reason);
      return null;
    }

    @Override
    public void onError(WebSocket ws, Throwable error) {
      ended(ABNORMAL, error.toString());
    }
  }
}
