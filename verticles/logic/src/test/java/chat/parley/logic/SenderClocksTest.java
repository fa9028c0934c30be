package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Asked;
import chat.parley.logic.SenderClocks.Age;
import chat.parley.proto.Logout;
import org.junit.jupiter.api.Test;

/** Two processes: the sender's clock is ahead by an hour, a message takes 2 ms. */
class SenderClocksTest {
  private static final long AHEAD_MS = 3_600_000;
  private static final int WAITS_MS = 5_000;
  private static final long WAY_MS = 2;
  private static final long START = 1_000_000;

  private final SenderClocks clocks = new SenderClocks();

  @Test
  void whoWasNeverHeardIsAsked() {
    assertThat(cameAt(START, WAY_MS)).isEqualTo(Age.UNKNOWN);
  }

  @Test
  void aRequestIsInTimeUntilItsSenderGivesUp() {
    known(START);
    assertThat(cameAt(START + 100, WAY_MS)).isEqualTo(Age.IN_TIME);
    assertThat(cameAt(START + 9_000, WAITS_MS - 20)).isEqualTo(Age.IN_TIME);
    assertThat(cameAt(START + 9_000, WAITS_MS + 20)).isEqualTo(Age.LATE);
  }

  /** What waited in the sockets while this process stood still is the first that it reads then. */
  @Test
  void whatWaitedThroughAPauseIsLate() {
    known(START);
    for (long age = 30_000; age > WAITS_MS + 50; age -= 100) {
      assertThat(cameAt(START + 31_000, age)).isEqualTo(Age.LATE);
    }
    assertThat(cameAt(START + 31_000, WAY_MS)).isEqualTo(Age.IN_TIME);
  }

  /** Two crystals differ by some millionths; after two hours that is up to 7 s. */
  @Test
  void afterALongSilenceTheSenderIsAskedInsteadOfBeingTakenAtOldBounds() {
    known(START);
    long later = START + 7_200_000;
    assertThat(cameAt(later, WAY_MS)).isEqualTo(Age.UNKNOWN);
    known(later);
    assertThat(cameAt(later + 10, WAY_MS)).isEqualTo(Age.IN_TIME);
  }

  @Test
  void ofASenderThatIsHeardAllTheTimeLateIsLateTheWholeDay() {
    known(START);
    for (long now = START; now < START + 86_400_000; now += 10_000) {
      Age age = cameAt(now, WAY_MS);
      assertThat(age).isNotEqualTo(Age.LATE);
      if (age == Age.UNKNOWN) {
        known(now);
      }
      assertThat(cameAt(now, WAITS_MS + 100)).isNotEqualTo(Age.IN_TIME);
    }
  }

  /** A virtual machine that was stopped goes on with the clock that it had. */
  @Test
  void aRequestFromTheFutureShowsThatTheOwnClockStoodStill() {
    known(START);
    long sentLater = START + 30_000 + AHEAD_MS;
    assertThat(clocks.age(asked(sentLater), START + 50)).isEqualTo(Age.UNKNOWN);
    assertThat(cameAt(START + 60, WAY_MS)).as("nothing is known any more").isEqualTo(Age.UNKNOWN);
  }

  @Test
  void anAnswerThatTookLongerThanTheWaitIsLateItself() {
    Asked answer = asked(START + 10 + AHEAD_MS);
    assertThat(clocks.heard(answer, START, START + WAITS_MS + 20)).isFalse();
  }

  @Test
  void theDeadlineIsNeverAfterTheMomentInWhichTheSenderGivesUp() {
    known(START);
    Asked asked = Asked.now(Logout.getDefaultInstance(), 0);
    assertThat(clocks.deadline(asked).<String>before(() -> null).failed()).isTrue();
  }

  private void known(long now) {
    assertThat(clocks.heard(asked(now - WAY_MS + AHEAD_MS), now - 2 * WAY_MS, now)).isTrue();
  }

  private Age cameAt(long now, long age) {
    return clocks.age(asked(now - age + AHEAD_MS), now);
  }

  private static Asked asked(long sentMs) {
    return new Asked(Logout.getDefaultInstance(), 1, sentMs, WAITS_MS);
  }
}
