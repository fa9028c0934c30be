package chat.parley.connect;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.HistoryPage;
import chat.parley.proto.v2.Join;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.Leave;
import chat.parley.proto.v2.Left;
import chat.parley.proto.v2.Member;
import chat.parley.proto.v2.Members;
import chat.parley.proto.v2.ReadHistory;
import chat.parley.proto.v2.ReadMembers;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.User;
import chat.parley.wire.V2Messages;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;

/**
 * What a v2 client asks for, beside sending: each request is answered once, with what it asked for
 * or with an Error.
 *
 * <p>Belongs to one event loop.
 */
final class V2Requests {
  private static final Counter REFUSALS = Bounds.refusals("requests-of-a-session");

  /** Requests of one session under way before more are refused. */
  private static final int MAX_UNDER_WAY = 16;

  /** Members in one answer; the count is always that of all. */
  private static final int MAX_MEMBERS = 10_000;

  private final V2Session session;
  private final Bucket bucket;
  private Future<?> memberships = Future.succeededFuture();
  private int underWay;

  V2Requests(V2Session session) {
    this.session = session;
    this.bucket = session.bucket();
  }

  /** Whether a request waits for its answer. */
  boolean busy() {
    return underWay > 0;
  }

  void join(int ref, Join join) {
    chat.parley.proto.JoinRoom.Builder request =
        chat.parley.proto.JoinRoom.newBuilder()
            .setToken(session.token())
            .setRoomId(join.getRoomId())
            .setConnection(session.number());
    if (join.hasAfter()) {
      request.setAfter(join.getAfter());
    }
    answer(
        ref,
        () ->
            inOrder(
                () ->
                    bucket
                        .turns()
                        .take(session, () -> bucket.logic().joinRoom(request.build()))
                        .compose(joined -> entered(join, joined))));
  }

  void leave(int ref, Leave leave) {
    chat.parley.proto.LeaveRoom request =
        chat.parley.proto.LeaveRoom.newBuilder()
            .setToken(session.token())
            .setRoomId(leave.getRoomId())
            .setConnection(session.number())
            .build();
    answer(
        ref, () -> inOrder(() -> bucket.logic().leaveRoom(request).map(left -> left(leave, left))));
  }

  private ServerFrame.Builder left(Leave leave, RoomLeft left) {
    if (left.getReplaced()) {
      throw replaced();
    }
    Line line = session.lines().get(Conversations.ofRoom(leave.getRoomId()));
    if (line != null) {
      session.lines().remove(line);
    }
    return ServerFrame.newBuilder().setLeft(Left.newBuilder().setRoomId(leave.getRoomId()));
  }

  /** Joins and leaves of a session take place one after the other, as the client sent them. */
  private Future<ServerFrame.Builder> inOrder(Request request) {
    Future<ServerFrame.Builder> next = memberships.transform(before -> request.perform());
    memberships = next;
    return next;
  }

  void history(int ref, ReadHistory read) {
    int most = bucket.v2().maxHistoryPage();
    chat.parley.proto.ReadHistory.Builder request =
        chat.parley.proto.ReadHistory.newBuilder()
            .setToken(session.token())
            .setConversation(read.getConversation())
            .setBefore(read.getBefore())
            .setLimit(read.getLimit() == 0 ? most : Math.min(read.getLimit(), most));
    if (read.hasAfter()) {
      request.setAfter(read.getAfter());
    }
    if (!session.out().drained()) {
      session.refuse(
          ref,
          "",
          new ChatError(ErrorCode.OVERLOADED, "read what was sent before, then please try again"));
      return;
    }
    answer(
        ref,
        () ->
            bucket
                .logic()
                .history(request.build())
                .map(page -> page(read.getConversation(), page)));
  }

  void members(int ref, ReadMembers read) {
    chat.parley.proto.ReadMembers request =
        chat.parley.proto.ReadMembers.newBuilder()
            .setToken(session.token())
            .setRoomId(read.getRoomId())
            .build();
    answer(
        ref,
        () ->
            bucket
                .logic()
                .members(request)
                .map(
                    room -> {
                      Members.Builder members =
                          Members.newBuilder()
                              .setRoomId(read.getRoomId())
                              .setCount(room.getCount());
                      room.getMembersList().stream()
                          .limit(MAX_MEMBERS)
                          .forEach(
                              member ->
                                  members.addMembers(
                                      Member.newBuilder()
                                          .setUserId(member.getUserId())
                                          .setUserName(member.getUserName())));
                      return ServerFrame.newBuilder().setMembers(members);
                    }));
  }

  void find(int ref, FindUser find) {
    chat.parley.proto.FindUser.Builder request =
        chat.parley.proto.FindUser.newBuilder().setToken(session.token());
    switch (find.getByCase()) {
      case USER_NAME -> request.setUserName(find.getUserName());
      case USER_ID -> request.setUserId(find.getUserId());
      case BY_NOT_SET -> {}
    }
    answer(
        ref,
        () ->
            bucket
                .logic()
                .findUser(request.build())
                .map(
                    user ->
                        ServerFrame.newBuilder()
                            .setUser(
                                User.newBuilder()
                                    .setUserId(user.getUserId())
                                    .setUserName(user.getUserName())
                                    .setConversation(user.getConversation()))));
  }

  /** The device is in the room: takes a seat, or goes on from another place than its seat has. */
  private Future<ServerFrame.Builder> entered(Join join, RoomJoined joined) {
    if (session.closing()) {
      return Future.failedFuture(new ChatError(ErrorCode.SHUTTING_DOWN, "closed"));
    }
    if (joined.getReplaced()) {
      return Future.failedFuture(replaced());
    }
    String conversation = Conversations.ofRoom(join.getRoomId());
    Line known = session.lines().get(conversation);
    boolean anew = known == null;
    Line line = anew ? new Line(session, conversation, joined.getAfter(), 0) : known;
    line.muted(true);
    long after = anew || join.hasAfter() ? joined.getAfter() : line.acknowledged();
    RoomTopic room =
        anew ? bucket.enterRoom(line, join.getRoomId(), joined.getHead()) : line.room();
    session.lines().put(line);
    line.room(room);
    line.reach(Math.max(joined.getHead(), room.last()));
    return room.live()
        .map(
            live -> {
              if (!anew && join.hasAfter()) {
                line.from(after);
              }
              return ServerFrame.newBuilder()
                  .setJoined(
                      Joined.newBuilder()
                          .setRoomId(join.getRoomId())
                          .setConversation(conversation)
                          .setHead(joined.getHead())
                          .setAfter(after));
            })
        .onSuccess(answered -> bucket.context().runOnContext(v -> begin(line)))
        .onFailure(failed -> session.lines().remove(line));
  }

  /** What is said on a connection that was replaced may have been on its way since before that. */
  private ChatError replaced() {
    session.close(CloseReason.REPLACED);
    return new ChatError(ErrorCode.SHUTTING_DOWN, "the device connected again");
  }

  /** The client has been told. */
  private void begin(Line line) {
    line.muted(false);
    session.behind(line);
  }

  private static ServerFrame.Builder page(
      String conversation, chat.parley.proto.HistoryPage found) {
    HistoryPage.Builder page =
        HistoryPage.newBuilder().setConversation(conversation).setHasMore(found.getHasMore());
    found.getMessagesList().forEach(message -> page.addMessages(V2Messages.of(message)));
    return ServerFrame.newBuilder().setHistoryPage(page);
  }

  private void answer(int ref, Request request) {
    if (session.tooFast()) {
      session.refuse(ref, "", session.tooFastError());
      bucket.flush();
      return;
    }
    if (underWay >= MAX_UNDER_WAY) {
      REFUSALS.increment();
      session.refuse(
          ref,
          "",
          new ChatError(
              ErrorCode.TOO_MANY_IN_FLIGHT,
              "at most "
                  + MAX_UNDER_WAY
                  + " requests may wait for their answer, please try again"));
      bucket.flush();
      return;
    }
    underWay++;
    request
        .perform()
        .onComplete(
            done -> {
              underWay--;
              if (session.closing()) {
                return;
              }
              if (done.succeeded()) {
                session.answer(done.result().setRe(ref));
              } else {
                session.refuse(ref, "", ChatError.of(done.cause()));
              }
              bucket.flush();
            });
  }

  /** A request to logic, and what becomes of its answer. */
  private interface Request {
    Future<ServerFrame.Builder> perform();
  }
}
