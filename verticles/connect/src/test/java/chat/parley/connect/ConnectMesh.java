package chat.parley.connect;

import chat.parley.bus.ProtoCodec;
import chat.parley.chaos.ports.Ports;
import chat.parley.proto.v2.ServerFrame;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process with connect in it: real Redis, real sockets. */
final class ConnectMesh implements AutoCloseable {
  static final long ROOM = 7;

  private final LeakWatch leaks = new LeakWatch();
  private final RedisServer redis;
  private final JsonObject config;
  private final List<AutoCloseable> clients = new ArrayList<>();
  private final int wsPort = Ports.free();
  private final int tcpPort = Ports.free();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final Rooms rooms;
  private String deployment;

  /**
   * @param settings of section connect, over those of the tests
   */
  ConnectMesh(Path folder, int instances, JsonObject settings) {
    this(folder, instances, settings, new JsonObject());
  }

  /**
   * @param settings of section connect, over those of the tests
   * @param v2 section v2, over that of the tests
   */
  ConnectMesh(Path folder, int instances, JsonObject settings, JsonObject v2) {
    redis = new RedisServer(folder);
    ProtoCodec.install(vertx);
    config =
        new JsonObject()
            .put(
                "redis",
                new JsonObject().put("address", redis.address()).put("password", redis.password()))
            .put(
                "connect",
                new JsonObject()
                    .put("ws-port", wsPort)
                    .put("tcp-ports", new JsonArray().add(tcpPort))
                    .put("frames-per-session", "none")
                    .put("heads-check", "500ms")
                    .put("goodbye", "50ms")
                    .put("drain", "1s")
                    .mergeIn(settings))
            .put("v2", new JsonObject().put("cursor-save", "100ms").mergeIn(v2));
    rooms = new Rooms(vertx, config);
    rooms.serve();
    deploy(instances);
  }

  ConnectMesh(Path folder) {
    this(folder, 1, new JsonObject());
  }

  Rooms rooms() {
    return rooms;
  }

  RedisServer redis() {
    return redis;
  }

  Vertx vertx() {
    return vertx;
  }

  JsonObject config() {
    return config;
  }

  int wsPort() {
    return wsPort;
  }

  int tcpPort() {
    return tcpPort;
  }

  long connections() {
    return vertx.sharedData().<String, Long>getLocalMap("parley.status").get("connections");
  }

  private void deploy(int instances) {
    DeploymentOptions options = new DeploymentOptions().setInstances(instances).setConfig(config);
    deployment = Await.get(vertx.deployVerticle(ConnectVerticle.class.getName(), options));
  }

  void undeploy() {
    Await.get(vertx.undeploy(deployment));
    deployment = null;
  }

  WsClient ws() {
    return kept(new WsClient(vertx, wsPort));
  }

  TcpClient tcp() {
    return kept(new TcpClient(tcpPort));
  }

  /** A client of the test's own making, closed with the others. */
  <T extends AutoCloseable> T kept(T client) {
    clients.add(client);
    return client;
  }

  /** A v2 client that has said nothing yet. */
  V2Client v2(V2Client.Kind kind) {
    V2Client client =
        kind == V2Client.Kind.TCP
            ? new V2TcpClient(tcpPort)
            : new V2WsClient(vertx, wsPort, kind == V2Client.Kind.JSON);
    clients.add(client);
    return client;
  }

  /** A device that has everything that there was. */
  V2Client device(V2Client.Kind kind, String token) {
    V2Client client = v2(kind).hello(token);
    client.await(ServerFrame.BodyCase.SYNCED);
    return client;
  }

  /** The v2 clients there are. */
  List<V2Client> devices() {
    return clients.stream().filter(V2Client.class::isInstance).map(V2Client.class::cast).toList();
  }

  /** A WebSocket that is in the room, as the room's list of members has told it. */
  WsClient wsIn(long room, String token) {
    WsClient client = ws().join(token, room);
    client.awaitLive();
    return client;
  }

  @Override
  public void close() {
    try {
      for (AutoCloseable client : clients) {
        client.close();
      }
      if (deployment != null) {
        undeploy();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      Await.get(vertx.close());
      redis.close();
      leaks.close();
    }
  }
}
