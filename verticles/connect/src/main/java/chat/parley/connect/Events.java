package chat.parley.connect;

import chat.parley.bus.Conversations;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.RoomChanged;
import chat.parley.proto.RoomFigure;
import chat.parley.proto.RoomMember;
import chat.parley.proto.SessionEnded;
import com.google.protobuf.Message;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What other nodes tell a bucket, beside messages: at most once, and nothing is owed an answer.
 *
 * <p>Belongs to one event loop.
 */
final class Events {
  private final TopicRegistry topics;
  private final Outbox outbox;

  Events(TopicRegistry topics, Outbox outbox) {
    this.topics = topics;
    this.outbox = outbox;
  }

  /** What is not known here is a newer node's, and ignored. */
  void handle(Message event) {
    if (event instanceof RoomFigure figure) {
      tell(figure);
    } else if (event instanceof RoomChanged changed) {
      if (topics.get(Conversations.ofRoom(changed.getRoomId())) instanceof RoomTopic room) {
        room.list().changed();
      }
    } else if (event instanceof SessionEnded ended) {
      end(ended);
    } else if (event instanceof ConnectionOpened opened && user(opened.getUserId()) != null) {
      user(opened.getUserId()).v2Sessions().forEach(session -> session.newer(opened));
    }
  }

  private void end(SessionEnded ended) {
    UserTopic user = user(ended.getUserId());
    if (user == null) {
      return;
    }
    for (V1Session session : user.v1Sessions()) {
      if (session.identity().getSessionId().equals(ended.getSessionId())) {
        session.close(CloseReason.BAD_TOKEN);
      }
    }
    for (V2Session session : user.v2Sessions()) {
      if (session.identity().getSessionId().equals(ended.getSessionId())) {
        session.close(reasonOf(ended));
      }
    }
  }

  private static CloseReason reasonOf(SessionEnded ended) {
    return switch (ended.getReason()) {
      case LOGGED_OUT -> CloseReason.LOGGED_OUT;
      case REPLACED -> CloseReason.REPLACED;
      case REVOKED -> CloseReason.REVOKED;
      default -> CloseReason.BAD_TOKEN;
    };
  }

  private void tell(RoomFigure figure) {
    StateFrame frame = new StateFrame(figure.getRoomId(), figure.getCount(), membersOf(figure));
    for (V1Session session : v1SessionsOf(figure.getForUserId())) {
      if (session.room() != null && session.room().roomId() == figure.getRoomId()) {
        session.tell(frame);
      }
    }
    outbox.flush();
    frame.release();
  }

  private static SortedMap<Long, String> membersOf(RoomFigure figure) {
    if (!figure.getWithMembers()) {
      return null;
    }
    SortedMap<Long, String> members = new TreeMap<>();
    for (RoomMember member : figure.getMembersList()) {
      members.put(member.getUserId(), member.getUserName());
    }
    return members;
  }

  private List<V1Session> v1SessionsOf(long userId) {
    UserTopic user = user(userId);
    return user == null ? List.of() : user.v1Sessions();
  }

  private UserTopic user(long userId) {
    return topics.get(Conversations.topicOfUser(userId)) instanceof UserTopic user ? user : null;
  }
}
