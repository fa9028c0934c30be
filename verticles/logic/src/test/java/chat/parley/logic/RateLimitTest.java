package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.bus.ChatError;
import chat.parley.settings.Rate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private long now;
  private final RateLimit limit = new RateLimit(new Rate(2, Duration.ofSeconds(1)), () -> now);

  @Test
  void oneFlooderIsHeldBackAndNobodyElse() {
    limit.take(1);
    limit.take(1);
    assertThatThrownBy(() -> limit.take(1)).isInstanceOf(ChatError.class);
    assertThatCode(() -> limit.take(2)).doesNotThrowAnyException();
  }

  @Test
  void theBucketFillsWithTimeUpToASecondsWorth() {
    limit.take(1);
    limit.take(1);
    now += TimeUnit.MILLISECONDS.toNanos(500);
    limit.take(1);
    assertThatThrownBy(() -> limit.take(1)).isInstanceOf(ChatError.class);
    now += TimeUnit.HOURS.toNanos(1);
    limit.take(1);
    limit.take(1);
    assertThatThrownBy(() -> limit.take(1)).isInstanceOf(ChatError.class);
  }
}
