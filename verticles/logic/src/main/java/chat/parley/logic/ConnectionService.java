package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.CheckConnections;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.ConnectionsChecked;
import chat.parley.proto.DeviceCursor;
import chat.parley.proto.Identity;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.Standing;
import chat.parley.stores.CursorStore;
import chat.parley.stores.DeviceStore;
import chat.parley.stores.SessionStore;
import chat.parley.stores.SessionStore.Asker;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Connections of devices: which one is the newest, and what is to be sent on it. */
final class ConnectionService {
  private static final int MAX_ROOMS = 1_000;

  private final Sessions sessions;
  private final SessionStore store;
  private final Gathered<Long, Long> seenDevices;
  private final CursorStore cursors;
  private final Standings standings;
  private final Nodes nodes;

  ConnectionService(
      Sessions sessions,
      SessionStore store,
      DeviceStore devices,
      CursorStore cursors,
      Standings standings,
      Nodes nodes) {
    this.sessions = sessions;
    this.store = store;
    this.seenDevices = new Gathered<>(devices::seen);
    this.cursors = cursors;
    this.standings = standings;
    this.nodes = nodes;
  }

  /**
   * Opens a connection of a device's session, and ends its earlier ones.
   *
   * <p>Its number is taken last: a request that is refused leaves the connection that there is. An
   * attempt that was overtaken changes nothing: its cursors may name rooms that the device has
   * left.
   */
  Future<ConnectionAdmitted> open(OpenConnection request, Deadline deadline) {
    Fields.token(request.getToken());
    Fields.attempt(request.getInstance(), request.getAttempt());
    request.getCursorsMap().forEach(Fields::cursor);
    return sessions
        .find(request.getToken())
        .compose(
            who -> {
              ofADevice(who);
              request.getCursorsMap().keySet().forEach(c -> Fields.readable(c, who.getUserId()));
              Future<Standings.Kept> kept = standings.kept(who);
              return Future.all(stillThere(request.getToken(), who), kept)
                  .compose(both -> entered(request, kept.result(), deadline))
                  .compose(
                      entered ->
                          entered.replaced()
                              ? Future.succeededFuture(overtaken(who))
                              : standingsOf(request, who, kept.result(), deadline)
                                  .compose(all -> deadline.before(() -> numbered(request, all))));
            });
  }

  /** Those that are not the newest connection of a session that is there. */
  Future<ConnectionsChecked> check(CheckConnections request) {
    return store
        .ended(request.getConnectionsList())
        .map(ended -> ConnectionsChecked.newBuilder().addAllEnded(ended).build());
  }

  private static void ofADevice(Identity who) {
    if (who.getDeviceId() == 0) {
      throw new ChatError(
          ErrorCode.FORBIDDEN, "this token belongs to no device: log in at /api/v2/login");
    }
  }

  /** A revocation that died half-way may have left a session of a device that is gone. */
  private Future<Void> stillThere(String token, Identity who) {
    return seenDevices
        .find(who.getDeviceId())
        .compose(
            user ->
                user != null && user == who.getUserId()
                    ? Future.succeededFuture()
                    : store
                        .end(token)
                        .compose(ended -> Future.failedFuture(Sessions.unauthenticated())));
  }

  private static Set<String> roomsOf(OpenConnection request, Standings.Kept kept) {
    Set<String> rooms = new LinkedHashSet<>(kept.rooms());
    request.getCursorsMap().keySet().stream().filter(Conversations::isRoom).forEach(rooms::add);
    if (rooms.size() > MAX_ROOMS) {
      throw new ChatError(
          ErrorCode.FORBIDDEN,
          "a device may be in at most " + MAX_ROOMS + " rooms, not " + rooms.size());
    }
    return rooms;
  }

  /** A session that a device has just opened knows none of its rooms yet. */
  private Future<SessionStore.Change> entered(
      OpenConnection request, Standings.Kept kept, Deadline deadline) {
    List<Long> rooms = roomsOf(request, kept).stream().map(Conversations::roomOf).toList();
    Asker asker = Asker.attempt(request.getInstance(), request.getAttempt());
    return deadline
        .before(() -> store.admit(request.getToken(), rooms, asker))
        .map(found -> found.orElseThrow(Sessions::unauthenticated));
  }

  private static ConnectionAdmitted overtaken(Identity who) {
    return ConnectionAdmitted.newBuilder().setIdentity(who).build();
  }

  private Future<List<Standing>> standingsOf(
      OpenConnection request, Identity who, Standings.Kept kept, Deadline deadline) {
    Map<String, Long> named = request.getCursorsMap();
    Set<String> rooms = roomsOf(request, kept);
    List<Standing> all = new ArrayList<>();
    kept.direct()
        .forEach(
            (conversation, head) -> {
              long unread = request.getSkipBacklog() ? head : 0;
              long cursor = named.getOrDefault(conversation, kept.cursor(conversation, unread));
              all.add(Standings.at(conversation, cursor, head));
            });
    return standings
        .accepted(rooms)
        .compose(
            heads -> {
              for (String room : rooms) {
                long cursor = named.getOrDefault(room, kept.cursor(room, 0));
                all.add(Standings.at(room, cursor, Standings.headIn(heads, room)));
              }
              return deadline.before(() -> begun(who.getDeviceId(), all, kept));
            })
        .compose(begun -> skipped(request, who.getDeviceId(), all, kept))
        .map(all);
  }

  /** Rooms that were named and not joined before. */
  private Future<Void> begun(long deviceId, List<Standing> all, Standings.Kept kept) {
    List<Standing> unknown =
        all.stream()
            .filter(s -> Conversations.isRoom(s.getConversation()))
            .filter(s -> !kept.cursors().containsKey(s.getConversation()))
            .toList();
    return InGroups.each(unknown, s -> cursors.begin(deviceId, s.getConversation(), s.getAfter()));
  }

  /**
   * What a device skips, it has skipped for good: else it would skip, when it comes back, what was
   * said while it was away.
   */
  private Future<Void> skipped(
      OpenConnection request, long deviceId, List<Standing> all, Standings.Kept kept) {
    List<DeviceCursor> skipped = new ArrayList<>();
    for (Standing s : all) {
      String conversation = s.getConversation();
      if (request.getSkipBacklog()
          && Conversations.isDirect(conversation)
          && !request.containsCursors(conversation)
          && !kept.cursors().containsKey(conversation)) {
        skipped.add(
            DeviceCursor.newBuilder()
                .setDeviceId(deviceId)
                .setConversation(conversation)
                .setSeq(s.getAfter())
                .build());
      }
    }
    return skipped.isEmpty() ? Future.succeededFuture() : cursors.save(skipped);
  }

  private Future<ConnectionAdmitted> numbered(OpenConnection request, List<Standing> all) {
    return store
        .connect(request.getToken(), request.getInstance(), request.getAttempt())
        .map(found -> found.orElseThrow(Sessions::unauthenticated))
        .compose(
            connected ->
                told(connected)
                    .map(
                        told ->
                            ConnectionAdmitted.newBuilder()
                                .setIdentity(connected.identity())
                                .setNumber(connected.number())
                                .addAllStandings(all)
                                .build()));
  }

  /** An attempt that was overtaken is nobody's news. */
  private Future<Void> told(SessionStore.Connected connected) {
    return connected.number() == 0
        ? Future.succeededFuture()
        : nodes.connectionOpened(connected.identity(), connected.number());
  }
}
