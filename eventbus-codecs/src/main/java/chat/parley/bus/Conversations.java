package chat.parley.bus;

/**
 * Names of conversations and topics. A topic is what a connect node registers interest in: a
 * conversation, or a user.
 */
public final class Conversations {
  private static final String ROOM = "room:";
  private static final String DIRECT = "direct:";
  private static final String USER = "user:";

  private Conversations() {}

  public static String ofRoom(long roomId) {
    return ROOM + roomId;
  }

  /** The one conversation of two users, whoever of them asks. */
  public static String ofPair(long a, long b) {
    return DIRECT + Math.min(a, b) + ":" + Math.max(a, b);
  }

  public static String topicOfUser(long userId) {
    return USER + userId;
  }

  public static boolean isRoom(String conversation) {
    return conversation.startsWith(ROOM);
  }

  /** The room of a room's conversation; 0 for another conversation. */
  public static long roomOf(String conversation) {
    return isRoom(conversation)
        ? Long.parseLong(conversation, ROOM.length(), conversation.length(), 10)
        : 0;
  }

  public static boolean isDirect(String conversation) {
    return conversation.startsWith(DIRECT);
  }

  /**
   * The other user of a direct conversation, which is the user itself in its notebook.
   *
   * @return 0 when this is no well-formed direct conversation, or not one of this user's
   */
  public static long peerOf(String conversation, long userId) {
    int colon = conversation.indexOf(':', DIRECT.length());
    if (!isDirect(conversation) || colon < 0) {
      return 0;
    }
    long a = number(conversation, DIRECT.length(), colon);
    long b = number(conversation, colon + 1, conversation.length());
    if (a <= 0 || b < a || (a != userId && b != userId) || !ofPair(a, b).equals(conversation)) {
      return 0;
    }
    return a == userId ? b : a;
  }

  /** Whether this is the well-formed name of a room's conversation. */
  public static boolean isRoomName(String conversation) {
    return isRoom(conversation)
        && number(conversation, ROOM.length(), conversation.length()) > 0
        && ofRoom(roomOf(conversation)).equals(conversation);
  }

  private static long number(String text, int from, int to) {
    if (to == from || to - from > 18) {
      return 0;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return 0;
      }
    }
    return Long.parseLong(text, from, to, 10);
  }

  /** The partition whose list carries a conversation. The hash is part of the data's format. */
  public static int partitionOf(String conversation, int partitions) {
    return Math.floorMod(conversation.hashCode(), partitions);
  }
}
