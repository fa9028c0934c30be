package chat.parley.e2e.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every token, password, secret and text of a message that a test used: none may be in a log. */
public final class Secrets {
  private static final Set<String> ALL = ConcurrentHashMap.newKeySet();

  private static final int SHORTEST = 8;

  private Secrets() {}

  /** Short ones are left out: they would be found in any text by chance. */
  public static String remember(String secret) {
    if (secret != null && secret.length() >= SHORTEST) {
      ALL.add(secret);
    }
    return secret;
  }

  public static Set<String> all() {
    return Set.copyOf(ALL);
  }
}
