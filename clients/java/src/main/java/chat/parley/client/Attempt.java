package chat.parley.client;

import java.util.UUID;

/**
 * One Hello among those of a client's store, so that the server can tell an old one, late on its
 * way, from the newest.
 *
 * @param instance chosen at random when the store was made
 * @param number larger than that of every earlier attempt
 */
public record Attempt(String instance, long number) {
  static Attempt first() {
    return new Attempt(UUID.randomUUID().toString(), System.currentTimeMillis());
  }

  /** By the clock, so that a store that was put back to an earlier state is ahead again. */
  Attempt next() {
    return new Attempt(instance, Math.max(number + 1, System.currentTimeMillis()));
  }
}
