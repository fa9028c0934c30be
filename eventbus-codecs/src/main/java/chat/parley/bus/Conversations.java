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

  /** The partition whose list carries a conversation. The hash is part of the data's format. */
  public static int partitionOf(String conversation, int partitions) {
    return Math.floorMod(conversation.hashCode(), partitions);
  }
}
