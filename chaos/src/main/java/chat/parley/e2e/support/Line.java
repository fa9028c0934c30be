package chat.parley.e2e.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between a client and one port of a server: the test cuts it, takes it away for a while,
 * or lets nothing through in one direction. Bytes that were taken are delivered or their connection
 * is reset, as with TCP everywhere. Any thread may use it.
 */
public final class Line implements AutoCloseable {
  private static final int BUFFER = 16_384;

  private final InetSocketAddress target;
  private final ServerSocket entrance;
  private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
  private final Object gate = new Object();
  private volatile boolean down;
  private boolean heldToServer;
  private boolean heldToClient;

  /**
   * @param target port of the server; nobody needs to listen there yet
   */
  public Line(int target) {
    this(loopback(0), loopback(target));
  }

  /**
   * Between any two addresses of this machine, or of one beside it.
   *
   * @param entrance where it listens
   */
  public Line(InetSocketAddress entrance, InetSocketAddress target) {
    this.target = target;
    try {
      this.entrance = new ServerSocket();
      this.entrance.bind(entrance);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Where the client connects. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** Resets every connection in both directions; new ones are let through. */
  public void cut() {
    ends.forEach(Line::reset);
  }

  /** Resets every connection, and each new one, until the line is {@link #up()}. */
  public void down() {
    down = true;
    cut();
  }

  public void up() {
    down = false;
  }

  /** Lets nothing through to the server until {@link #release()}; the other way goes on. */
  public void holdToServer() {
    synchronized (gate) {
      heldToServer = true;
    }
  }

  /** Lets nothing through to the client until {@link #release()}; the other way goes on. */
  public void holdToClient() {
    synchronized (gate) {
      heldToClient = true;
    }
  }

  public void release() {
    synchronized (gate) {
      heldToServer = false;
      heldToClient = false;
      gate.notifyAll();
    }
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        ends.add(client);
        start(() -> connect(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    if (down) {
      end(client);
      return;
    }
    Socket server = new Socket();
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target);
    } catch (IOException nobodyThere) {
      end(client);
      end(server);
      return;
    }
    ends.add(server);
    // A cut between the look above and here must not leave this connection alone.
    if (down) {
      end(client);
      end(server);
    }
    AtomicInteger open = new AtomicInteger(2);
    start(() -> pump(client, server, true, open));
    start(() -> pump(server, client, false, open));
  }

  private void pump(Socket from, Socket to, boolean toServer, AtomicInteger open) {
    byte[] buffer = new byte[BUFFER];
    boolean ended = false;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int n = in.read(buffer);
      while (n >= 0) {
        awaitRelease(toServer);
        out.write(buffer, 0, n);
        n = in.read(buffer);
      }
      to.shutdownOutput();
    } catch (IOException reset) {
      ended = true;
    }
    // An end in order of one direction leaves the other one open until it ends too.
    if (open.decrementAndGet() == 0 || ended) {
      end(from);
      end(to);
    }
  }

  private void awaitRelease(boolean toServer) {
    synchronized (gate) {
      while (toServer ? heldToServer : heldToClient) {
        try {
          gate.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private void end(Socket socket) {
    ends.remove(socket);
    reset(socket);
  }

  private static void reset(Socket socket) {
    try {
      // With the linger of zero the other side sees a reset at once.
      socket.setSoLinger(true, 0);
    } catch (IOException alreadyClosed) {
      // Closed below for certain.
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    release();
    down = true;
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
