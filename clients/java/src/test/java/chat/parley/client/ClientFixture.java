package chat.parley.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A peer on TCP, and clients of it that are closed after the test. */
abstract class ClientFixture {
  static final Timing QUICK =
      new Timing(
          Duration.ofMillis(1),
          Duration.ofMillis(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(5));

  final TcpPeer peer = new TcpPeer();
  final Heard heard = new Heard();
  final MemoryState state = new MemoryState();
  private final List<ParleyClient> clients = new ArrayList<>();

  ParleyClientBuilder described(URI... addresses) {
    return ParleyClient.builder()
        .connect(List.of(addresses))
        .token("secret", 70)
        .state(state)
        .listener(heard)
        .timing(QUICK);
  }

  ParleyClient started(ParleyClientBuilder builder) {
    ParleyClient client = builder.build();
    clients.add(client);
    client.start();
    return client;
  }

  ParleyClient started() {
    return started(described(peer.address()));
  }

  @AfterEach
  void closeAll() {
    clients.forEach(ParleyClient::close);
    peer.close();
  }
}
