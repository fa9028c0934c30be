package chat.parley.e2e.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every token, password and message text that a test used: none may stand in a log. */
public final class Secrets {
  private static final Set<String> ALL = ConcurrentHashMap.newKeySet();

  private static final int SHORTEST = 8;

  /** A soak says more than can be searched for; the tests stay below. */
  private static final int MOST = 200_000;

  private Secrets() {}

  /** Short ones are left out: they would be found in any text by chance. */
  static String remember(String secret) {
    if (secret != null && secret.length() >= SHORTEST && ALL.size() < MOST) {
      ALL.add(secret);
    }
    return secret;
  }

  public static Set<String> all() {
    return Set.copyOf(ALL);
  }
}
