package chat.parley.logic;

import chat.parley.bus.Conversations;
import chat.parley.proto.Identity;
import chat.parley.proto.Standing;
import chat.parley.stores.ConversationStore;
import chat.parley.stores.CursorStore;
import chat.parley.stores.PushQueue;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where devices stand. Nothing is remembered here: what is read was there when it was asked for, or
 * came later.
 */
final class Standings {
  /** Each may have to be looked up in the store. */
  private static final int HEADS_AT_ONCE = 100;

  private final Gathered<Long, Map<String, Long>> directOfUsers;
  private final Gathered<Long, Map<String, Long>> cursorsOfDevices;
  private final PushQueue queue;

  Standings(ConversationStore conversations, CursorStore cursors, PushQueue queue) {
    this.directOfUsers = new Gathered<>(conversations::directOf);
    this.cursorsOfDevices = new Gathered<>(cursors::of);
    this.queue = queue;
  }

  /** What is kept of a session's user and its device; a v1 session has no cursors. */
  Future<Kept> kept(Identity who) {
    Future<Map<String, Long>> direct = directOfUsers.find(who.getUserId());
    Future<Map<String, Long>> device =
        who.getDeviceId() == 0
            ? Future.succeededFuture()
            : cursorsOfDevices.find(who.getDeviceId());
    return Future.all(direct, device)
        .map(both -> new Kept(orNone(direct.result()), orNone(device.result())));
  }

  private static Map<String, Long> orNone(Map<String, Long> found) {
    return found == null ? Map.of() : found;
  }

  /** Newest accepted seq of each conversation. */
  Future<Map<String, Long>> accepted(Collection<String> conversations) {
    return accepted(List.copyOf(conversations), 0, new HashMap<>());
  }

  /** The user's direct conversations and the device's rooms. */
  Future<List<Standing>> of(Identity who) {
    return kept(who)
        .compose(
            kept ->
                accepted(kept.rooms())
                    .map(
                        heads -> {
                          List<Standing> all = new ArrayList<>();
                          kept.direct()
                              .forEach((c, head) -> all.add(at(c, kept.cursor(c, 0), head)));
                          kept.rooms()
                              .forEach(c -> all.add(at(c, kept.cursor(c, 0), headIn(heads, c))));
                          return all;
                        }));
  }

  /**
   * A standing, at the head at most. A cursor is above the head when a client acknowledged what it
   * never got, or when what it got was lost with Redis before it was stored: then these seqs are
   * given once more, and a device that stood above the head would miss what gets them. Between an
   * acceptance and its storing a head that is read from the store may be behind too, and the cut
   * costs a repeat.
   */
  static Standing at(String conversation, long after, long head) {
    return Standing.newBuilder()
        .setConversation(conversation)
        .setAfter(Math.min(after, head))
        .setHead(head)
        .build();
  }

  static long headIn(Map<String, Long> heads, String conversation) {
    return heads.getOrDefault(conversation, 0L);
  }

  private Future<Map<String, Long>> accepted(
      List<String> conversations, int first, Map<String, Long> found) {
    if (first >= conversations.size()) {
      return Future.succeededFuture(found);
    }
    int next = Math.min(first + HEADS_AT_ONCE, conversations.size());
    return queue
        .heads(conversations.subList(first, next))
        .compose(
            some -> {
              found.putAll(some);
              return accepted(conversations, next, found);
            });
  }

  /**
   * @param direct newest stored seq of the user's direct conversations
   * @param cursors of the device, by conversation
   */
  record Kept(Map<String, Long> direct, Map<String, Long> cursors) {
    /** The conversations of the rooms that the device is in. */
    List<String> rooms() {
      return cursors.keySet().stream().filter(Conversations::isRoom).toList();
    }

    long cursor(String conversation, long otherwise) {
      return cursors.getOrDefault(conversation, otherwise);
    }
  }
}
