package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.SSLContext;

/** A peer on TCP, with TLS when it has a context. */
final class TcpPeer extends Peer {
  private final ServerSocket server;
  private final String scheme;

  TcpPeer() {
    this(null);
  }

  TcpPeer(SSLContext tls) {
    scheme = tls == null ? "tcp" : "tls";
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      server =
          tls == null
              ? new ServerSocket(0, 50, loopback)
              : tls.getServerSocketFactory().createServerSocket(0, 50, loopback);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::acceptAll);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "tcp-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        TcpConnection connection = new TcpConnection(server.accept());
        accepted(connection);
        daemon(connection::read);
      } catch (IOException e) {
        return;
      }
    }
  }

  @Override
  URI address() {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class TcpConnection extends Connection {
    private final Socket socket;

    TcpConnection(Socket socket) {
      this.socket = socket;
    }

    void read() {
      try {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
          if (in.readByte() != 'v' || in.readByte() != '2') {
            throw new IOException("not the v2 wire");
          }
          came(ClientFrame.parseFrom(in.readNBytes(in.readInt() - 6)));
        }
      } catch (IOException e) {
        cut();
      }
    }

    @Override
    synchronized void send(ServerFrame frame) {
      try {
        byte[] body = frame.toByteArray();
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeBytes("v2");
        out.writeInt(body.length + 6);
        out.write(body);
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    void cut() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
