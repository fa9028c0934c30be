package chat.parley.chaos;

import chat.parley.chaos.Checker.Kept;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Answer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is kept, read over HTTP by a device that may. */
final class Histories {
  private static final int PAGE = 200;

  private final Servers servers;
  private final List<ModelDevice> devices;

  Histories(Servers servers, List<ModelDevice> devices) {
    this.servers = servers;
    this.devices = devices;
  }

  /** Of each conversation what the checker has not let go yet, oldest first. */
  Map<String, List<Kept>> of(Checker checker, Collection<String> conversations) {
    Map<String, List<Kept>> history = new LinkedHashMap<>();
    for (String conversation : conversations) {
      history.put(conversation, read(conversation, checker.settled(conversation)));
    }
    return history;
  }

  private List<Kept> read(String conversation, long settled) {
    List<Kept> kept = new ArrayList<>();
    V2Http http = new V2Http(servers.api());
    String token = reader(conversation).device().login().token();
    boolean more = true;
    while (more) {
      long after = kept.isEmpty() ? settled : kept.get(kept.size() - 1).seq();
      Answer page = http.messages(token, conversation, "after=" + after + "&limit=" + PAGE);
      if (!page.ok()) {
        throw new IllegalStateException("history of " + conversation + ": " + page);
      }
      for (JsonNode message : page.body().path("messages")) {
        kept.add(
            new Kept(
                message.path("seq").asLong(),
                message.path("id").asLong(),
                message.path("senderId").asLong(),
                message.path("text").asText()));
      }
      more = page.body().path("hasMore").asBoolean();
    }
    return kept;
  }

  private ModelDevice reader(String conversation) {
    Stream<ModelDevice> may =
        Conversations.isRoom(conversation)
            ? Stream.concat(
                devices.stream().filter(device -> World.isIn(device, conversation)),
                devices.stream())
            : devices.stream()
                .filter(device -> Conversations.isDirectOf(conversation, device.user()));
    return may.findFirst().orElseThrow();
  }
}
