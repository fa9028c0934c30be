package chat.parley.e2e.support;

import java.util.Map;

/** Settings under which heartbeats and deadlines can be seen within a test. */
public final class ShortTimes {
  public static final Map<String, String> SETTINGS =
      Map.of(
          "PARLEY_CONNECT_PING_INTERVAL", "1s",
          "PARLEY_CONNECT_PONG_DEADLINE", "5s",
          "PARLEY_CONNECT_JOIN_DEADLINE", "3s");

  private ShortTimes() {}
}
