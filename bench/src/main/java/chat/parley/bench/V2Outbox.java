package chat.parley.bench;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Send;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a v2 device sends, as a good client does it: never more without an answer than the server
 * allows, and what was refused with a retryable error is sent again, in order, before anything new.
 */
final class V2Outbox implements Sender {
  private static final int FIRST_REF = 2;
  private static final int RETRY_AFTER_MS = 100;

  private final V2Connection connection;
  private final Member member;
  private final Outcomes outcomes;
  private final ArrayDeque<Post> waiting = new ArrayDeque<>(4);
  private final Map<Integer, Post> inFlight = new HashMap<>(4);
  private final List<Post> refused = new ArrayList<>(0);
  private int nextRef = FIRST_REF;
  private int limit = 1;
  private int retryAfter = RETRY_AFTER_MS;

  V2Outbox(V2Connection connection, Member member, Outcomes outcomes) {
    this.connection = connection;
    this.member = member;
    this.outcomes = outcomes;
  }

  /** Most sends without an answer. */
  void limit(int most) {
    limit = most;
  }

  /** Whether nothing can leave now: as much as the server allows is without an answer. */
  boolean full() {
    return !waiting.isEmpty() || !refused.isEmpty() || inFlight.size() >= limit;
  }

  @Override
  public void send(Post post) {
    if (!connection.isOpen()) {
      outcomes.refused(post, "NOT_CONNECTED");
      return;
    }
    waiting.add(post);
    next();
  }

  private void next() {
    while (refused.isEmpty() && !waiting.isEmpty() && inFlight.size() < limit) {
      Post post = waiting.poll();
      int ref = nextRef++;
      inFlight.put(ref, post);
      outcomes.leaves(post, System.nanoTime());
      connection.write(ClientFrame.newBuilder().setRef(ref).setSend(frame(post)));
    }
  }

  private Send.Builder frame(Post post) {
    Send.Builder send =
        Send.newBuilder()
            .setClientMessageId(member.messageId(post))
            .setText(post.text)
            .setResend(post.again);
    return member.room() != 0
        ? send.setRoomId(member.room())
        : send.setConversation(member.conversation());
  }

  void accepted(int ref) {
    Post post = inFlight.remove(ref);
    if (post != null) {
      outcomes.accepted(post, System.nanoTime());
      retryWhenAllAreAnswered();
      next();
    }
  }

  void refused(int ref, Error error) {
    Post post = inFlight.remove(ref);
    if (post == null) {
      return;
    }
    if (error.getRetryable()) {
      outcomes.retried(error.getCode().name());
      retryAfter = Math.max(RETRY_AFTER_MS, error.getRetryAfterMs());
      refused.add(post);
    } else {
      outcomes.refused(post, error.getCode().name());
    }
    retryWhenAllAreAnswered();
    next();
  }

  private void retryWhenAllAreAnswered() {
    if (refused.isEmpty() || !inFlight.isEmpty()) {
      return;
    }
    connection.ctx().executor().schedule(this::retry, retryAfter, TimeUnit.MILLISECONDS);
  }

  private void retry() {
    for (int i = refused.size() - 1; i >= 0; i--) {
      refused.get(i).again = true;
      waiting.addFirst(refused.get(i));
    }
    refused.clear();
    next();
  }

  /** The connection is over: nothing of this will be answered any more. */
  void ended() {
    List<Post> open = new ArrayList<>(inFlight.values());
    open.addAll(refused);
    open.addAll(waiting);
    inFlight.clear();
    refused.clear();
    waiting.clear();
    open.forEach(post -> outcomes.refused(post, "CONNECTION_LOST"));
  }
}
