package chat.parley.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnowflakeTest {
  private final AtomicLong millis = new AtomicLong(Snowflake.EPOCH_MS + 1_000);
  private final AtomicLong nanos = new AtomicLong();
  private final Snowflake ids = new Snowflake(() -> Instant.ofEpochMilli(millis.get()), nanos::get);

  @Test
  void anIdHoldsTimeNumberAndSequence() {
    ids.hold(1023, 10);
    assertThat(ids.next()).isEqualTo(1_000L << 22 | 1023L << 12);
    assertThat(ids.next()).isEqualTo(1_000L << 22 | 1023L << 12 | 1);
  }

  @Test
  void idsOfManyThreadsAscendAndNeverRepeat() {
    ids.hold(5, 10);
    Set<Long> seen = Collections.synchronizedSet(new HashSet<>());
    IntStream.range(0, 100_000).parallel().forEach(i -> seen.add(ids.next()));
    assertThat(seen).hasSize(100_000);
  }

  @Test
  void aClockThatStepsBackRepeatsNothing() {
    ids.hold(5, 10);
    long last = ids.next();
    millis.addAndGet(-500);
    assertThat(ids.next()).isGreaterThan(last);
    millis.addAndGet(-5_000);
    assertUnavailable();
    millis.addAndGet(6_000);
    assertThat(ids.next()).isGreaterThan(last);
  }

  @Test
  void noIdWithoutALeaseThatHolds() {
    assertUnavailable();
    ids.hold(5, 10);
    ids.next();
    nanos.set(10);
    assertUnavailable();
    ids.hold(6, 20);
    ids.next();
    ids.lose();
    assertUnavailable();
  }

  private void assertUnavailable() {
    assertThatThrownBy(ids::next)
        .isInstanceOfSatisfying(
            ChatError.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
  }
}
