package chat.parley.task;

import chat.parley.stores.MessageStore;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What one worker of the cluster does for all: the owner of partition 0, from time to time. */
final class Housekeeping {
  private static final long FIRST_MILLIS = Duration.ofMinutes(1).toMillis();
  private static final long EVERY_MILLIS = Duration.ofHours(1).toMillis();

  /** Redis remembers the younger ones, so that nobody asks the store for them. */
  private static final Duration SETTLED_AT = Duration.ofMinutes(2);

  private static final long SETTLE_EVERY_MILLIS = 10_000;

  /** Between two portions: messages come first. */
  private static final long SETTLE_ON_MILLIS = 200;

  private final MessageStore store;
  private final BooleanSupplier ours;
  private final Outage forgetting = new Outage("old client message ids cannot be forgotten");
  private final Outage settling = new Outage("client message ids cannot be put in order");
  private boolean underWay;

  /**
   * @param ours whether it is this worker's turn
   */
  Housekeeping(MessageStore store, BooleanSupplier ours) {
    this.store = store;
    this.ours = ours;
  }

  /** Runs until the context that it is called on ends. */
  void start(Vertx vertx) {
    vertx.setPeriodic(FIRST_MILLIS, EVERY_MILLIS, timer -> forget());
    vertx.setPeriodic(SETTLE_EVERY_MILLIS, timer -> settle(vertx));
  }

  private void forget() {
    if (ours.getAsBoolean()) {
      store
          .forgetOldClientMessageIds()
          .onSuccess(v -> forgetting.over())
          .onFailure(forgetting::failed);
    }
  }

  private void settle(Vertx vertx) {
    if (!underWay && ours.getAsBoolean()) {
      underWay = true;
      settleNext(vertx);
    }
  }

  private void settleNext(Vertx vertx) {
    store
        .settleClientMessageIds(SETTLED_AT)
        .onSuccess(
            more -> {
              settling.over();
              underWay = more && ours.getAsBoolean();
              if (underWay) {
                vertx.setTimer(SETTLE_ON_MILLIS, timer -> settleNext(vertx));
              }
            })
        .onFailure(
            t -> {
              settling.failed(t);
              underWay = false;
            });
  }
}
