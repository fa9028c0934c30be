package chat.parley.stores.redis.embedded;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A blocking connection for the few commands of starting and stopping, with a deadline on each. */
final class AdminConnection implements Closeable {
  private final Socket socket = new Socket();
  private final InputStream in;

  /** Connects and gives the password. */
  AdminConnection(RedisEndpoint endpoint, Duration deadline) throws IOException {
    try {
      int millis = (int) deadline.toMillis();
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), millis);
      in = new BufferedInputStream(socket.getInputStream());
      call("AUTH", endpoint.password());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Calls a command.
   *
   * @return the reply's strings; one for a single value
   * @throws IOException for an error reply too
   */
  List<String> call(String... args) throws IOException {
    StringBuilder command = new StringBuilder("*").append(args.length).append("\r\n");
    for (String arg : args) {
      int bytes = arg.getBytes(StandardCharsets.UTF_8).length;
      command.append('$').append(bytes).append("\r\n").append(arg).append("\r\n");
    }
    socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
    List<String> reply = new ArrayList<>();
    read(reply);
    return reply;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void read(List<String> reply) throws IOException {
    String line = readLine();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':' -> reply.add(rest);
      case '$' -> reply.add(readBulk(Integer.parseInt(rest)));
      case '*' -> {
        for (int n = Integer.parseInt(rest); n > 0; n--) {
          read(reply);
        }
      }
      default -> throw new IOException("Redis answered: " + rest);
    }
  }

  private String readBulk(int length) throws IOException {
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("Redis closed the connection");
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("Redis closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    if (line.isEmpty()) {
      throw new IOException("Redis answered with an empty line");
    }
    return line.toString();
  }
}
