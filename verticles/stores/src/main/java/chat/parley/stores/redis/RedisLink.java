package chat.parley.stores.redis;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.stores.RedisSettings;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a verticle instance to Redis, kept up.
 *
 * <ul>
 *   <li>Commands of one caller take effect in the order in which they were called.
 *   <li>At most {@code redis.max-in-flight} are under way: more fail with {@code OVERLOADED}.
 *   <li>A command that has no reply in {@code redis.deadline} fails with {@code DEADLINE_EXCEEDED},
 *       and whether it took place is unknown. So is everything sent after it: the connection is
 *       replaced, and the old one ended at Redis before the new one is used.
 *   <li>While there is no connection, calls fail at once with {@code UNAVAILABLE}: nothing was
 *       sent. The link comes back by itself.
 * </ul>
 *
 * May be called on any thread; belongs to the event loop it was opened on. Futures complete on the
 * caller's context.
 */
final class RedisLink {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final Counter REFUSALS = Bounds.refusals("redis.max-in-flight");
  private static final long FIRST_BACKOFF_MS = 25;
  private static final long LONGEST_BACKOFF_MS = 1_000;
  private static final int DEADLINE_CHECKS = 10;

  private final VertxInternal vertx;
  private final ContextInternal context;
  private final RedisAddress address;
  private final RedisSettings settings;
  private final RedisConnector connector;
  private final long timer;

  private RedisSocket socket;
  private long backoffMs = FIRST_BACKOFF_MS;
  private boolean closed;
  private long lastCheckNanos = System.nanoTime();

  private RedisLink(VertxInternal vertx, RedisAddress address, RedisSettings settings) {
    this.vertx = vertx;
    this.address = address;
    this.settings = settings;
    ContextInternal current = vertx.getOrCreateContext().unwrap();
    context = current.isEventLoopContext() ? current : vertx.createEventLoopContext();
    connector = new RedisConnector(context, address, settings.deadline());
    timer = vertx.setPeriodic(checkPeriod(), id -> context.runOnContext(v -> endIfLate()));
  }

  /** Opens a link; fails when Redis is not there now. */
  static Future<RedisLink> open(Vertx vertx, RedisAddress address, RedisSettings settings) {
    RedisLink link = new RedisLink((VertxInternal) vertx, address, settings);
    Promise<Void> up = link.vertx.getOrCreateContext().promise();
    link.context.runOnContext(v -> link.connect().onComplete(up));
    return up.future()
        .map(link)
        .recover(t -> link.close().transform(done -> Future.failedFuture(ChatError.of(t))));
  }

  /**
   * Calls a script; its error replies come as {@link ChatError}.
   *
   * @param args strings, numbers and byte arrays
   */
  Future<Response> eval(Script script, List<String> keys, Object... args) {
    Object[] command = command("EVALSHA", script.sha1(), keys, args);
    return reply(command)
        .compose(
            reply -> {
              if (!isError(reply, "NOSCRIPT")) {
                return RedisErrors.check(reply);
              }
              // Somebody flushed the scripts. EVAL loads this one again on its way.
              return call(command("EVAL", script.text(), keys, args));
            });
  }

  /** Calls a command; its error replies come as {@link ChatError}. */
  Future<Response> call(Object... args) {
    return reply(args).compose(RedisErrors::check);
  }

  /** Waits for what is under way, at most one deadline, and ends the link. */
  Future<Void> close() {
    ContextInternal caller = vertx.getOrCreateContext();
    Promise<Void> done = caller.promise();
    context.runOnContext(
        v -> {
          closed = true;
          drain().eventually(this::end).<Void>mapEmpty().onComplete(done);
        });
    return done.future();
  }

  /** Replies come in order: when this one is there, all earlier ones are. */
  private Future<Response> drain() {
    return socket == null
        ? Future.succeededFuture()
        : socket.submit(RedisSocket.encoded("PING"), deadline()).otherwiseEmpty();
  }

  private Future<Void> end() {
    vertx.cancelTimer(timer);
    return connector.close();
  }

  private Future<Response> reply(Object[] command) {
    byte[] encoded = RedisSocket.encoded(command);
    ContextInternal caller = vertx.getOrCreateContext();
    Promise<Response> promise = caller.promise();
    if (context.inThread()) {
      submit(encoded, promise);
    } else {
      context.runOnContext(v -> submit(encoded, promise));
    }
    return promise.future();
  }

  private void submit(byte[] command, Promise<Response> promise) {
    if (socket == null || closed) {
      promise.fail(new ChatError(ErrorCode.UNAVAILABLE, "Redis is away for now"));
    } else if (socket.inFlight() >= settings.maxInFlight()) {
      REFUSALS.increment();
      promise.fail(new ChatError(ErrorCode.OVERLOADED, "too many requests to Redis are under way"));
    } else {
      socket
          .submit(command, deadline())
          .onComplete(promise::complete, lost -> promise.fail(outcomeUnknown(lost)));
    }
  }

  private Future<Void> connect() {
    return connector
        .connect()
        .map(
            fresh -> {
              serveOn(fresh);
              return null;
            });
  }

  private void serveOn(RedisSocket fresh) {
    if (closed) {
      fresh.close(new IllegalStateException("the link was closed"));
      return;
    }
    backoffMs = FIRST_BACKOFF_MS;
    socket = fresh;
    fresh.onClose(
        cause -> {
          socket = null;
          if (!closed) {
            LOG.warn("connection to Redis at {} lost: {}", address, cause.toString());
            reconnectLater();
          }
        });
  }

  private void reconnectLater() {
    long delay = backoffMs / 2 + ThreadLocalRandom.current().nextLong(backoffMs / 2 + 1);
    backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS);
    vertx.setTimer(
        Math.max(1, delay),
        id -> {
          if (!closed) {
            connect()
                .onSuccess(v -> LOG.info("connected to Redis at {} again", address))
                .onFailure(t -> reconnectLater());
          }
        });
  }

  private void endIfLate() {
    long now = System.nanoTime();
    long sinceLastCheck = now - lastCheckNanos;
    lastCheckNanos = now;
    if (sinceLastCheck > 2 * TimeUnit.MILLISECONDS.toNanos(checkPeriod())) {
      // It was this loop that stood still: the replies may be here, and were not read yet.
      return;
    }
    connector.endIfLate(now);
    if (socket != null) {
      socket.endIfLate(now);
    }
  }

  private long checkPeriod() {
    return Math.max(1, settings.deadline().toMillis() / DEADLINE_CHECKS);
  }

  private long deadline() {
    return System.nanoTime() + settings.deadline().toNanos();
  }

  private static Object[] command(String verb, String script, List<String> keys, Object[] args) {
    List<Object> command = new ArrayList<>(3 + keys.size() + args.length);
    command.add(verb);
    command.add(script);
    command.add(keys.size());
    command.addAll(keys);
    Collections.addAll(command, args);
    return command.toArray();
  }

  private static boolean isError(Response reply, String kind) {
    return reply != null && reply.type() == ResponseType.ERROR && reply.toString().startsWith(kind);
  }

  private static ChatError outcomeUnknown(Throwable lost) {
    return new ChatError(
        ErrorCode.DEADLINE_EXCEEDED, "Redis did not answer in time, please try again", lost);
  }
}
