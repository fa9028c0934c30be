package chat.parley.stores.redis;

import chat.parley.stores.Presence;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Presence as one hash for each room, read together with the nodes whose lease holds. */
final class RedisPresence implements Presence {
  private final RedisLink link;

  RedisPresence(RedisLink link) {
    this.link = link;
  }

  @Override
  public Future<Void> enter(String bucket, long roomId, long userId, String userName) {
    String node = Keys.nodeOf(bucket);
    return link.eval(
            Script.PRESENCE_ENTER,
            List.of(Keys.room(roomId), Keys.presenceOf(node), Keys.NODES, Keys.ROOM_VERSIONS),
            fieldOf(bucket, userId),
            userName,
            roomId,
            node)
        .mapEmpty();
  }

  @Override
  public Future<Void> leave(String bucket, long roomId, long userId) {
    return link.eval(
            Script.PRESENCE_LEAVE,
            List.of(Keys.room(roomId), Keys.presenceOf(Keys.nodeOf(bucket)), Keys.ROOM_VERSIONS),
            fieldOf(bucket, userId),
            roomId)
        .mapEmpty();
  }

  @Override
  public Future<SortedMap<Long, String>> members(long roomId) {
    return link.eval(Script.PRESENCE_MEMBERS, List.of(Keys.room(roomId), Keys.NODES))
        .map(reply -> members(reply.get(0), reply.get(1)));
  }

  @Override
  public Future<Integer> count(long roomId) {
    return members(roomId).map(Map::size);
  }

  @Override
  public Future<Map<Long, Long>> versions(Collection<Long> roomIds) {
    if (roomIds.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    List<Long> rooms = List.copyOf(roomIds);
    List<Object> command = new ArrayList<>(rooms.size() + 2);
    command.add("HMGET");
    command.add(Keys.ROOM_VERSIONS);
    command.addAll(rooms);
    return link.call(command.toArray())
        .map(
            reply -> {
              Map<Long, Long> versions = new HashMap<>();
              for (int i = 0; i < rooms.size(); i++) {
                versions.put(rooms.get(i), reply.get(i) == null ? 0L : reply.get(i).toLong());
              }
              return versions;
            });
  }

  /** Reads a flat list of fields and values: {@code bucket|user}, name. */
  private static SortedMap<Long, String> members(Response liveNodes, Response fields) {
    Set<String> live = new HashSet<>();
    liveNodes.forEach(node -> live.add(node.toString()));
    SortedMap<Long, String> members = new TreeMap<>();
    for (int i = 0; i < fields.size(); i += 2) {
      String field = fields.get(i).toString();
      int bar = field.lastIndexOf('|');
      if (live.contains(Keys.nodeOf(field.substring(0, bar)))) {
        members.put(Long.parseLong(field.substring(bar + 1)), fields.get(i + 1).toString());
      }
    }
    return members;
  }

  private static String fieldOf(String bucket, long userId) {
    return bucket + "|" + userId;
  }
}
