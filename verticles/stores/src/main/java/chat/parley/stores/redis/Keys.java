package chat.parley.stores.redis;

/**
 * Every key in Redis. Keys that one script touches share a hash tag, so that a Redis Cluster can
 * hold them. "Ends" says what removes a key; what says "never" is as durable as Redis is.
 *
 * <table>
 * <caption>The keys</caption>
 * <tr><th>key</th><th>owner</th><th>type</th><th>holds</th><th>ends</th></tr>
 * <tr><td>{@code parley:{pN}:queue}</td><td>RedisPushQueue</td><td>list</td><td>encoded
 * ChatMessages, newest at the head</td><td>trimmed behind the worker</td></tr>
 * <tr><td>{@code parley:{pN}:trimmed}</td><td>RedisPushQueue</td><td>string</td><td>position of the
 * oldest entry</td><td>never</td></tr>
 * <tr><td>{@code parley:{pN}:seqs}</td><td>RedisPushQueue</td><td>hash</td><td>conversation →
 * newest seq</td><td>never</td></tr>
 * <tr><td>{@code parley:{pN}:ack:CONVERSATION:SENDER:ID}</td><td>RedisPushQueue</td><td>string</td>
 * <td>seq:id:accepted-at of a client message id</td><td>redis.remember-ids</td></tr>
 * <tr><td>{@code parley:{pN}:lease}</td><td>RedisPartitions</td><td>string</td><td>owner:token</td>
 * <td>redis.partition-lease, renewed</td></tr>
 * <tr><td>{@code parley:{pN}:fence}</td><td>RedisPartitions</td><td>string</td><td>last fencing
 * token</td><td>never</td></tr>
 * <tr><td>{@code parley:workers}</td><td>RedisPartitions</td><td>zset</td><td>worker → ms when it
 * counts as dead</td><td>with its last worker</td></tr>
 * <tr><td>{@code parley:{sessions}:SHA256}</td><td>RedisSessionStore</td><td>hash</td><td>user,
 * name, device (of a device's session), connection (number of the newest one), a field for each
 * joined room</td><td>redis.session-ttl or redis.device-session-ttl, renewed by a connection</td>
 * </tr>
 * <tr><td>{@code parley:{sessions}:v1:USER}</td><td>RedisSessionStore</td><td>string</td><td>the
 * user's v1 session</td><td>with its session</td></tr>
 * <tr><td>{@code parley:{sessions}:device:DEVICE}</td><td>RedisSessionStore</td><td>string</td>
 * <td>the device's session</td><td>with its session</td></tr>
 * <tr><td>{@code parley:{mesh}:nodes}</td><td>RedisNodeLeases</td><td>zset</td><td>node → ms when its
 * lease ends</td><td>swept after the lease</td></tr>
 * <tr><td>{@code parley:{mesh}:numbers}</td><td>RedisNodeLeases</td><td>zset</td><td>snowflake
 * number → ms until it is or was held</td><td>never, at most 1,024 members</td></tr>
 * <tr><td>{@code parley:{mesh}:numbers-of-nodes}</td><td>RedisNodeLeases</td><td>hash</td><td>node →
 * number</td><td>swept after the lease</td></tr>
 * <tr><td>{@code parley:{mesh}:topic:TOPIC}</td><td>RedisTopics</td><td>set</td><td>buckets</td>
 * <td>with its last bucket</td></tr>
 * <tr><td>{@code parley:{mesh}:topics-of:NODE}</td><td>RedisTopics</td><td>set</td>
 * <td>bucket|topic</td><td>swept after the lease</td></tr>
 * <tr><td>{@code parley:{mesh}:room:ROOM}</td><td>RedisPresence</td><td>hash</td><td>bucket|user →
 * name</td><td>with its last user</td></tr>
 * <tr><td>{@code parley:{mesh}:presence-of:NODE}</td><td>RedisPresence</td><td>set</td>
 * <td>room|bucket|user</td><td>swept after the lease</td></tr>
 * <tr><td>{@code parley:{mesh}:room-versions}</td><td>RedisPresence</td><td>hash</td><td>room →
 * number of changes</td><td>never</td></tr>
 * <tr><td>{@code parley:{limits}:KIND:SHA256}</td><td>RedisQuotas</td><td>string</td><td>ms when the
 * quota is full again</td><td>at that moment</td></tr>
 * </table>
 */
final class Keys {
  static final String WORKERS = "parley:workers";

  static final String SESSION_PREFIX = "parley:{sessions}:";
  static final String V1_SESSION_PREFIX = SESSION_PREFIX + "v1:";
  static final String DEVICE_SESSION_PREFIX = SESSION_PREFIX + "device:";

  static final String NODES = "parley:{mesh}:nodes";
  static final String NUMBERS = "parley:{mesh}:numbers";
  static final String NUMBERS_OF_NODES = "parley:{mesh}:numbers-of-nodes";
  static final String ROOM_VERSIONS = "parley:{mesh}:room-versions";
  static final String TOPIC_PREFIX = "parley:{mesh}:topic:";
  static final String TOPICS_OF_PREFIX = "parley:{mesh}:topics-of:";
  static final String ROOM_PREFIX = "parley:{mesh}:room:";
  static final String PRESENCE_OF_PREFIX = "parley:{mesh}:presence-of:";

  private Keys() {}

  static String queue(int partition) {
    return ofPartition(partition, "queue");
  }

  static String trimmed(int partition) {
    return ofPartition(partition, "trimmed");
  }

  static String seqs(int partition) {
    return ofPartition(partition, "seqs");
  }

  static String ack(int partition, String conversation, long senderId, String clientMessageId) {
    return ofPartition(partition, "ack:" + conversation + ":" + senderId + ":" + clientMessageId);
  }

  static String lease(int partition) {
    return ofPartition(partition, "lease");
  }

  static String fence(int partition) {
    return ofPartition(partition, "fence");
  }

  static String session(String sessionId) {
    return SESSION_PREFIX + sessionId;
  }

  static String v1SessionOf(long userId) {
    return V1_SESSION_PREFIX + userId;
  }

  static String sessionOfDevice(long deviceId) {
    return DEVICE_SESSION_PREFIX + deviceId;
  }

  static String topic(String topic) {
    return TOPIC_PREFIX + topic;
  }

  static String topicsOf(String nodeId) {
    return TOPICS_OF_PREFIX + nodeId;
  }

  static String room(long roomId) {
    return ROOM_PREFIX + roomId;
  }

  static String presenceOf(String nodeId) {
    return PRESENCE_OF_PREFIX + nodeId;
  }

  static String quota(String kind, String subject) {
    return "parley:{limits}:" + kind + ":" + subject;
  }

  /** The node of a bucket's name, {@code node/number}. */
  static String nodeOf(String bucket) {
    int slash = bucket.lastIndexOf('/');
    return slash < 0 ? bucket : bucket.substring(0, slash);
  }

  private static String ofPartition(int partition, String what) {
    return "parley:{p" + partition + "}:" + what;
  }
}
