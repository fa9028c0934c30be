package chat.parley.bench;

/**
 * Somebody in one conversation of a round, whichever connection they have at the moment.
 *
 * @param account who
 * @param conversation as v2 names it
 * @param room 0 for a direct conversation
 * @param tally what they got
 * @param run part of the ids of their messages
 * @param resumes whether a connection says where the member stands, and wants what follows
 */
record Member(
    Account account, String conversation, long room, Tally tally, String run, boolean resumes) {

  /** The same once more, with a position to go on from. */
  Member resuming() {
    return new Member(account, conversation, room, tally, run, true);
  }

  /** Unique among the messages of the user. */
  String messageId(Post post) {
    return run + '-' + post.ledger.index() + '-' + post.number;
  }

  static String ofRoom(long room) {
    return "room:" + room;
  }

  static String ofPair(long one, long other) {
    return "direct:" + Math.min(one, other) + ':' + Math.max(one, other);
  }
}
