package chat.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateTest {
  private static final long SECOND = 1_000_000_000L;

  record Limits(Rate posts) {}

  @Test
  void aBucketGivesAllAtOnceAndThenOneByOne() {
    Rate rate = new Rate(4, Duration.ofSeconds(2));
    long now = Long.MAX_VALUE - SECOND; // The clock may begin anywhere, and pass its end.
    long fullAt = now - 5 * SECOND;
    for (int i = 0; i < 4; i++) {
      fullAt = rate.take(fullAt, now);
      assertThat(rate.missing(fullAt, now)).isZero();
    }
    assertThat(rate.missing(rate.take(fullAt, now), now)).isEqualTo(SECOND / 2);
    now += 1_200_000_000L;
    fullAt = rate.take(rate.take(fullAt, now), now);
    assertThat(rate.missing(fullAt, now)).isZero();
    assertThat(rate.missing(rate.take(fullAt, now), now)).isPositive();
  }

  @Test
  void noneIsNoLimit() {
    long now = System.nanoTime();
    assertThat(Rate.NONE.missing(Rate.NONE.take(now, now), now)).isZero();
  }

  @Test
  void itIsReadAsItIsWritten() {
    assertThat(read("120/1m"))
        .isEqualTo(new Rate(120, Duration.ofMinutes(1)))
        .hasToString("120/60s");
    assertThat(read("5 / 250ms")).hasToString("5/250ms");
    assertThat(read("none")).isEqualTo(Rate.NONE).hasToString("none");
  }

  @Test
  void whatIsNoRateIsNamedAndShownHowToWrite() {
    for (String bad : new String[] {"often", "0/1s", "1/0s", "10", "1/1d"}) {
      assertThatThrownBy(() -> read(bad))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("web.posts")
          .hasMessageContaining("a rate is");
    }
  }

  private static Rate read(String text) {
    JsonObject config = new JsonObject().put("web", new JsonObject().put("posts", text));
    return SettingsReader.section(config, "web", Limits.class).posts();
  }
}
