package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeldBackTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Standstill standstill = new Standstill(nanos::get);
  private final EmbeddedChannel connection = new EmbeddedChannel(new HeldBack(standstill));

  @Test
  void whatIsReadAtOtherTimesPasses() {
    passes(Standstill.LONG.toMillis() - 1);
    connection.writeInbound(bytes(1));
    assertThat(read()).isEqualTo(1);
  }

  @Test
  void whatAClientSentWhoHungUpBehindItIsNotRead() {
    passes(30_000);
    ByteBuf late = bytes(1);
    connection.writeInbound(late);
    assertThat(read()).isZero();

    connection.close();

    assertThat(read()).isZero();
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void aClientThatIsStillThereIsReadInItsOrder() {
    passes(30_000);
    connection.writeInbound(bytes(1));
    standstill.look();
    passes(Standstill.AFTER.toMillis() + 10);
    connection.writeInbound(bytes(2));
    assertThat(read()).isZero();

    connection.advanceTimeBy(HeldBack.MOMENT_MS, TimeUnit.MILLISECONDS);
    connection.runScheduledPendingTasks();

    assertThat(read()).isEqualTo(1);
    assertThat(read()).isEqualTo(2);
  }

  /** The thread that looks may be the first one to go on. */
  @Test
  void whatIsReadShortlyAfterItsEndIsHeldBackToo() {
    passes(30_000);
    standstill.look();
    passes(Standstill.AFTER.toMillis() - 10);
    connection.writeInbound(bytes(1));
    assertThat(read()).isZero();
  }

  @Test
  void whoSendsALotIsThereAndFillsNoMemory() {
    passes(30_000);
    connection.writeInbound(bytes(HeldBack.MOST_BYTES));
    assertThat(read()).isZero();
    connection.writeInbound(bytes(1));
    assertThat(read()).isEqualTo(HeldBack.MOST_BYTES);
    assertThat(read()).isEqualTo(1);
  }

  private void passes(long ms) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private static ByteBuf bytes(int length) {
    return Unpooled.wrappedBuffer(new byte[length]);
  }

  /** Bytes of the next message that came through; 0: there is none. */
  private int read() {
    ByteBuf next = connection.readInbound();
    if (next == null) {
      return 0;
    }
    int length = next.readableBytes();
    next.release();
    return length;
  }
}
