package chat.parley.logic;

import chat.parley.bus.Asked;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How old requests are that say when they were sent, on clocks that have nothing to do with this
 * process's own. Of each clock it is known within which bounds it differs from the own one: a
 * question and its answer tell that within the time between them (Cristian, "Probabilistic clock
 * synchronization", 1989), and the bounds widen as two clocks may drift apart. So a request is in
 * time, or late, for certain; or its age is not known, and its sender has to be asked.
 *
 * <p>Nobody's clock need be set right, and none is read that somebody may set. Belongs to one event
 * loop.
 */
final class SenderClocks {
  /** What can be said of a request. */
  enum Age {
    /** Its sender waits. */
    IN_TIME,
    /** Its sender has given up, or is about to. */
    LATE,
    /** To be asked: see {@link #heard}. */
    UNKNOWN
  }

  /** Two clocks that are steered by 500 ppm each, the most that Linux does, to different sides. */
  private static final long ONE_MS_OF_DRIFT = 1_000;

  /** Of two moments in whole milliseconds. */
  private static final long ROUNDING_MS = 2;

  /** Processes that send; the one that was heard longest ago is forgotten, and asked again. */
  private static final int MOST = 1_000;

  private final Map<Long, Bounds> clocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bounds> eldest) {
          return size() > MOST;
        }
      };

  /**
   * What is to be added to a sender's clock to get the own one.
   *
   * @param least not less than this
   * @param leastAt when that was true
   * @param most not more than this
   * @param mostAt when that was true
   */
  private record Bounds(long least, long leastAt, long most, long mostAt) {
    static final Bounds OWN = new Bounds(0, Long.MAX_VALUE, 0, Long.MAX_VALUE);

    long least(long now) {
      return least - drift(now - leastAt);
    }

    long most(long now) {
      return most + drift(now - mostAt);
    }

    private static long drift(long elapsed) {
      return elapsed < 0 ? 0 : ROUNDING_MS + elapsed / ONE_MS_OF_DRIFT;
    }
  }

  /**
   * Tells the age of a request that has come.
   *
   * @param nowMs {@link Asked#nowMs()}
   */
  Age age(Asked asked, long nowMs) {
    Bounds bounds = boundsOf(asked);
    if (bounds == null) {
      return Age.UNKNOWN;
    }
    long apart = nowMs - asked.sentMs();
    if (apart < bounds.least(nowMs)) {
      // It was sent in the future: the own clock stood still too, as that of a virtual machine may.
      clocks.remove(asked.clock());
      return Age.UNKNOWN;
    }
    long most = bounds.most(nowMs);
    if (apart < most && !asked.isOwn()) {
      most = apart;
      clocks.put(asked.clock(), new Bounds(bounds.least, bounds.leastAt, apart, nowMs));
    }
    if (apart - bounds.least(nowMs) < asked.waitsMs()) {
      return Age.IN_TIME;
    }
    return apart - most >= asked.waitsMs() ? Age.LATE : Age.UNKNOWN;
  }

  /**
   * The sender has answered the question whether it still waits.
   *
   * @param asked its answer, which came now
   * @param questionMs when the question was sent, {@link Asked#nowMs()}
   * @return whether it does
   */
  boolean heard(Asked asked, long questionMs, long nowMs) {
    if (!asked.isOwn()) {
      clocks.put(
          asked.clock(),
          new Bounds(questionMs - asked.sentMs(), questionMs, nowMs - asked.sentMs(), nowMs));
    }
    return age(asked, nowMs) == Age.IN_TIME;
  }

  /** When the sender of a request in time gives up, at the earliest. */
  Deadline deadline(Asked asked) {
    Bounds bounds = boundsOf(asked);
    return bounds == null
        ? Deadline.NONE
        : new Deadline(asked.sentMs() + bounds.least(Asked.nowMs()) + asked.waitsMs());
  }

  private Bounds boundsOf(Asked asked) {
    return asked.isOwn() ? Bounds.OWN : clocks.get(asked.clock());
  }
}
