package chat.parley.e2e.support;

import chat.parley.e2e.support.V1Http.User;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A test's clients of one server: HTTP, sockets, users and rooms that no other test uses. The
 * sockets are closed when the test ends.
 */
public final class Clients implements AutoCloseable {
  private static final AtomicLong ROOMS =
      new AtomicLong(System.currentTimeMillis() / 100 % 1_000_000_000);

  private final Endpoints endpoints;
  private final V1Http http;
  private final V2Http v2;
  private final Queue<AutoCloseable> open = new ConcurrentLinkedQueue<>();

  public Clients(Endpoints endpoints) {
    this(endpoints, new V1Http(endpoints.apiAddress()));
  }

  public Clients(Endpoints endpoints, V1Http http) {
    this.endpoints = endpoints;
    this.http = http;
    this.v2 = new V2Http(endpoints.apiAddress());
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public V1Http http() {
    return http;
  }

  public V2Http v2() {
    return v2;
  }

  public User newUser() {
    return http.newUser();
  }

  /** A room that nobody was ever in. */
  public static long newRoom() {
    return ROOMS.incrementAndGet();
  }

  /** A WebSocket that has sent nothing. */
  public V1WebSocket webSocket() {
    return kept(new V1WebSocket(endpoints.wsAddress()));
  }

  /** A TCP connection that has sent nothing. */
  public V1Tcp tcp() {
    return kept(new V1Tcp(endpoints.tcp()));
  }

  /** A bare v2 connection that has sent nothing. */
  public V2Client connect(Carrier carrier) {
    return kept(
        switch (carrier) {
          case WEB_SOCKET_PROTOBUF -> new V2WebSocket(endpoints.wsAddress(), V2WebSocket.PROTOBUF);
          case WEB_SOCKET_JSON -> new V2WebSocket(endpoints.wsAddress(), V2WebSocket.JSON);
          case TCP -> new V2Tcp(endpoints.tcp());
        });
  }

  /** A bare v2 connection of a device, to which everything has been sent that there was. */
  public V2Client open(Carrier carrier, V2Http.Login device) {
    V2Client client = connect(carrier);
    client.open(device.token());
    return client;
  }

  /** A WebSocket that is in the room: what is accepted from now on reaches it. */
  public V1WebSocket join(User user, long room) {
    V1WebSocket socket = webSocket();
    socket.join(user.token(), room);
    awaitJoined(socket, user, room);
    return socket;
  }

  /** A TCP connection that is in the room. */
  public V1Tcp joinTcp(User user, long room) {
    V1Tcp socket = tcp();
    socket.join(user.token(), room);
    awaitJoined(socket, user, room);
    return socket;
  }

  /** A join has no answer; that a socket is in the room shows by its figures arriving there. */
  public void awaitJoined(V1Client socket, User user, long room) {
    int before = figures(socket);
    Eventually.eventually(
        user + " to be in room " + room,
        () -> {
          socket
              .closed()
              .ifPresent(
                  closed -> {
                    throw new IllegalStateException("closed: " + closed);
                  });
          http.count(user, room);
          return figures(socket) > before;
        });
  }

  private static int figures(V1Client socket) {
    return socket.frames(V1Client.COUNT).size();
  }

  private <T extends AutoCloseable> T kept(T socket) {
    open.add(socket);
    return socket;
  }

  @Override
  public void close() {
    for (AutoCloseable socket : open) {
      try {
        socket.close();
      } catch (Exception e) {
        throw new AssertionError("a socket that cannot be closed", e);
      }
    }
  }
}
