package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is known of direct conversations stays known, up to a bound. */
class DirectHeadsTest {
  private static final long USER = 50;

  private static String with(long peer) {
    return Conversations.ofPair(USER, peer);
  }

  @Test
  void whatIsNotAmongThemHasNoMessages() {
    DirectHeads heads = new DirectHeads(USER, Map.of(with(9), 3L, with(50), 4L, with(700), 5L));
    assertThat(heads.of(with(9))).isEqualTo(3);
    assertThat(heads.of(with(50))).as("the notebook").isEqualTo(4);
    assertThat(heads.of(with(700))).isEqualTo(5);
    assertThat(heads.of(with(8))).isZero();
  }

  @Test
  void whatIsReachedIsKnownFromThenOn() {
    DirectHeads heads = new DirectHeads(USER, Map.of(with(9), 3L));
    heads.reached(with(9), 7);
    for (long peer : new long[] {1, 60, 5, 70}) {
      heads.reached(with(peer), peer * 2);
    }
    assertThat(heads.of(with(9))).isEqualTo(7);
    for (long peer : new long[] {1, 60, 5, 70}) {
      assertThat(heads.of(with(peer))).isEqualTo(peer * 2);
    }
    assertThat(heads.of(with(6))).isZero();
  }

  @Test
  void beyondTheBoundNothingIsKnownOfTheRest() {
    Map<String, Long> many = new HashMap<>();
    for (long peer = 1; peer <= DirectHeads.MOST + 1; peer++) {
      many.put(with(peer), peer);
    }
    DirectHeads heads = new DirectHeads(USER, many);
    assertThat(heads.of(with(1))).isEqualTo(1);
    assertThat(heads.of(with(DirectHeads.MOST + 1))).isEqualTo(DirectHeads.UNKNOWN);
    assertThat(heads.of(with(1_000_000))).isEqualTo(DirectHeads.UNKNOWN);

    many.remove(with(1));
    DirectHeads full = new DirectHeads(USER, many);
    assertThat(full.of(with(1))).isZero();
    full.reached(with(1), 1);
    assertThat(full.of(with(1))).isEqualTo(DirectHeads.UNKNOWN);
    full.reached(with(2), 9);
    assertThat(full.of(with(2))).isEqualTo(9);
  }
}
