package chat.parley.connect;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendMessages;
import chat.parley.proto.SendResult;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.SendAck;
import chat.parley.proto.v2.ServerFrame;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.AsyncResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a v2 client sends. Messages of one conversation go to logic in the order in which they came,
 * as many at a time as came while the ones before were under way, and are answered in that order.
 *
 * <p>Nothing overtakes a message that was refused and may be sent again: until the client sends one
 * of the refused again and marked so, what follows in that conversation is refused too.
 *
 * <p>Belongs to one event loop.
 */
final class Sends {
  private static final Counter REFUSALS = Bounds.refusals("v2.max-in-flight");
  private static final int MOST_AT_A_TIME = 128;

  /** Conversations that may wait for something at one moment. */
  private static final int MAX_LANES = 1_024;

  /** Refused messages of a conversation that are remembered, the first ones. */
  private static final int MAX_REFUSED = 256;

  private final V2Session session;
  private final Bucket bucket;
  private final int bound;
  private final Map<String, Lane> lanes = new HashMap<>(2);
  private int inFlight;

  /**
   * @param bound sends without an answer, over which more are refused
   */
  Sends(V2Session session, int bound) {
    this.session = session;
    this.bucket = session.bucket();
    this.bound = bound;
  }

  void add(int ref, Send send) {
    try {
      Sent sent = new Sent(ref, message(send));
      String conversation = conversationOf(sent.message);
      if (lanes.size() >= MAX_LANES && !lanes.containsKey(conversation)) {
        throw tooMany("at most " + MAX_LANES + " conversations may wait for answers");
      }
      lanes.computeIfAbsent(conversation, Lane::new).add(sent);
    } catch (ChatError refused) {
      refuse(ref, send.getClientMessageId(), refused);
    }
  }

  /** Whether a message waits for its answer. */
  boolean busy() {
    return inFlight > 0;
  }

  private SendMessage message(Send send) {
    if (send.getClientMessageId().isEmpty()) {
      throw bad("clientMessageId must be set");
    }
    SendMessage.Builder message =
        SendMessage.newBuilder()
            .setText(send.getText())
            .setClientMessageId(send.getClientMessageId())
            .setResend(send.getResend());
    switch (send.getTargetCase()) {
      case ROOM_ID -> message.setRoomId(send.getRoomId());
      case TO_USER_ID -> message.setToUserId(send.getToUserId());
      case CONVERSATION -> byName(message, send.getConversation());
      case TARGET_NOT_SET -> throw bad("roomId, toUserId or conversation must be set");
    }
    return message.build();
  }

  private void byName(SendMessage.Builder message, String conversation) {
    if (Conversations.isRoomName(conversation)) {
      message.setRoomId(Conversations.roomOf(conversation));
      return;
    }
    long peer = Conversations.peerOf(conversation, session.identity().getUserId());
    if (peer == 0) {
      throw new ChatError(
          Conversations.isDirect(conversation) ? ErrorCode.FORBIDDEN : ErrorCode.NOT_FOUND,
          "conversation is none that this user can write to");
    }
    message.setToUserId(peer);
  }

  private String conversationOf(SendMessage message) {
    return message.hasRoomId()
        ? Conversations.ofRoom(message.getRoomId())
        : Conversations.ofPair(session.identity().getUserId(), message.getToUserId());
  }

  private void refuse(int ref, String clientMessageId, ChatError error) {
    session.refuse(ref, clientMessageId, error);
    bucket.flush();
  }

  private static ChatError tooMany(String what) {
    return new ChatError(ErrorCode.TOO_MANY_IN_FLIGHT, what + ", please try again");
  }

  private static ChatError bad(String what) {
    return new ChatError(ErrorCode.BAD_REQUEST, what);
  }

  /** The sends of one conversation, in order. */
  private final class Lane {
    private final String conversation;
    private final ArrayDeque<Sent> waiting = new ArrayDeque<>(4);
    private final Set<String> refused = new HashSet<>(0);
    private List<Sent> underWay = List.of();

    Lane(String conversation) {
      this.conversation = conversation;
    }

    void add(Sent sent) {
      if (session.tooFast()) {
        refuse(sent, session.tooFastError());
        bucket.flush();
      } else if (inFlight >= bound) {
        REFUSALS.increment();
        refuse(sent, tooMany("at most " + bound + " messages may wait for their answer"));
        bucket.flush();
      } else if (!refused.isEmpty() && !heals(sent.message)) {
        refuse(
            sent,
            new ChatError(
                ErrorCode.UNAVAILABLE,
                "a message before this one was not accepted: send that one again, then this one,"
                    + " both marked as resend"));
        bucket.flush();
      } else {
        refused.clear();
        inFlight++;
        waiting.add(sent);
        next();
      }
    }

    /**
     * Whether the client has heard of the refusal. A message that is marked as a repeat, but was
     * not among those refused, was on its way before.
     */
    private boolean heals(SendMessage message) {
      return message.getResend() && refused.contains(message.getClientMessageId());
    }

    /** Refuses with an error that a retry may cure: what follows waits for that retry. */
    private void refuse(Sent sent, ChatError error) {
      String id = sent.message.getClientMessageId();
      if (refused.size() < MAX_REFUSED) {
        refused.add(id);
      }
      session.refuse(sent.ref, id, error);
    }

    private void next() {
      if (!underWay.isEmpty() || session.closing()) {
        return; // What a connection that is gone had sent and not been answered, it sends again.
      }
      if (waiting.isEmpty()) {
        if (refused.isEmpty()) {
          lanes.remove(conversation, this);
        }
        return;
      }
      SendMessages.Builder request = SendMessages.newBuilder().setToken(session.token());
      underWay = new ArrayList<>();
      while (underWay.size() < MOST_AT_A_TIME && !waiting.isEmpty()) {
        Sent sent = waiting.poll();
        underWay.add(sent);
        request.addMessages(sent.message);
      }
      bucket.logic().sendMany(request.build()).onComplete(this::answered);
    }

    private void answered(AsyncResult<MessagesSent> answer) {
      List<Sent> done = underWay;
      underWay = List.of();
      inFlight -= done.size();
      boolean failed = false;
      for (int i = 0; i < done.size(); i++) {
        failed |=
            answer(done.get(i), answer.failed() ? failure(answer) : answer.result().getResults(i));
      }
      if (failed) {
        refuseWaiting();
      }
      bucket.flush();
      next();
    }

    /** Returns whether the message was refused and may be accepted later. */
    private boolean answer(Sent sent, SendResult result) {
      if (session.closing()) {
        return false;
      }
      if (result.hasAck()) {
        session.answer(
            ServerFrame.newBuilder()
                .setRe(sent.ref)
                .setSendAck(
                    SendAck.newBuilder()
                        .setClientMessageId(sent.message.getClientMessageId())
                        .setConversation(result.getAck().getConversation())
                        .setSeq(result.getAck().getSeq())
                        .setId(result.getAck().getId())
                        .setAcceptedAt(result.getAck().getAcceptedAt())
                        .setRepeated(result.getAck().getRepeated())));
        return false;
      }
      ChatError error = ChatError.of(result.getFailure());
      if (error.retryable()) {
        refuse(sent, error);
      } else {
        session.refuse(sent.ref, sent.message.getClientMessageId(), error);
      }
      return error.retryable();
    }

    private void refuseWaiting() {
      ChatError behind =
          new ChatError(
              ErrorCode.UNAVAILABLE,
              "a message before this one was not accepted, please send both again in their order");
      while (!waiting.isEmpty() && !session.closing()) {
        Sent sent = waiting.poll();
        inFlight--;
        refuse(sent, behind);
      }
    }
  }

  private static SendResult failure(AsyncResult<MessagesSent> answer) {
    return SendResult.newBuilder().setFailure(ChatError.of(answer.cause()).toFailure()).build();
  }

  private record Sent(int ref, SendMessage message) {}
}
