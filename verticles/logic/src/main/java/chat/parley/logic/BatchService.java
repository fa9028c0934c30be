package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.Identity;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.SendMessages;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Accepts the messages of one sender in their order, without a wait for each.
 *
 * <p>What is promised: messages of one conversation get ascending seqs in the order of the request.
 * After one that was refused and may be sent again, the following ones of its conversation are
 * refused with the same error, but for those that had been accepted before.
 */
final class BatchService {
  private static final int MAX_MESSAGES = 512;

  private final Sessions sessions;
  private final UserNames names;
  private final Acceptance acceptance;
  private final boolean openRooms;

  BatchService(
      Sessions sessions,
      UserNames names,
      Acceptance acceptance,
      LogicSettings.RoomPosting roomPosting) {
    this.sessions = sessions;
    this.names = names;
    this.acceptance = acceptance;
    this.openRooms = roomPosting == LogicSettings.RoomPosting.OPEN;
  }

  /**
   * Answers each message by itself, with its ack or its error. The Future fails only when none of
   * them was taken.
   */
  Future<MessagesSent> send(SendMessages request) {
    Fields.token(request.getToken());
    if (request.getMessagesCount() > MAX_MESSAGES) {
      throw Fields.bad(
          "at most "
              + MAX_MESSAGES
              + " messages may be sent at once, not "
              + request.getMessagesCount());
    }
    return sender(request)
        .compose(
            sender ->
                new Batch(sender.identity, acceptance, names)
                    .send(request.getMessagesList(), sender.refused));
  }

  /** One look-up; one for each room when the batch is for several. */
  private Future<Sender> sender(SendMessages request) {
    Map<Long, Future<Identity>> inRooms = new LinkedHashMap<>();
    if (!openRooms) {
      request.getMessagesList().stream()
          .filter(m -> m.hasRoomId() && m.getRoomId() > 0)
          .forEach(
              m ->
                  inRooms.computeIfAbsent(
                      m.getRoomId(), room -> sessions.inRoom(request.getToken(), room)));
    }
    if (inRooms.isEmpty()) {
      return sessions.find(request.getToken()).map(who -> new Sender(who, Map.of()));
    }
    return Future.join(List.copyOf(inRooms.values()))
        .transform(asked -> senderIn(inRooms, request.getToken()));
  }

  private Future<Sender> senderIn(Map<Long, Future<Identity>> inRooms, String token) {
    Map<Long, ChatError> refused = new HashMap<>();
    Identity identity = null;
    for (Map.Entry<Long, Future<Identity>> room : inRooms.entrySet()) {
      if (room.getValue().succeeded()) {
        identity = room.getValue().result();
        continue;
      }
      ChatError error = ChatError.of(room.getValue().cause());
      if (error.code() != ErrorCode.FORBIDDEN) {
        return Future.failedFuture(error);
      }
      refused.put(room.getKey(), error);
    }
    return identity != null
        ? Future.succeededFuture(new Sender(identity, refused))
        : sessions.find(token).map(who -> new Sender(who, refused));
  }

  /** Who sends, and to which of the rooms that were asked for not. */
  private record Sender(Identity identity, Map<Long, ChatError> refused) {}
}
