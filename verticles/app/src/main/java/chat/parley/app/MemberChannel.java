package chat.parley.app;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.networking.OutboundHandler;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * What passes between two members once they have shaken hands: TLS records outside, Hazelcast's
 * bytes inside. Hazelcast calls each direction by one thread at a time; the engine bears one of
 * each.
 *
 * <p>Between two calls a buffer on the way in is open for writing, one on the way out for reading.
 */
final class MemberChannel {
  private MemberChannel() {}

  /** Decrypts. */
  static final class Inbound extends InboundHandler<ByteBuffer, ByteBuffer> {
    private final SSLEngine engine;
    private final ByteBuffer plain;

    Inbound(SSLEngine engine) {
      this.engine = engine;
      this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    }

    @Override
    public void handlerAdded() {
      initSrcBuffer(4 * engine.getSession().getPacketBufferSize());
    }

    @Override
    public HandlerStatus onRead() throws IOException {
      src.flip();
      try {
        while (true) {
          give();
          if (plain.hasRemaining()) {
            return HandlerStatus.DIRTY; // Hazelcast's own reader takes some, and asks again.
          }
          plain.clear();
          SSLEngineResult result = engine.unwrap(src, plain);
          plain.flip();
          after(engine, result);
          if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            return HandlerStatus.CLEAN;
          }
          if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record that is longer than TLS allows");
          }
        }
      } finally {
        src.compact();
      }
    }

    /** As much as the next reader has room for, which at first are three bytes. */
    private void give() {
      int end = plain.limit();
      plain.limit(plain.position() + Math.min(plain.remaining(), dst.remaining()));
      dst.put(plain);
      plain.limit(end);
    }
  }

  /** Encrypts. */
  static final class Outbound extends OutboundHandler<ByteBuffer, ByteBuffer> {
    private final SSLEngine engine;

    Outbound(SSLEngine engine) {
      this.engine = engine;
    }

    @Override
    public void handlerAdded() {
      initDstBuffer(4 * engine.getSession().getPacketBufferSize());
    }

    @Override
    public HandlerStatus onWrite() throws IOException {
      dst.compact();
      try {
        while (src.hasRemaining()) {
          SSLEngineResult result = engine.wrap(src, dst);
          after(engine, result);
          if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
            return HandlerStatus.DIRTY; // Asked again when the socket has taken some.
          }
        }
        return HandlerStatus.CLEAN;
      } finally {
        dst.flip();
      }
    }
  }

  private static void after(SSLEngine engine, SSLEngineResult result) throws EOFException {
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new EOFException("the other member closed");
    }
    if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
      Runnable task = engine.getDelegatedTask(); // Of new keys; no longer than a record takes.
      if (task != null) { // Else the other direction has it.
        task.run();
      }
    }
  }
}
