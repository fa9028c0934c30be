package chat.parley.connect;

import io.vertx.core.Future;

/** Something that local sessions want messages of, subscribed while there is one of them. */
abstract class Topic {
  private final String name;
  private Future<Void> live;
  private long emptySince;

  Topic(String name) {
    this.name = name;
  }

  final String name() {
    return name;
  }

  /**
   * Completes when every message accepted from then on is delivered here; fails when that could not
   * be had.
   */
  final Future<Void> live() {
    return live;
  }

  final void live(Future<Void> subscribed) {
    live = subscribed;
  }

  /** What is to be known besides the subscription, which is made, before the topic is live. */
  Future<Void> begin() {
    return Future.succeededFuture();
  }

  final long emptySince() {
    return emptySince;
  }

  final void emptySince(long now) {
    emptySince = now;
  }

  abstract boolean empty();

  /** Whether the cluster knows all that this topic has to tell it; asked of an empty one. */
  boolean settled() {
    return true;
  }

  abstract void deliver(EncodedBatch batch);

  /** The topic is not subscribed any more. */
  abstract void end();
}
