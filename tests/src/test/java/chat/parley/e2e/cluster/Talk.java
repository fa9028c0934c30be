package chat.parley.e2e.cluster;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.Load;
import chat.parley.e2e.support.Room;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.User;
import java.util.ArrayList;
import java.util.List;

/**
 * A room in a cluster: four who talk through both APIs, with sockets at the first connect process,
 * and listeners by WebSocket and TCP at each of the two.
 */
final class Talk implements AutoCloseable {
  static final int SPEAKERS = 4;

  private final Cluster cluster;
  private final long room = Clients.newRoom();
  private final List<Clients> clients;
  private final List<List<V1Client>> listeners = new ArrayList<>();
  private final User reader;
  private final Load load;

  /**
   * @param home number of the connect process that the speakers themselves are at
   */
  Talk(Cluster cluster, int home) {
    this.cluster = cluster;
    this.clients = List.of(cluster.clients(0, 0), cluster.clients(1, 1));
    this.reader = clients.get(0).newUser();
    List<User> speakers = new ArrayList<>();
    for (int n = 0; n < SPEAKERS; n++) {
      User speaker = clients.get(n % 2).newUser();
      clients.get(home).join(speaker, room);
      speakers.add(speaker);
    }
    for (Clients at : clients) {
      listeners.add(List.of(at.join(at.newUser(), room), at.joinTcp(at.newUser(), room)));
    }
    this.load = new Load(cluster.apis(), speakers, room);
  }

  Load load() {
    return load;
  }

  long room() {
    return room;
  }

  User reader() {
    return reader;
  }

  /** WebSocket and TCP connection at one of the two connect processes. */
  List<V1Client> listenersAt(int connect) {
    return listeners.get(connect);
  }

  /** Everything acknowledged is kept once and in order, and these heard all of it, in order. */
  void assertKeptAndHeardBy(List<V1Client> whoStayed) {
    V1Http api = firstLivingApi();
    History history = load.awaitKept(api, reader);
    for (V1Client listener : whoStayed) {
      Eventually.holds(() -> Room.assertHeardAll(listener, history));
    }
  }

  void assertKeptAndHeardByAll() {
    List<V1Client> all = new ArrayList<>(listenersAt(0));
    all.addAll(listenersAt(1));
    assertKeptAndHeardBy(all);
  }

  /** These were cut off: they heard a piece of the history, in order and without repeats. */
  void assertHeardAPiece(List<V1Client> whoWasCutOff) {
    History history = History.of(firstLivingApi(), reader, room);
    whoWasCutOff.forEach(listener -> Room.assertHeardInOrder(listener, history));
  }

  /** Everything that is kept of the room. */
  History history() {
    return History.of(firstLivingApi(), reader, room);
  }

  private V1Http firstLivingApi() {
    return cluster.layer("api").stream()
        .filter(api -> api.isAlive())
        .findFirst()
        .map(api -> new V1Http(api.endpoints().apiAddress()))
        .orElseThrow();
  }

  @Override
  public void close() {
    load.close();
    clients.forEach(Clients::close);
  }
}
