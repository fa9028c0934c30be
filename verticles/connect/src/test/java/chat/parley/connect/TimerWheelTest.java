package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private final TimerWheel wheel = new TimerWheel();
  private final List<String> due = new ArrayList<>();

  @Test
  void entriesAreDueAtTheirTickAndNotBefore() {
    wheel.schedule(entry("second", 0), 200);
    wheel.schedule(entry("first", 0), 50);
    wheel.tick();
    assertThat(due).containsExactly("first");
    wheel.tick();
    wheel.tick();
    assertThat(due).containsExactly("first", "second");
  }

  @Test
  void anEntryComesAgainAfterTheTimeItAsksFor() {
    wheel.schedule(entry("again", 300), 100);
    ticks(7);
    assertThat(due).containsExactly("again", "again", "again");
  }

  @Test
  void cancelledAndRescheduledEntriesComeOnlyWhenTheyAreSet() {
    TimerWheel.Timed moved = entry("moved", 0);
    TimerWheel.Timed cancelled = entry("cancelled", 0);
    wheel.schedule(cancelled, 100);
    wheel.schedule(moved, 100);
    wheel.schedule(entry("stays", 0), 100);
    wheel.cancel(cancelled);
    wheel.cancel(cancelled);
    wheel.schedule(moved, 300);
    wheel.tick();
    assertThat(due).containsExactly("stays");
    ticks(2);
    assertThat(due).containsExactly("stays", "moved");
  }

  @Test
  void aDelayBeyondOneTurnIsCutToOne() {
    wheel.schedule(entry("far", 0), Long.MAX_VALUE / 2);
    ticks(1023);
    assertThat(due).containsExactly("far");
  }

  private void ticks(int n) {
    for (int i = 0; i < n; i++) {
      wheel.tick();
    }
  }

  private TimerWheel.Timed entry(String name, long again) {
    return new TimerWheel.Timed() {
      @Override
      long due() {
        due.add(name);
        return again;
      }
    };
  }
}
