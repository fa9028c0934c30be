package chat.parley.connect;

import chat.parley.bus.Addresses;
import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.CheckConnections;
import chat.parley.proto.Connection;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.ConnectionsChecked;
import chat.parley.proto.CursorsSaved;
import chat.parley.proto.DeviceCursor;
import chat.parley.proto.EndedConnection;
import chat.parley.proto.Failure;
import chat.parley.proto.FindUser;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.ReadUserHeads;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMember;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SaveCursors;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendMessages;
import chat.parley.proto.SendResult;
import chat.parley.proto.Standing;
import chat.parley.proto.UserFound;
import chat.parley.proto.UserHead;
import chat.parley.proto.UserHeads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What logic knows of devices, for {@link Rooms}: cursors, connections, batches of messages. */
final class Devices {
  private final Rooms rooms;
  private final Map<Long, Map<String, Long>> cursors = new HashMap<>();
  private final Map<String, Long> connections = new HashMap<>();
  private final Map<String, ErrorCode> refusals = new HashMap<>();
  private final List<SaveCursors> saved = new ArrayList<>();
  private final List<SendMessages> batches = new ArrayList<>();
  private final List<JoinRoom> joins = new ArrayList<>();
  private boolean silent;
  private int members = 2;
  private int asked;
  private final Set<Long> stood = new HashSet<>();

  Devices(Rooms rooms) {
    this.rooms = rooms;
  }

  void serve() {
    rooms.on(Addresses.CHECK_AUTH, (CheckAuth request) -> rooms.who(request.getToken()));
    rooms.on(Addresses.OPEN_CONNECTION, this::open);
    rooms.on(Addresses.SEND_MANY, this::send);
    rooms.on(Addresses.LEAVE_ROOM, this::leave);
    rooms.on(Addresses.SAVE_CURSORS, this::save);
    rooms.on(Addresses.USER_HEADS, this::heads);
    rooms.on(Addresses.CHECK_CONNECTIONS, this::check);
    rooms.on(Addresses.HISTORY, this::history);
    rooms.on(Addresses.MEMBERS, this::members);
    rooms.on(Addresses.FIND_USER, this::find);
  }

  /** The device has this conversation up to a seq; a room is one that it is in. */
  synchronized void cursor(long deviceId, String conversation, long seq) {
    of(deviceId).put(conversation, seq);
  }

  synchronized Long cursorOf(long deviceId, String conversation) {
    return of(deviceId).get(conversation);
  }

  /** Requests to save cursors so far. */
  synchronized List<SaveCursors> saved() {
    return List.copyOf(saved);
  }

  synchronized List<SendMessages> batches() {
    return List.copyOf(batches);
  }

  synchronized List<JoinRoom> joins() {
    return List.copyOf(joins);
  }

  /** Requests for members so far. */
  synchronized int asked() {
    return asked;
  }

  /** Every room has so many members. */
  synchronized void roomsOf(int count) {
    members = count;
  }

  /** The next message of this text is refused; the one after it is not. */
  synchronized void refuse(String text, ErrorCode code) {
    refusals.put(text, code);
  }

  /** From now on nobody is told of new connections. */
  synchronized void silent() {
    silent = true;
  }

  private synchronized ConnectionAdmitted open(OpenConnection request) {
    Identity who = rooms.who(request.getToken());
    Map<String, Long> known = of(who.getDeviceId());
    known.putAll(request.getCursorsMap());
    long number = connections.merge(who.getSessionId(), 1L, Long::sum);
    ConnectionAdmitted.Builder admitted =
        ConnectionAdmitted.newBuilder().setIdentity(who).setNumber(number);
    for (String conversation : rooms.conversations()) {
      if (Conversations.peerOf(conversation, who.getUserId()) != 0) {
        known.putIfAbsent(conversation, request.getSkipBacklog() ? rooms.head(conversation) : 0);
      }
    }
    known.forEach(
        (conversation, after) ->
            admitted.addStandings(
                Standing.newBuilder()
                    .setConversation(conversation)
                    .setAfter(after)
                    .setHead(rooms.head(conversation))));
    if (!silent) {
      rooms.tell(
          who.getUserId(),
          ConnectionOpened.newBuilder()
              .setUserId(who.getUserId())
              .setSessionId(who.getSessionId())
              .setNumber(number)
              .build());
    }
    return admitted.build();
  }

  synchronized RoomJoined join(JoinRoom request) {
    joins.add(request);
    Identity who = rooms.who(request.getToken());
    if (request.getRoomId() <= 0) {
      throw new ChatError(ErrorCode.BAD_REQUEST, "roomId must be above 0");
    }
    if (replaced(who, request.getConnection())) {
      return RoomJoined.newBuilder().setReplaced(true).build();
    }
    String room = Conversations.ofRoom(request.getRoomId());
    if (request.hasAfter()) {
      of(who.getDeviceId()).put(room, request.getAfter());
    }
    long after = of(who.getDeviceId()).computeIfAbsent(room, rooms::head);
    return RoomJoined.newBuilder()
        .setIdentity(who)
        .setHead(rooms.head(room))
        .setAfter(after)
        .build();
  }

  private synchronized RoomLeft leave(LeaveRoom request) {
    Identity who = rooms.who(request.getToken());
    if (replaced(who, request.getConnection())) {
      return RoomLeft.newBuilder().setReplaced(true).build();
    }
    of(who.getDeviceId()).remove(Conversations.ofRoom(request.getRoomId()));
    return RoomLeft.getDefaultInstance();
  }

  private boolean replaced(Identity who, long connection) {
    return connection > 0 && connections.getOrDefault(who.getSessionId(), 0L) > connection;
  }

  private synchronized MessagesSent send(SendMessages request) {
    batches.add(request);
    rooms.who(request.getToken());
    MessagesSent.Builder sent = MessagesSent.newBuilder();
    boolean broken = false;
    for (SendMessage message : request.getMessagesList()) {
      ErrorCode code = broken ? ErrorCode.UNAVAILABLE : refusals.remove(message.getText());
      SendResult.Builder result = SendResult.newBuilder();
      if (code == null) {
        result.setAck(rooms.send(message.toBuilder().setToken(request.getToken()).build()));
      } else {
        broken |= code.retryable();
        result.setFailure(
            Failure.newBuilder()
                .setCode(code.number())
                .setMessage("refused: " + message.getText()));
      }
      sent.addResults(result);
    }
    return sent.build();
  }

  private synchronized CursorsSaved save(SaveCursors request) {
    saved.add(request);
    for (DeviceCursor cursor : request.getCursorsList()) {
      of(cursor.getDeviceId())
          .computeIfPresent(
              cursor.getConversation(), (name, seq) -> Math.max(seq, cursor.getSeq()));
    }
    return CursorsSaved.getDefaultInstance();
  }

  /** Waits until it was asked where the conversations of a user with v1 sessions stand. */
  void awaitStood(long userId) {
    Await.until("user " + userId + " stands", () -> hasStood(userId));
  }

  private synchronized boolean hasStood(long userId) {
    return stood.contains(userId);
  }

  private synchronized UserHeads heads(ReadUserHeads request) {
    if (request.getAccepted()) {
      stood.addAll(request.getUserIdsList());
    }
    UserHeads.Builder heads = UserHeads.newBuilder();
    for (long userId : request.getUserIdsList()) {
      for (String conversation : rooms.conversations()) {
        if (Conversations.peerOf(conversation, userId) != 0) {
          heads.addHeads(
              UserHead.newBuilder()
                  .setUserId(userId)
                  .setConversation(conversation)
                  .setHead(rooms.head(conversation)));
        }
      }
    }
    return heads.build();
  }

  private synchronized ConnectionsChecked check(CheckConnections request) {
    ConnectionsChecked.Builder checked = ConnectionsChecked.newBuilder();
    for (Connection connection : request.getConnectionsList()) {
      long newest = connections.getOrDefault(connection.getSessionId(), 0L);
      if (newest != connection.getNumber()) {
        checked.addEnded(
            EndedConnection.newBuilder()
                .setSessionId(connection.getSessionId())
                .setNumber(connection.getNumber())
                .setReplaced(newest != 0));
      }
    }
    return checked.build();
  }

  /** The session has ended, and nobody is told. */
  void end(String token) {
    String session = rooms.who(token).getSessionId();
    synchronized (this) {
      connections.remove(session);
    }
  }

  private HistoryPage history(ReadHistory request) {
    List<chat.parley.proto.ChatMessage> all = rooms.of(request.getConversation());
    int from = (int) Math.min(request.getAfter(), all.size());
    int to = Math.min(all.size(), from + request.getLimit());
    return HistoryPage.newBuilder()
        .addAllMessages(all.subList(from, to))
        .setHasMore(to < all.size())
        .build();
  }

  private synchronized RoomMembers members(ReadMembers request) {
    asked++;
    RoomMembers.Builder all = RoomMembers.newBuilder().setCount(members);
    for (int i = 1; i <= members; i++) {
      all.addMembers(RoomMember.newBuilder().setUserId(i).setUserName("member number " + i));
    }
    return all.build();
  }

  private UserFound find(FindUser request) {
    if (request.getUserName().isEmpty()) {
      throw new ChatError(ErrorCode.NOT_FOUND, "no such user");
    }
    return UserFound.newBuilder()
        .setUserId(9)
        .setUserName(request.getUserName())
        .setConversation(Conversations.ofPair(rooms.who(request.getToken()).getUserId(), 9))
        .build();
  }

  private Map<String, Long> of(long deviceId) {
    return cursors.computeIfAbsent(deviceId, id -> new HashMap<>());
  }
}
