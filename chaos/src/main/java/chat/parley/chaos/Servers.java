package chat.parley.chaos;

import chat.parley.e2e.support.Carrier;
import java.net.URI;
import java.util.List;

/** Where the clients of a {@link World} find their servers. */
public interface Servers {
  /** How many there are to connect to. */
  int count();

  /**
   * Where one listens for a carrier; the same as long as it lives, and when it is started again.
   */
  int port(Carrier carrier, int server);

  /** Of all APIs, the given one first. */
  List<URI> apis(int first);

  /**
   * Whether a cable between servers and their Redis may be pulled: what is on its way to Redis then
   * arrives when it is plugged in, and takes place, although who asked was told that there is no
   * answer. Nothing else that was given up takes place later (docs/adr/0027).
   */
  default boolean haveCables() {
    return false;
  }

  /** An API that answers at this moment, as far as can be told. */
  URI api();
}
