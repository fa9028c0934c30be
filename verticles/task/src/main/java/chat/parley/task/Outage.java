package chat.parley.task;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries that fail for a while: says how long to wait for the next, and logs each outage once. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String what;
  private final Backoff backoff = new Backoff();
  private int failures;

  /**
   * @param what cannot be done, for the log: {@code "partition 3 cannot be stored"}
   */
  Outage(String what) {
    this.what = what;
  }

  /** A try has failed; answers the milliseconds until the next. */
  long failed(Throwable cause) {
    if (failures++ == 0) {
      ChatError error = ChatError.of(cause);
      // Of what is known to happen the text says enough; a fault of ours needs its trace.
      Throwable trace = error.code() == ErrorCode.INTERNAL ? error.getCause() : null;
      LOG.warn("{}, trying on: {}", what, error.getMessage(), trace);
    }
    return backoff.nextMillis();
  }

  void over() {
    if (failures > 0) {
      LOG.info("over after {} tries: {}", failures, what);
      failures = 0;
      backoff.reset();
    }
  }
}
