package chat.parley.chaos;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.V1Client;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * A user of the v1 wire in one room, by WebSocket or TCP: comes back when the connection is lost,
 * sends by HTTP, and by TCP what nobody answers. Most of what it sends has a name and is sent
 * again, to the next API, until it is acknowledged. One thread at a time.
 */
final class V1Person implements AutoCloseable {
  /** Longer than any fault lasts. */
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static final Duration JOINED_WITHIN = Duration.ofSeconds(10);
  private static final int SESSION_ERROR = 40_000;

  /** What a step does, of a hundred. */
  private static final int TO_ROOM = 60;

  private static final int TO_USER = 80;
  private static final int UNNAMED = 90;
  private static final int BY_TCP = 95;

  private final Servers servers;
  private final Carrier carrier;
  private final User user;
  private final long room;
  private final Ledger ledger;
  private final Diary diary;
  private V1Client socket;
  private boolean joined;
  private volatile boolean doubts;
  private int server;
  private int api;
  private int said;

  /**
   * @param carrier WebSocket, whichever, or TCP
   * @param number makes the first choice of its server and its API
   */
  V1Person(Servers servers, Carrier carrier, long room, Ledger ledger, int number) {
    this.servers = servers;
    this.carrier = carrier;
    this.room = room;
    this.ledger = ledger;
    this.server = number;
    this.api = number;
    this.user = new V1Http(servers.api()).newUser();
    this.diary =
        new Diary(
            "v1 %s (user %d)".formatted(carrier == Carrier.TCP ? "TCP" : "WebSocket", user.id()),
            user.id(),
            false);
  }

  long user() {
    return user.id();
  }

  long room() {
    return room;
  }

  Diary diary() {
    return diary;
  }

  /**
   * Comes back if it must, hears what there is, and does one thing.
   *
   * @param what below 100
   * @param other a user whom it may write to
   */
  void step(int what, long other) {
    if (!present()) {
      return;
    }
    if (what < TO_ROOM) {
      insist(
          Conversations.room(room),
          text -> again -> http().pushRoomNamed(user, room, text, text, again));
    } else if (what < TO_USER) {
      insist(
          Conversations.direct(user.id(), other),
          text -> again -> http().pushNamed(user, other, room, text, text, again));
    } else if (what < UNNAMED) {
      sayOnce();
    } else if (what < BY_TCP) {
      sayByTcp();
    } else {
      // As somebody who closes the lid: the JDK's WebSocket does not tell its listener of that.
      leave();
      return;
    }
    hear();
  }

  private interface Saying {
    Answer say(boolean again);
  }

  private interface Sayings {
    Saying of(String text);
  }

  private V1Http http() {
    List<URI> apis = servers.apis(api);
    return new V1Http(apis.get(0));
  }

  private String handIn(String conversation, boolean inOrder) {
    String text = "v1 message " + ++said + " of user " + user.id();
    String stream = "v1 " + user.id() + (inOrder ? "" : " " + said);
    ledger.handedIn(new Ledger.HandedIn(conversation, user.id(), text, stream));
    return text;
  }

  private void insist(String conversation, Sayings sayings) {
    String text = handIn(conversation, true);
    Saying saying = sayings.of(text);
    boolean[] again = new boolean[1];
    Eventually.eventually(
        "v1's \"" + text + "\" to be acknowledged",
        PATIENCE,
        () -> {
          boolean resend = again[0];
          again[0] = true;
          try {
            Answer answer = saying.say(resend);
            if (answer.ok()) {
              return true;
            }
            if (answer.code() == SESSION_ERROR) {
              diary.complain("its session is not known any more");
            }
            throw new IllegalStateException(answer.toString());
          } catch (RuntimeException e) {
            api++;
            throw e;
          }
        });
    ledger.accepted(text);
  }

  /** A plain client of v1: without an answer the message is left alone, and may be there or not. */
  private void sayOnce() {
    String text = handIn(Conversations.room(room), false);
    try {
      if (http().pushRoom(user, room, text).ok()) {
        ledger.accepted(text);
      }
    } catch (RuntimeException lost) {
      api++;
    }
  }

  private void sayByTcp() {
    if (socket instanceof V1Tcp tcp) {
      String text = handIn(Conversations.room(room), false);
      try {
        tcp.say(user.token(), room, text);
      } catch (RuntimeException lost) {
        // It sees that the connection has ended, and comes back.
      }
    }
  }

  /** Whether it is in the room, after an attempt to be. */
  private boolean present() {
    hear();
    if (joined && doubts) {
      tryOut();
    }
    if (joined) {
      return true;
    }
    try {
      come();
    } catch (RuntimeException | AssertionError notNow) {
      leave();
      server++;
      api++;
    }
    return joined;
  }

  /** Its connection may be none any more: it tries, before it relies on it again. */
  void doubt() {
    doubts = true;
  }

  /** Figures of the room arrive on a connection that is one. */
  private void tryOut() {
    try {
      awaitFigures();
      doubts = false;
    } catch (AssertionError silent) {
      leave();
      server++;
    }
  }

  private void awaitFigures() {
    Eventually.eventually(
        "figures of the room",
        JOINED_WITHIN,
        () -> {
          if (socket == null || !socket.isOpen()) {
            throw new IllegalStateException("the connection is closed");
          }
          http().count(user, room);
          return hear();
        });
  }

  private void come() {
    int port = servers.port(carrier, server % servers.count());
    socket = carrier == Carrier.TCP ? new V1Tcp(port) : new V1WebSocket(carrier.address(port));
    socket.join(user.token(), room);
    diary.joins(Conversations.room(room));
    // A join has no answer; that it took place shows by its figures arriving there.
    awaitFigures();
    diary.joined(Conversations.room(room), head());
    joined = true;
  }

  private long head() {
    Answer newest = http().historyPage(user, room, 0, 1);
    if (!newest.ok()) {
      throw new IllegalStateException(newest.toString());
    }
    return newest.data().path("messages").path(0).path("seq").asLong();
  }

  /** Writes down what came; answers whether figures of the room were among it. */
  private boolean hear() {
    if (socket == null) {
      return false;
    }
    boolean open = socket.isOpen();
    boolean figures = false;
    for (String frame : socket.drain()) {
      JsonNode json = frame.startsWith("{") ? Json.parse(frame) : Json.of();
      switch (json.path("op").asInt()) {
        case V1Client.ROOM -> {
          // With a code it is no message: one that was sent by TCP was not taken.
          if (json.path("code").asInt() == 0) {
            diary.heard(Conversations.room(room), Diary.Run.UNKNOWN, 0, json.path("msg").asText());
          }
        }
        case V1Client.DIRECT ->
            diary.heard(
                Conversations.direct(json.path("fromUserId").asLong(), user.id()),
                Diary.Run.UNKNOWN,
                json.path("fromUserId").asLong(),
                json.path("msg").asText());
        case V1Client.COUNT -> figures = true;
        default -> {
          // Lists of members, and TCP's heartbeat.
        }
      }
    }
    if (!open) {
      leave();
      server++;
    }
    return figures;
  }

  private void leave() {
    if (socket != null) {
      socket.abort();
      socket = null;
      joined = false;
      diary.disconnected();
    }
  }

  /** In the room, whatever was; fails when that cannot be in time. */
  void rest() {
    Eventually.eventually(diary.device() + " to be in its room", PATIENCE, this::present);
  }

  /** Hears what has come by now; a lost connection shows at the next step. */
  void listen() {
    hear();
  }

  @Override
  public void close() {
    leave();
  }
}
