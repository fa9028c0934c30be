package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the fields of a request must be, whoever sends it. Names are those of v1. */
final class Fields {
  /** Of a client message id, characters. */
  private static final int MAX_CLIENT_MESSAGE_ID = 128;

  /** Of the name that a client gives itself, characters. */
  private static final int MAX_INSTANCE = 64;

  /** Of a device's name, characters. */
  private static final int MAX_DEVICE_NAME = 64;

  /** Of a wrong value in an error's text, characters. */
  private static final int MAX_QUOTED = 40;

  private static final String UNNAMED_DEVICE = "device";
  private static final Pattern DIRECT = Pattern.compile("direct:([0-9]{1,18}):[0-9]{1,18}");

  private Fields() {}

  static void userName(String name, int maxLength) {
    present("userName", name);
    if (name.codePointCount(0, name.length()) > maxLength) {
      throw tooLarge("userName must be at most " + maxLength + " characters");
    }
    visible("userName", name);
  }

  /** The name of a device: what was given, or a plain one for none. */
  static String deviceName(String name) {
    if (name.isEmpty()) {
      return UNNAMED_DEVICE;
    }
    if (name.codePointCount(0, name.length()) > MAX_DEVICE_NAME) {
      throw tooLarge("the device's name must be at most " + MAX_DEVICE_NAME + " characters");
    }
    visible("the device's name", name);
    return name;
  }

  static String newDeviceName(String name) {
    present("the device's name", name);
    return deviceName(name);
  }

  static void password(String password, int maxBytes) {
    present("password", password);
    if (password.length() > maxBytes
        || password.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw tooLarge("password must be at most " + maxBytes + " bytes");
    }
  }

  /** No token is answered like an unknown one. */
  static void token(String token) {
    if (token.isEmpty()) {
      throw Sessions.unauthenticated();
    }
  }

  /** The instance and the number that a client gives its Hello; none is allowed. */
  static void attempt(String instance, long attempt) {
    if (instance.length() > MAX_INSTANCE) {
      throw tooLarge("instance must be at most " + MAX_INSTANCE + " characters");
    }
    if (attempt < 0) {
      throw bad("attempt must not be negative");
    }
  }

  static void text(String text) {
    present("text", text);
  }

  static void clientMessageId(String id) {
    if (id.length() > MAX_CLIENT_MESSAGE_ID) {
      throw tooLarge("clientMessageId must be at most " + MAX_CLIENT_MESSAGE_ID + " characters");
    }
  }

  /** A client message id where there must be one. */
  static void ownClientMessageId(String id) {
    present("clientMessageId", id);
    clientMessageId(id);
  }

  /**
   * A conversation that a user may read: a room, or a direct one of its own.
   *
   * @throws ChatError {@code BAD_REQUEST} for what is no name of a conversation, {@code FORBIDDEN}
   *     for the direct conversation of others
   */
  static void readable(String conversation, long userId) {
    conversation(conversation);
    if (Conversations.isDirect(conversation) && Conversations.peerOf(conversation, userId) == 0) {
      throw new ChatError(ErrorCode.FORBIDDEN, conversation + " is a conversation of other users");
    }
  }

  /** The well-formed name of a conversation, whoever may read it. */
  static void conversation(String conversation) {
    if (!Conversations.isRoomName(conversation) && !isDirectName(conversation)) {
      throw bad(
          "a conversation is named room:N or direct:A:B (the smaller user id first), not "
              + shortened(conversation));
    }
  }

  static void cursor(String conversation, long seq) {
    conversation(conversation);
    if (seq < 0) {
      throw bad("the cursor of " + conversation + " must not be negative");
    }
  }

  static void room(long roomId) {
    positive("roomId", roomId);
  }

  static void userId(long userId) {
    positive("userId", userId);
  }

  static void recipient(long userId) {
    positive("toUserId", userId);
  }

  static ChatError bad(String what) {
    return new ChatError(ErrorCode.BAD_REQUEST, what);
  }

  static ChatError tooLarge(String what) {
    return new ChatError(ErrorCode.TOO_LARGE, what);
  }

  /** Whether it is a direct conversation of the first user that it names. */
  private static boolean isDirectName(String conversation) {
    Matcher name = DIRECT.matcher(conversation);
    return name.matches() && Conversations.peerOf(conversation, Long.parseLong(name.group(1))) != 0;
  }

  private static String shortened(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
  }

  private static void visible(String name, String value) {
    if (value.isBlank() || value.codePoints().anyMatch(Character::isISOControl)) {
      throw bad(name + " must be visible text");
    }
  }

  private static void present(String name, String value) {
    if (value.isEmpty()) {
      throw bad(name + " must not be empty");
    }
  }

  private static void positive(String name, long value) {
    if (value <= 0) {
      throw bad(name + " must be greater than 0");
    }
  }
}
