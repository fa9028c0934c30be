package chat.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What every member of a room may rely on. */
public final class Room {
  private Room() {}

  /**
   * The member got the room's messages in the order of the history, each once, and none is missing
   * between its first and the history's last.
   */
  public static void assertHeardAll(V1Client member, History history) {
    List<String> heard = member.texts();
    List<String> kept = history.texts();
    assertThat(heard).doesNotHaveDuplicates();
    if (heard.isEmpty()) {
      assertThat(kept).isEmpty();
      return;
    }
    int first = kept.indexOf(heard.get(0));
    assertThat(first).as("place of the first heard message in the history").isNotNegative();
    assertThat(heard).isEqualTo(kept.subList(first, kept.size()));
  }

  /** The member was cut off: what it got is in the history's order, each once, without holes. */
  public static void assertHeardInOrder(V1Client member, History history) {
    List<String> heard = member.texts();
    List<String> kept = history.texts();
    if (!heard.isEmpty()) {
      int first = kept.indexOf(heard.get(0));
      assertThat(first).as("place of the first heard message in the history").isNotNegative();
      assertThat(heard).isEqualTo(kept.subList(first, first + heard.size()));
    }
  }
}
