package chat.parley.e2e.support;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The v2 wire on a WebSocket, the JDK's: binary protobuf or the canonical JSON. */
public final class V2WebSocket extends V2Client {
  public static final String PROTOBUF = "parley.v2.protobuf";
  public static final String JSON = "parley.v2.json";

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private static final int DEADLINE_S = 10;

  private final List<String> texts = new ArrayList<>();
  private final WebSocket socket;

  /**
   * @param subprotocol one of the two above
   */
  public V2WebSocket(URI address, String subprotocol) {
    socket =
        CLIENT
            .newWebSocketBuilder()
            .subprotocols(subprotocol)
            .connectTimeout(Duration.ofSeconds(DEADLINE_S))
            .buildAsync(address, new Receiver())
            .orTimeout(DEADLINE_S, TimeUnit.SECONDS)
            .join();
  }

  /** What the server chose. */
  public String subprotocol() {
    return socket.getSubprotocol();
  }

  private boolean isJson() {
    return socket.getSubprotocol().equals(JSON);
  }

  @Override
  public void send(ClientFrame frame) {
    if (isJson()) {
      sendText(Frames.json(frame));
    } else {
      sendBytes(frame.toByteArray());
    }
  }

  @Override
  public void sendBytes(byte... bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
  }

  /** Sends any text at all. */
  public void sendText(String text) {
    socket.sendText(text, true).orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
  }

  /** Text messages as they came. */
  public List<String> rawTexts() {
    synchronized (texts) {
      return List.copyOf(texts);
    }
  }

  @Override
  public void abort() {
    socket.abort();
  }

  /** Frames as the canonical JSON. */
  private static final class Frames {
    private static final JsonFormat.Printer PRINTER =
        JsonFormat.printer().omittingInsignificantWhitespace();

    // Not lenient: a field that frames.proto does not have is a fault of the server.
    private static final JsonFormat.Parser PARSER = JsonFormat.parser();

    static String json(ClientFrame frame) {
      try {
        return PRINTER.print(frame);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    static ServerFrame parse(String json) throws InvalidProtocolBufferException {
      ServerFrame.Builder frame = ServerFrame.newBuilder();
      PARSER.merge(json, frame);
      return frame.build();
    }
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String json = text.toString();
        text.setLength(0);
        synchronized (texts) {
          texts.add(json);
        }
        try {
          arrived(Frames.parse(json));
        } catch (InvalidProtocolBufferException e) {
          broken(new AssertionError("not a server frame: " + json, e));
        }
      }
      ws.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket ws, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      bytes.writeBytes(part);
      if (last) {
        byte[] whole = bytes.toByteArray();
        bytes.reset();
        try {
          arrived(ServerFrame.parseFrom(whole));
        } catch (InvalidProtocolBufferException e) {
          broken(e);
        }
      }
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
      broken(error);
    }
  }
}
