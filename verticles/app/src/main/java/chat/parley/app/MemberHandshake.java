package chat.parley.app;

import com.hazelcast.nio.MemberSocketInterceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.WeakHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS handshake of two members, before Hazelcast reads a byte: who has no certificate of the
 * cluster's authority gets no further. Called by Hazelcast on threads that may block.
 */
final class MemberHandshake implements MemberSocketInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(MemberHandshake.class);

  private static final String REFUSED = "parley.tls.handshakes.refused";
  private static final Counter TOO_MANY =
      Metrics.counter(REFUSED, "peers", "members", "cause", "too-many");
  private static final Counter FAILED =
      Metrics.counter(REFUSED, "peers", "members", "cause", "failed");

  private static final long DEADLINE_MS = 5_000;

  /** Strangers who connect and say nothing must not take every thread of the member. */
  private static final int AT_ONCE = 16;

  private static final long BETWEEN_WARNINGS_MS = 10_000;
  private static final int RECORD_HEADER = 5;

  /** Of records, RFC 8446 section 5.1. */
  private static final int FIRST_KIND = 20;

  private static final int LAST_KIND = 23;
  private static final int LONGEST_RECORD = 18 * 1024;

  private final ClusterTls tls;
  private final Map<Socket, SSLEngine> engines = Collections.synchronizedMap(new WeakHashMap<>());
  private final Semaphore underWay = new Semaphore(AT_ONCE);
  private final AtomicLong nextWarning = new AtomicLong();

  MemberHandshake(ClusterTls tls) {
    this.tls = tls;
  }

  /** The one engine of a connection, for its handshake and for what follows. */
  SSLEngine engine(Socket socket, boolean client) {
    return engines.computeIfAbsent(socket, any -> tls.engine(client));
  }

  @Override
  public void init(Properties none) {}

  /** Fails for everybody but a member, and for the 17th at once. */
  @Override
  public void onAccept(Socket socket) throws IOException {
    if (!underWay.tryAcquire()) {
      TOO_MANY.increment();
      throw new IOException("too many connections that have not shaken hands");
    }
    try {
      shakeHands(socket, engine(socket, false));
    } catch (IOException e) {
      FAILED.increment();
      warn(socket, e);
      throw e;
    } finally {
      underWay.release();
    }
  }

  @Override
  public void onConnect(Socket socket) throws IOException {
    shakeHands(socket, engine(socket, true));
  }

  private void warn(Socket socket, IOException e) {
    long now = System.currentTimeMillis();
    long next = nextWarning.get();
    if (now >= next && nextWarning.compareAndSet(next, now + BETWEEN_WARNINGS_MS)) {
      LOG.warn(
          "Refused {} at the cluster's port: it is no member ({})",
          socket.getRemoteSocketAddress(),
          e.getMessage() == null ? "it hung up" : e.getMessage());
    }
  }

  private static void shakeHands(Socket socket, SSLEngine engine) throws IOException {
    Records records = new Records(socket);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    ByteBuffer nothing = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    engine.beginHandshake();
    SSLEngineResult.HandshakeStatus status = engine.getHandshakeStatus();
    while (true) {
      switch (status) {
        case NEED_TASK -> {
          engine.getDelegatedTask().run();
          status = engine.getHandshakeStatus();
        }
        case NEED_WRAP -> {
          out.clear();
          status = engine.wrap(ByteBuffer.allocate(0), out).getHandshakeStatus();
          socket.getOutputStream().write(out.array(), 0, out.position());
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN ->
            status = engine.unwrap(records.next(), nothing).getHandshakeStatus();
        default -> {
          socket.setSoTimeout(0);
          return;
        }
      }
    }
  }

  /** Reads record by record, and so nothing of what follows the handshake. */
  private static final class Records {
    private final Socket socket;
    private final DataInputStream in;
    private final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);

    Records(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(new Patient(socket.getInputStream()));
    }

    ByteBuffer next() throws IOException {
      byte[] header = new byte[RECORD_HEADER];
      header[0] = in.readByte();
      if (header[0] < FIRST_KIND || header[0] > LAST_KIND) {
        throw new SSLException("not TLS"); // Said before the rest of a header that never comes.
      }
      in.readFully(header, 1, RECORD_HEADER - 1);
      int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
      if (length > LONGEST_RECORD) {
        throw new SSLException("not TLS");
      }
      byte[] record = Arrays.copyOf(header, RECORD_HEADER + length);
      in.readFully(record, RECORD_HEADER, length);
      return ByteBuffer.wrap(record);
    }

    /** One deadline for all that is read, however slowly it comes. */
    private final class Patient extends InputStream {
      private final InputStream source;

      Patient(InputStream source) {
        this.source = source;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new SocketTimeoutException("no handshake in time");
        }
        socket.setSoTimeout((int) left);
        return source.read(into, at, length);
      }
    }
  }
}
