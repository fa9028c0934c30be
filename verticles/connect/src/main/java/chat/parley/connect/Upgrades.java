package chat.parley.connect;

import chat.parley.bus.Bounds;
import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/**
 * HTTP connections that are to become WebSockets: each has the join's deadline to do so, however
 * slowly it sends, and there is a bound on them.
 *
 * <p>Belongs to one event loop.
 */
final class Upgrades {
  private static final AttributeKey<Upgrade> KEY = AttributeKey.valueOf(Upgrades.class, "upgrade");

  private static final Counter FULL = Bounds.refusals("connect.max-connections");

  /** Name of Vert.x's own handler in every pipeline. */
  private static final String VERTX = "handler";

  private final TimerWheel wheel;
  private final Strangers strangers;
  private final long deadlineMs;
  private final int bound;
  private final Newcomers newcomers;
  private int waiting;

  Upgrades(TimerWheel wheel, Strangers strangers, ConnectSettings settings, Newcomers newcomers) {
    this.newcomers = newcomers;
    this.wheel = wheel;
    this.strangers = strangers;
    this.deadlineMs = settings.joinDeadline().toMillis();
    this.bound = settings.maxConnections();
  }

  /** A connection was accepted. One over the bound is closed, without the cost of an answer. */
  void begin(Channel channel) {
    if (waiting >= bound) {
      FULL.increment();
      close(channel);
      return;
    }
    CloseReason refusal = newcomers.arrived(channel);
    if (!channel.isOpen()) {
      return;
    }
    waiting++;
    strangers.add(channel);
    channel.pipeline().addBefore(VERTX, null, EarlyFrames.REFUSED);
    Upgrade upgrade = new Upgrade(channel, refusal);
    channel.attr(KEY).set(upgrade);
    wheel.schedule(upgrade, deadlineMs);
  }

  /**
   * A connection has become a WebSocket.
   *
   * @return why it is to be closed; null when it may stay
   */
  CloseReason done(Channel channel) {
    Upgrade upgrade = channel.attr(KEY).getAndSet(null);
    if (upgrade == null) {
      return null;
    }
    channel.pipeline().remove(EarlyFrames.REFUSED);
    wheel.cancel(upgrade);
    waiting--;
    return upgrade.refusal;
  }

  private static void close(Channel channel) {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  private final class Upgrade extends TimerWheel.Timed {
    private final Channel channel;
    private final CloseReason refusal;

    Upgrade(Channel channel, CloseReason refusal) {
      this.channel = channel;
      this.refusal = refusal;
    }

    @Override
    long due() {
      waiting--;
      channel.attr(KEY).set(null);
      close(channel);
      return 0;
    }
  }
}
