package chat.parley.connect;

import java.util.ArrayList;
import java.util.List;

/**
 * Deadlines of all connections of a bucket in one periodic timer: a timer per connection would cost
 * more memory than the connection. After Varghese and Lauck, "Hashed and Hierarchical Timing
 * Wheels" (1987), scheme 6, simplified: a delay beyond one turn is cut to one turn, and who is due
 * too early says for how long it waits again.
 *
 * <p>Belongs to one event loop.
 */
final class TimerWheel {
  static final long TICK_MS = 100;
  private static final int SLOTS = 1024;

  private final List<List<Timed>> slots = new ArrayList<>(SLOTS);
  private int cursor;

  TimerWheel() {
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new ArrayList<>(0));
    }
  }

  /** Sets when an entry is due next, in place of what was set before. */
  void schedule(Timed entry, long delayMs) {
    cancel(entry);
    long ticks = Math.max(1, (delayMs + TICK_MS - 1) / TICK_MS);
    entry.slot = (cursor + (int) Math.min(ticks, SLOTS - 1)) % SLOTS;
    List<Timed> slot = slots.get(entry.slot);
    entry.index = slot.size();
    slot.add(entry);
  }

  void cancel(Timed entry) {
    if (entry.slot < 0) {
      return;
    }
    List<Timed> slot = slots.get(entry.slot);
    Timed last = slot.remove(slot.size() - 1);
    if (last != entry) {
      slot.set(entry.index, last);
      last.index = entry.index;
    }
    entry.slot = -1;
  }

  /** Called every {@link #TICK_MS}. */
  void tick() {
    cursor = (cursor + 1) % SLOTS;
    List<Timed> slot = slots.get(cursor);
    while (!slot.isEmpty()) {
      Timed entry = slot.get(slot.size() - 1);
      cancel(entry);
      long again = entry.due();
      if (again > 0) {
        schedule(entry, again);
      }
    }
  }

  /** Something with a deadline. */
  abstract static class Timed {
    private int slot = -1;
    private int index;

    /**
     * The deadline has come, or one turn of the wheel is over.
     *
     * @return milliseconds until the next; 0: none, or it was scheduled already
     */
    abstract long due();
  }
}
