package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.slf4j.LoggerFactory;

/**
 * Hears what Netty's leak detector says; the build runs the tests with every buffer watched. A leak
 * is said at the next allocation after the collector has found the buffer.
 */
final class LeakWatch implements AutoCloseable {
  private static final int ROUNDS = 5;

  private final Logger log = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  LeakWatch() {
    said.start();
    log.addAppender(said);
  }

  @Override
  public void close() {
    for (int i = 0; i < ROUNDS; i++) {
      System.gc();
      ByteBufAllocator.DEFAULT.directBuffer().release();
      ByteBufAllocator.DEFAULT.buffer().release();
    }
    log.detachAppender(said);
    assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }
}
