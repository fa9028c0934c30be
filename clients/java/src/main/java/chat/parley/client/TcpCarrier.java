package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Frames on a TCP socket: {@code 'v' '2'}, the frame's whole length as 32 bits big-endian, and a
 * protobuf. One thread reads and one writes, so that the client's own thread never waits.
 */
final class TcpCarrier implements Carrier {
  private static final int MAGIC = 'v' << 8 | '2';
  private static final int HEADER_BYTES = 6;
  private static final int READ_AHEAD = 8;
  private static final int MAX_WAITING = 20_000;

  private final Socket socket;
  private final Events events;
  private final Semaphore ahead = new Semaphore(READ_AHEAD);
  // Empty: close after what came before.
  private final BlockingQueue<Optional<ClientFrame>> waiting =
      new LinkedBlockingQueue<>(MAX_WAITING);

  private TcpCarrier(Socket socket, Events events) {
    this.socket = socket;
    this.events = events;
  }

  static CompletableFuture<Carrier> open(
      URI address, SSLContext tls, Duration within, Events events) {
    CompletableFuture<Carrier> opened = new CompletableFuture<>();
    daemon(
        "parley-tcp-read",
        () -> {
          TcpCarrier carrier;
          try {
            carrier = new TcpCarrier(connect(address, tls, (int) within.toMillis()), events);
          } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
            return;
          }
          daemon("parley-tcp-write", carrier::write);
          opened.complete(carrier);
          carrier.read();
        });
    return opened;
  }

  private static Socket connect(URI address, SSLContext tls, int withinMs) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(address.getHost(), address.getPort()), withinMs);
      if (tls == null) {
        return plain;
      }
      SSLSocket secure =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(plain, address.getHost(), address.getPort(), true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.setSoTimeout(withinMs);
      secure.startHandshake();
      secure.setSoTimeout(0);
      return secure;
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      while (true) {
        if (in.readUnsignedShort() != MAGIC) {
          throw new IOException("what comes is not the v2 wire");
        }
        int length = in.readInt() - HEADER_BYTES;
        if (length < 0 || length > MAX_FRAME_BYTES) {
          throw new IOException("a frame of " + length + " bytes");
        }
        ServerFrame frame = ServerFrame.parseFrom(in.readNBytes(length));
        ahead.acquire();
        events.frame(frame, ahead::release);
      }
    } catch (java.io.EOFException e) {
      fail("closed by the server");
    } catch (IOException | InterruptedException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private void write() {
    try {
      DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      for (Optional<ClientFrame> next = waiting.take(); next.isPresent(); next = waiting.take()) {
        byte[] body = next.get().toByteArray();
        out.writeShort(MAGIC);
        out.writeInt(HEADER_BYTES + body.length);
        out.write(body);
        if (waiting.isEmpty()) {
          out.flush();
        }
      }
      out.flush();
      socket.close();
    } catch (IOException | InterruptedException e) {
      fail("cannot write: " + e.getMessage());
    }
  }

  private void fail(String reason) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
    waiting.clear();
    waiting.offer(Optional.empty());
    ahead.release(READ_AHEAD);
    events.closed(reason);
  }

  @Override
  public void send(ClientFrame frame) {
    if (!waiting.offer(Optional.of(frame))) {
      fail("the server does not read");
    }
  }

  @Override
  public void close() {
    if (!waiting.offer(Optional.empty())) {
      fail("closed");
      return;
    }
    // A peer that does not read must not keep the socket; the reader may wait for a permit.
    ahead.release(READ_AHEAD);
    CompletableFuture.delayedExecutor(1, java.util.concurrent.TimeUnit.SECONDS)
        .execute(() -> fail("closed"));
  }
}
