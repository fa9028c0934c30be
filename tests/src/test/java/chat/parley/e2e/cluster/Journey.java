package chat.parley.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Cluster;
import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.History;
import chat.parley.e2e.support.V2Http;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * v2 devices of every carrier, at home at each of the two connect processes, while those are
 * restarted one after the other, the first one first.
 */
final class Journey implements AutoCloseable {
  private final Map<Traveller, List<URI>> travellers = new LinkedHashMap<>();

  /**
   * @param http where the travellers get their accounts
   */
  Journey(Cluster cluster, V2Http http, long room) {
    Endpoints first = cluster.member("connect", 0).endpoints();
    Endpoints second = cluster.member("connect", 1).endpoints();
    for (Carrier carrier : Carrier.values()) {
      URI here = carrier.address(first);
      URI there = carrier.address(second);
      add(http, carrier, List.of(here, there), List.of(here, there, here), room);
      add(http, carrier, List.of(there, here), List.of(there, here), room);
    }
    travellers.keySet().forEach(Traveller::talk);
  }

  private void add(V2Http http, Carrier carrier, List<URI> servers, List<URI> way, long room) {
    String name = carrier + " from " + servers.get(0).getPort();
    travellers.put(new Traveller(name, http.newUser(), carrier, servers, room), way);
  }

  /** Nobody says anything any more, and everything said is acknowledged. */
  void end() throws Exception {
    for (Traveller traveller : travellers.keySet()) {
      traveller.rest();
    }
  }

  /** Each went where it was sent and nowhere else, and has all of the room once and in order. */
  void assertSmooth(History history) {
    List<String> kept = history.texts();
    travellers.forEach(
        (traveller, way) -> {
          assertThat(traveller.visited()).isEqualTo(way);
          traveller.assertSmoothJourney();
          List<String> own = new ArrayList<>(kept);
          own.retainAll(traveller.said());
          assertThat(own).as("what it said, as it is kept").isEqualTo(traveller.said());
          Eventually.holds(() -> assertThat(traveller.texts()).isEqualTo(kept));
        });
  }

  @Override
  public void close() {
    travellers.keySet().forEach(Traveller::close);
  }
}
