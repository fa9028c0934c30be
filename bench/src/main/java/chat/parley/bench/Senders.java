package chat.parley.bench;

import io.netty.channel.EventLoop;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Those who send with v1. */
final class Senders {
  private static final Pattern MESSAGE = Pattern.compile("\"message\":\"([^\"]{1,60})");

  private Senders() {}

  /**
   * Posts by HTTP, each message when it is told to, on whichever connection is free: what is sent
   * while an earlier one has no answer may overtake it.
   *
   * @param room 0: to a user
   * @param toUser 0: to the room
   * @param sockets the loop that counts
   */
  static Sender byHttp(
      Http http, EventLoop sockets, Outcomes outcomes, String token, long room, long toUser) {
    String path = toUser == 0 ? "/push/pushRoom" : "/push/push";
    String rest =
        "\",\"authToken\":\"%s\",\"roomId\":%d%s}"
            .formatted(token, room, toUser == 0 ? "" : ",\"toUserId\":\"" + toUser + '"');
    return post -> {
      long left = System.nanoTime();
      sockets.execute(() -> outcomes.leaves(post, left));
      http.ask(
          "POST",
          path,
          null,
          "{\"msg\":\"" + post.text + rest,
          (answer, failure) -> {
            long now = System.nanoTime();
            sockets.execute(() -> end(outcomes, post, answer, failure, now));
          });
    };
  }

  private static void end(
      Outcomes outcomes, Post post, Http.Answer answer, Throwable failure, long now) {
    if (failure != null) {
      outcomes.refused(post, "NO_ANSWER");
    } else if (answer.status() == 200 && answer.body().startsWith("{\"code\":0")) {
      outcomes.accepted(post, now);
    } else {
      Matcher message = MESSAGE.matcher(answer.body());
      outcomes.refused(post, message.find() ? message.group(1) : "HTTP " + answer.status());
    }
  }

  /** Posts on the member's own TCP connection. There are no answers: what is written counts. */
  static Sender byTcp(V1Connection connection, Outcomes outcomes) {
    return post -> {
      if (connection.isOpen()) {
        long now = System.nanoTime();
        outcomes.leaves(post, now);
        connection.post(post.text);
        outcomes.accepted(post, now);
      } else {
        outcomes.refused(post, "NOT_CONNECTED");
      }
    };
  }
}
