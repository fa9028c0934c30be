package chat.parley.connect;

import chat.parley.proto.Identity;

/**
 * One client on one socket, whatever wire it speaks.
 *
 * <p>Belongs to one event loop.
 */
abstract class Session extends TimerWheel.Timed {
  /** How long a peer may take to answer a goodbye. */
  static final long GOODBYE_MS = 3_000;

  private final Carrier carrier;
  private final Bucket bucket;
  private final long opened;
  private long heard;
  private boolean closing;

  Session(Carrier carrier, Bucket bucket) {
    this.carrier = carrier;
    this.bucket = bucket;
    this.opened = bucket.now();
    this.heard = opened;
  }

  final Carrier carrier() {
    return carrier;
  }

  final Bucket bucket() {
    return bucket;
  }

  final WireFormat format() {
    return carrier.format();
  }

  /** Who the client is; null before that is known. */
  abstract Identity identity();

  /** Milliseconds of the bucket's clock. */
  final long openedAt() {
    return opened;
  }

  final void heardNow() {
    heard = bucket.now();
  }

  final long heard() {
    return heard;
  }

  /** Whether the client was told goodbye, or has said so. */
  final boolean closing() {
    return closing;
  }

  /** Whether what the client says is still for us. */
  boolean listens() {
    return !closing;
  }

  /** The socket has room again. */
  abstract void drained();

  /** Whether the client waits for the answer to something that was read. */
  abstract boolean busy();

  /** Reads nothing more of the client; what was read is dealt with as before. */
  final void hearOut() {
    if (!closing) {
      carrier.readNoMore();
    }
  }

  /** Leaves what the session is in; it is closing already. */
  abstract void leave();

  /** Says goodbye as the wire can, and closes; the session has left everything already. */
  abstract void sayGoodbye(CloseReason reason, String text);

  final void close(CloseReason reason) {
    close(reason, reason.text());
  }

  /** Leaves everything, says goodbye and closes. The text is ASCII and of at most 123 bytes. */
  final void close(CloseReason reason, String text) {
    if (!closing) {
      ConnectMetrics.goodbye(reason);
      leaving();
      sayGoodbye(reason, text);
    }
  }

  /** The client says goodbye, or is told so. */
  final void leaving() {
    closing = true;
    leave();
    bucket.wheel().schedule(this, GOODBYE_MS);
  }

  /** The socket is closed. */
  final void gone() {
    if (!closing) {
      leaving();
    }
    bucket.remove(this);
  }

  @Override
  final long due() {
    if (closing) {
      carrier.abort();
      return 0;
    }
    return next(bucket.now());
  }

  /**
   * The session's own deadlines.
   *
   * @return milliseconds until the next one; 0: the session was closed
   */
  abstract long next(long now);
}
