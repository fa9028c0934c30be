package chat.parley.app;

import chat.parley.app.Listeners.Listener;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.stream.Collectors;

/** What a process says when it serves: where to reach it, and where its data is. */
final class Banner {
  private Banner() {}

  static String text(
      JsonObject config, Collection<Layer> layers, LocalStores stores, int managementPort) {
    StringBuilder text = new StringBuilder();
    String verticles = layers.stream().map(Layer::shortName).collect(Collectors.joining(", "));
    text.append(String.format("%n  Parley %s is up: %s%n%n", Version.current(), verticles));
    for (Listener listener : Listeners.of(config, layers)) {
      line(text, listener.what(), listener.address());
    }
    Listener management = Listeners.management(config);
    String scheme = management.tls().enabled() ? "https://" : "http://";
    line(text, management.what(), scheme + management.host() + ":" + managementPort);
    if (layers.stream().anyMatch(Layer::needsRedis)) {
      stores.describe().forEach((what, where) -> line(text, what, where));
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static void line(StringBuilder text, String what, String where) {
    text.append(String.format("  %-11s %s%n", what, where));
  }
}
