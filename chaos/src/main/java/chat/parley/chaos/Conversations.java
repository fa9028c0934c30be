package chat.parley.chaos;

import java.util.List;

/** Names of conversations, as the wire has them. */
public final class Conversations {
  private Conversations() {}

  public static String room(long room) {
    return "room:" + room;
  }

  public static String direct(long one, long other) {
    return "direct:" + Math.min(one, other) + ":" + Math.max(one, other);
  }

  static boolean isRoom(String conversation) {
    return conversation.startsWith("room:");
  }

  /** Whether a conversation is one of a user with somebody. */
  static boolean isDirectOf(String conversation, long user) {
    List<String> parts = List.of(conversation.split(":"));
    return parts.get(0).equals("direct") && parts.subList(1, 3).contains(Long.toString(user));
  }
}
