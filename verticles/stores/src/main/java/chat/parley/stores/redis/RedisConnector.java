package chat.parley.stores.redis;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens connections that are ready to serve: authenticated, with all scripts loaded, and with their
 * predecessor ended at Redis. Belongs to one event loop.
 */
final class RedisConnector {
  private static final String RUN_ID = "run_id:";

  private final ContextInternal context;
  private final RedisAddress address;
  private final Duration deadline;
  private final NetClient client;
  private RedisSocket greeted;
  private String serverRun;
  private long clientId;

  RedisConnector(ContextInternal context, RedisAddress address, Duration deadline) {
    this.context = context;
    this.address = address;
    this.deadline = deadline;
    this.client =
        context
            .owner()
            .createNetClient(
                new NetClientOptions()
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setSsl(address.tls())
                    .setHostnameVerificationAlgorithm(address.tls() ? "HTTPS" : "")
                    .setConnectTimeout((int) deadline.toMillis()));
  }

  /** Fails with {@code UNAVAILABLE}, naming the address. Called on the event loop. */
  Future<RedisSocket> connect() {
    return client
        .connect(address.port(), address.host())
        .compose(raw -> greet(new RedisSocket(context, raw)))
        .recover(
            t ->
                Future.failedFuture(
                    new ChatError(
                        ErrorCode.UNAVAILABLE,
                        "Redis at " + address + " cannot be reached: " + t.getMessage(),
                        t)));
  }

  /** Ends a connection that takes too long to become ready. */
  void endIfLate(long nowNanos) {
    if (greeted != null) {
      greeted.endIfLate(nowNanos);
    }
  }

  Future<Void> close() {
    return client.close();
  }

  private Future<RedisSocket> greet(RedisSocket fresh) {
    greeted = fresh;
    return shakeHands(fresh).map(fresh).onComplete(done -> greeted = null).onFailure(fresh::close);
  }

  private Future<Void> shakeHands(RedisSocket fresh) {
    List<Future<Response>> replies = new ArrayList<>();
    if (address.password() != null) {
      replies.add(call(fresh, "AUTH", address.password()));
    }
    for (Script script : Script.values()) {
      replies.add(call(fresh, "SCRIPT", "LOAD", script.text()));
    }
    Future<Response> id = call(fresh, "CLIENT", "ID");
    Future<Response> info = call(fresh, "INFO", "server");
    replies.add(id);
    replies.add(info);
    return Future.all(replies)
        .compose(
            all -> {
              String server = runIdIn(info.result().toString());
              return endPredecessor(fresh, server)
                  .onSuccess(
                      v -> {
                        serverRun = server;
                        clientId = id.result().toLong();
                      });
            });
  }

  /**
   * What the old connection sent and Redis has not read must not take effect after what the new one
   * sends. A server that was started again has read nothing of it, and has given the old
   * connection's number to somebody else.
   */
  private Future<Void> endPredecessor(RedisSocket fresh, String server) {
    return server.equals(serverRun)
        ? call(fresh, "CLIENT", "KILL", "ID", clientId).mapEmpty()
        : Future.succeededFuture();
  }

  private static String runIdIn(String info) {
    return info.lines()
        .filter(line -> line.startsWith(RUN_ID))
        .map(line -> line.substring(RUN_ID.length()).trim())
        .findFirst()
        .orElse("");
  }

  private Future<Response> call(RedisSocket fresh, Object... args) {
    return fresh
        .submit(RedisSocket.encoded(args), System.nanoTime() + deadline.toNanos())
        .compose(RedisErrors::check);
  }
}
