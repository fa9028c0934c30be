package chat.parley.task;

import chat.parley.stores.MessageStore;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What one worker of the cluster does for all: the owner of partition 0, once an hour. */
final class Housekeeping {
  private static final long FIRST_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final long EVERY_MILLIS = Duration.ofHours(1).toMillis();

  private final MessageStore store;
  private final BooleanSupplier ours;
  private final Outage outage = new Outage("old client message ids cannot be forgotten");

  /**
   * @param ours whether it is this worker's turn
   */
  Housekeeping(MessageStore store, BooleanSupplier ours) {
    this.store = store;
    this.ours = ours;
  }

  /** Runs until the context that it is called on ends. */
  void start(Vertx vertx) {
    vertx.setPeriodic(FIRST_MILLIS, EVERY_MILLIS, timer -> run());
  }

  private void run() {
    if (ours.getAsBoolean()) {
      store.forgetOldClientMessageIds().onSuccess(v -> outage.over()).onFailure(outage::failed);
    }
  }
}
