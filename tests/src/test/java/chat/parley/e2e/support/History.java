package chat.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A room's kept messages, oldest first, read page by page. */
public record History(List<JsonNode> messages) {

  private static final int PAGE = 200;

  /** Reads everything; fails unless the seqs count 1, 2, 3, … without gaps. */
  public static History of(V1Http http, User reader, long room) {
    List<JsonNode> all = new ArrayList<>();
    long before = 0;
    boolean more = true;
    while (more) {
      Answer page = http.historyPage(reader, room, before, PAGE);
      assertThat(page.ok()).as("history of room %s: %s", room, page).isTrue();
      page.data().path("messages").forEach(all::add);
      more = page.data().path("hasMore").asBoolean();
      before = all.isEmpty() ? 0 : all.get(all.size() - 1).path("seq").asLong();
    }
    Collections.reverse(all);
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).path("seq").asLong()).as("seq of message %s", i).isEqualTo(i + 1L);
    }
    return new History(all);
  }

  public List<String> texts() {
    return messages.stream().map(m -> m.path("msg").asText()).toList();
  }
}
