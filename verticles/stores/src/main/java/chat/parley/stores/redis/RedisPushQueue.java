package chat.parley.stores.redis;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import chat.parley.proto.SendAck;
import chat.parley.stores.PushQueue;
import chat.parley.stores.RedisSettings;
import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The push queue as one Redis list for each partition. An entry is an encoded {@link ChatMessage}
 * to which the acceptance script appended the field {@code seq}.
 */
final class RedisPushQueue implements PushQueue {
  private static final Logger LOG = LoggerFactory.getLogger(RedisPushQueue.class);

  private static final Counter REFUSALS = Bounds.refusals("redis.partition-bound");

  /** Of accept-many.lua, before the acks. */
  private static final int FIXED_KEYS = 3;

  private final RedisLink link;
  private final RedisSettings settings;
  private final HeadLookup stored;

  RedisPushQueue(RedisLink link, RedisSettings settings, HeadLookup stored) {
    this.link = link;
    this.settings = settings;
    this.stored = stored;
  }

  @Override
  public int partitions() {
    return settings.partitions();
  }

  @Override
  public Future<Accepted> accept(ChatMessage message) {
    if (message.getSeq() != 0) {
      return Future.failedFuture(new IllegalArgumentException("the queue gives the seq"));
    }
    return accept(message, "")
        .compose(
            reply -> {
              if (!"NEED_HEAD".equals(reply.get(0).toString())) {
                return Future.succeededFuture(reply);
              }
              // Several may look up at the same moment: the script takes the first one's base, and
              // the others find the count there.
              return stored
                  .of(message.getConversation())
                  .compose(head -> accept(message, head.toString()));
            })
        .compose(reply -> accepted(message, reply));
  }

  @Override
  public Future<List<Optional<Accepted>>> acceptInOrder(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    String conversation = messages.get(0).getConversation();
    if (messages.size() > MOST_AT_ONCE
        || messages.stream()
            .anyMatch(m -> m.getSeq() != 0 || !m.getConversation().equals(conversation))) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "at most " + MOST_AT_ONCE + " messages of one conversation, without seqs"));
    }
    return acceptMany(messages, "")
        .compose(
            reply ->
                reply != null
                    ? Future.succeededFuture(reply)
                    : stored
                        .of(conversation)
                        .compose(head -> acceptMany(messages, head.toString())))
        .map(reply -> accepted(messages, reply));
  }

  @Override
  public Future<Map<String, Long>> heads(Collection<String> conversations) {
    Map<String, Future<Long>> heads = new HashMap<>();
    for (String conversation : conversations) {
      heads.computeIfAbsent(conversation, this::head);
    }
    return Future.all(List.copyOf(heads.values()))
        .map(
            all -> {
              Map<String, Long> found = new HashMap<>();
              heads.forEach((conversation, head) -> found.put(conversation, head.result()));
              return found;
            });
  }

  @Override
  public Future<Slice> read(int partition, long from, int max) {
    return link.eval(
            Script.READ, List.of(Keys.queue(partition), Keys.trimmed(partition)), from, max)
        .map(reply -> slice(partition, reply.get(0).toLong(), reply.get(1)));
  }

  @Override
  public Future<Boolean> trim(Lease lease, long upTo) {
    int p = lease.partition();
    return link.eval(
            Script.TRIM,
            List.of(Keys.lease(p), Keys.queue(p), Keys.trimmed(p)),
            RedisPartitions.valueOf(lease),
            upTo)
        .map(reply -> reply.toInteger() == 1);
  }

  @Override
  public Future<Long> oldest(int partition) {
    return oldestFrom(partition, 0);
  }

  /** Goes past entries that are no message. */
  private Future<Long> oldestFrom(int partition, long position) {
    return read(partition, position, 1)
        .compose(
            slice -> {
              if (!slice.messages().isEmpty()) {
                return Future.succeededFuture(slice.messages().get(0).getAcceptedAt());
              }
              return slice.first() == slice.next()
                  ? Future.succeededFuture(0L)
                  : oldestFrom(partition, slice.next());
            });
  }

  @Override
  public Future<Long> depth(int partition) {
    return link.call("LLEN", Keys.queue(partition)).map(Response::toLong);
  }

  private Future<Response> accept(ChatMessage m, String base) {
    int p = partitionOf(m.getConversation());
    List<String> keys = new ArrayList<>(4);
    keys.add(Keys.queue(p));
    keys.add(Keys.seqs(p));
    keys.add(Keys.trimmed(p));
    if (!m.getClientMessageId().isEmpty()) {
      keys.add(Keys.ack(p, m.getConversation(), m.getSenderId(), m.getClientMessageId()));
    }
    return link.eval(
        Script.ACCEPT,
        keys,
        m.getConversation(),
        settings.partitionBound(),
        m.toByteArray(),
        base,
        m.getId(),
        m.getAcceptedAt(),
        settings.rememberIds().toMillis(),
        settings.partitionBytes());
  }

  private Future<Response> acceptMany(List<ChatMessage> messages, String base) {
    String conversation = messages.get(0).getConversation();
    int p = partitionOf(conversation);
    List<String> keys = new ArrayList<>(FIXED_KEYS + messages.size());
    keys.add(Keys.queue(p));
    keys.add(Keys.seqs(p));
    keys.add(Keys.trimmed(p));
    Object[] args = new Object[5 + 3 * messages.size()];
    args[0] = conversation;
    args[1] = settings.partitionBound();
    args[2] = base;
    args[3] = settings.rememberIds().toMillis();
    args[4] = settings.partitionBytes();
    int at = 5;
    for (ChatMessage m : messages) {
      int ownAck = 0;
      if (!m.getClientMessageId().isEmpty()) {
        keys.add(Keys.ack(p, conversation, m.getSenderId(), m.getClientMessageId()));
        ownAck = keys.size() - FIXED_KEYS;
      }
      args[at++] = m.toByteArray();
      args[at++] = ":" + m.getId() + ":" + m.getAcceptedAt();
      args[at++] = ownAck;
    }
    return link.eval(Script.ACCEPT_MANY, keys, args);
  }

  private static List<Optional<Accepted>> accepted(List<ChatMessage> messages, Response reply) {
    if (reply == null) {
      throw countLost();
    }
    List<Optional<Accepted>> accepted = new ArrayList<>(messages.size());
    long position = reply.get(messages.size()).toLong();
    for (int i = 0; i < messages.size(); i++) {
      ChatMessage message = messages.get(i);
      Response answer = reply.get(i);
      if (answer.type() != ResponseType.NUMBER) {
        accepted.add(Optional.of(known(message, answer.toString())));
      } else if (answer.toLong() == 0) {
        accepted.add(Optional.empty());
        REFUSALS.increment();
      } else {
        accepted.add(Optional.of(fresh(message, answer.toLong(), position++)));
      }
    }
    return accepted;
  }

  private static Accepted fresh(ChatMessage m, long seq, long position) {
    return new Accepted(ack(m, seq, m.getId(), m.getAcceptedAt()).build(), position);
  }

  private static Accepted known(ChatMessage m, String ack) {
    String[] first = ack.split(":");
    return new Accepted(
        ack(m, Long.parseLong(first[0]), Long.parseLong(first[1]), Long.parseLong(first[2]))
            .setRepeated(true)
            .build(),
        NO_POSITION);
  }

  private static SendAck.Builder ack(ChatMessage m, long seq, long id, long acceptedAt) {
    return SendAck.newBuilder()
        .setConversation(m.getConversation())
        .setSeq(seq)
        .setId(id)
        .setAcceptedAt(acceptedAt);
  }

  private static ChatError countLost() {
    return new ChatError(ErrorCode.UNAVAILABLE, "the conversation's count was lost just now");
  }

  private static Future<Accepted> accepted(ChatMessage m, Response reply) {
    return switch (reply.get(0).toString()) {
      case "NEW" -> Future.succeededFuture(fresh(m, reply.get(1).toLong(), reply.get(2).toLong()));
      case "KNOWN" -> Future.succeededFuture(known(m, reply.get(1).toString()));
      case "OVERLOADED" -> {
        REFUSALS.increment();
        yield Future.failedFuture(
            new ChatError(ErrorCode.OVERLOADED, "too many messages wait for delivery"));
      }
      default -> Future.failedFuture(countLost());
    };
  }

  private Future<Long> head(String conversation) {
    return link.call("HGET", Keys.seqs(partitionOf(conversation)), conversation)
        .compose(
            seq -> seq == null ? stored.of(conversation) : Future.succeededFuture(seq.toLong()));
  }

  /** The reply holds the newest entry first. */
  private static Slice slice(int partition, long first, Response entries) {
    int n = entries.size();
    List<ChatMessage> messages = new ArrayList<>(n);
    for (int i = n - 1; i >= 0; i--) {
      try {
        messages.add(ChatMessage.parseFrom(entries.get(i).toBytes()));
      } catch (InvalidProtocolBufferException e) {
        // Not one of ours, or written by a broken one: the partition's other conversations go on.
        LOG.error("entry {} of partition {} is no message, skipped", first + n - 1 - i, partition);
      }
    }
    return new Slice(first, first + n, messages);
  }

  private int partitionOf(String conversation) {
    return Conversations.partitionOf(conversation, settings.partitions());
  }
}
