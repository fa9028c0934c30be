package chat.parley.connect;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.proto.Identity;
import chat.parley.settings.Rate;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;

/**
 * One client on one socket, whatever wire it speaks.
 *
 * <p>Belongs to one event loop.
 */
abstract class Session extends TimerWheel.Timed {
  /** How long a peer may take to answer a goodbye. */
  static final long GOODBYE_MS = 3_000;

  private static final Counter REFUSALS = Bounds.refusals("connect.frames-per-session");

  /** For how long a client that sends too fast is not read. */
  private static final long REST_MS = 500;

  private final Carrier carrier;
  private final Bucket bucket;
  private final SocketQueue out;
  private final WireFormat format;
  private final long opened;
  private long heard;
  private long framesFullAt;
  private boolean tooFast;
  private boolean resting;
  private boolean closing;

  Session(Carrier carrier, Bucket bucket) {
    this.carrier = carrier;
    this.bucket = bucket;
    this.out = carrier.out();
    this.format = carrier.format();
    this.opened = bucket.now();
    this.heard = opened;
    this.framesFullAt = System.nanoTime();
  }

  final Carrier carrier() {
    return carrier;
  }

  final Bucket bucket() {
    return bucket;
  }

  /** What goes out to the client. */
  final SocketQueue out() {
    return out;
  }

  /** The wire that the client speaks, as long as the session lasts. */
  public final WireFormat format() {
    return format;
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

  /**
   * A frame came. When it is one more than may, {@link #tooFast} says so until the next one, and no
   * more is read for a while: so many as one read of the socket brings are the most that are
   * refused.
   */
  final void countFrame() {
    Rate rate = bucket.settings().framesPerSession();
    long now = System.nanoTime();
    long fullAt = rate.take(framesFullAt, now);
    tooFast = rate.missing(fullAt, now) > 0;
    if (!tooFast) {
      framesFullAt = fullAt;
      return;
    }
    REFUSALS.increment();
    if (!resting) {
      resting = true;
      carrier.pause(Carrier.Pause.TOO_FAST);
      bucket.vertx().setTimer(REST_MS, rested -> readOn());
    }
  }

  private void readOn() {
    resting = false;
    if (listens()) {
      carrier.resume(Carrier.Pause.TOO_FAST);
    }
  }

  /** Whether the frame that is being handled is one more than the client may send. */
  final boolean tooFast() {
    return tooFast;
  }

  /** What the client is told of such a frame. */
  final ChatError tooFastError() {
    Rate rate = bucket.settings().framesPerSession();
    return ChatError.rateLimited(
        "more than " + rate.times() + " frames in " + rate.per().toSeconds() + " s",
        Duration.ofMillis(REST_MS));
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
