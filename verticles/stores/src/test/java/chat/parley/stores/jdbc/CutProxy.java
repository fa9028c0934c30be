package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;

import chat.parley.chaos.ports.Ports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A network in front of a server, which can be cut, mended, and made to swallow what is sent. */
final class CutProxy {
  private final Vertx vertx;
  private final int target;
  private final NetClient client;
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean silent;
  private NetServer server;
  private final int port = Ports.free();

  CutProxy(Vertx vertx, int target) {
    this.vertx = vertx;
    this.target = target;
    this.client = vertx.createNetClient();
    mend();
  }

  int port() {
    return port;
  }

  /** Nobody listens any more, and what was connected is not. */
  void cut() {
    await(server.close());
    List<Future<Void>> closed = new ArrayList<>();
    sockets.forEach(socket -> closed.add(socket.close()));
    await(Future.join(closed));
  }

  /** Listens again. A server that says it is closed may keep its port for a moment longer. */
  void mend() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        server =
            await(vertx.createNetServer().connectHandler(this::relay).listen(port, "127.0.0.1"));
        return;
      } catch (AssertionError e) {
        if (!(e.getCause() instanceof BindException) || System.nanoTime() - end > 0) {
          throw e;
        }
      }
    }
  }

  /** Takes everything and passes nothing on. */
  void swallow(boolean everything) {
    silent = everything;
  }

  private void relay(NetSocket near) {
    near.pause();
    sockets.add(near);
    client
        .connect(target, "127.0.0.1")
        .onFailure(t -> near.close())
        .onSuccess(
            far -> {
              sockets.add(far);
              join(near, far);
              join(far, near);
              near.resume();
            });
  }

  private void join(NetSocket from, NetSocket to) {
    from.handler(
        bytes -> {
          if (!silent) {
            to.write(bytes);
          }
        });
    from.closeHandler(
        end -> {
          sockets.remove(from);
          to.close();
        });
  }
}
