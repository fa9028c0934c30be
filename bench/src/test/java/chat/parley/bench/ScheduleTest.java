package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void messagesAreSpreadEvenlyOverTheWholeTime() {
    Schedule schedule = Schedule.of(50, 2);
    assertThat(schedule.messages()).isEqualTo(100);
    assertThat(schedule.nanos(0)).isZero();
    assertThat(schedule.nanos(1)).isEqualTo(SECOND / 50);
    assertThat(schedule.nanos(99)).isEqualTo(99 * SECOND / 50);
  }

  @Test
  void whatIsDueAgreesWithTheTimesWhateverTheRate() {
    for (double rate : new double[] {0.3, 7, 50, 333, 30_000}) {
      Schedule schedule = new Schedule(rate, 1_000);
      for (int number = 0; number < 1_000; number++) {
        assertThat(schedule.due(schedule.nanos(number))).isEqualTo(number + 1);
        assertThat(schedule.due(schedule.nanos(number) - 1)).isEqualTo(number);
      }
    }
  }

  @Test
  void nothingIsDueBeyondTheEnd() {
    assertThat(Schedule.of(10, 1).due(1_000 * SECOND)).isEqualTo(10);
  }

  @Test
  void aSendThatTakesLongDelaysNoLaterOneAndChangesNoTime() throws Exception {
    EventExecutor loop = new DefaultEventExecutor();
    AtomicLong elapsed = new AtomicLong();
    List<Integer> sent = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(50);
    Schedule schedule = new Schedule(10, 50);
    // The first one "takes" ten seconds: everything else is due when it is over.
    new Pacer(
            loop,
            schedule,
            elapsed::get,
            number -> {
              elapsed.set(10 * SECOND);
              sent.add(number);
              all.countDown();
            })
        .start();
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(sent).isEqualTo(IntStream.range(0, 50).boxed().toList());
    assertThat(schedule.nanos(49)).isEqualTo(49 * SECOND / 10);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Test
  void latencyCountsFromTheScheduledTimeAndOnlyOfWhatIsMeasured() {
    RoundClock clock = new RoundClock(1_000, 10_000);
    Arrivals arrivals = new Arrivals(clock);
    Outcomes outcomes = new Outcomes(clock);
    long began = clock.began();
    arrivals.arrived(500, began + 5_000_000); // of the warm-up
    arrivals.arrived(2_000, began + 5_000_000);
    assertThat(arrivals.count()).isEqualTo(2);
    assertThat(arrivals.latency().getTotalCount()).isEqualTo(1);
    assertThat(arrivals.latency().getMaxValue()).isBetween(3_000L, 3_001L);

    Post post = new Post(new Ledger(0), 0, 0, 2_000, "");
    outcomes.leaves(post, began + 4_000_000);
    outcomes.accepted(post, began + 6_000_000);
    assertThat(outcomes.lateness().getMaxValue()).isBetween(2_000L, 2_001L);
    assertThat(outcomes.answers().getMaxValue()).isBetween(4_000L, 4_002L);
  }
}
