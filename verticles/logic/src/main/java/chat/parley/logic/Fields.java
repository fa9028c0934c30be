package chat.parley.logic;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import java.nio.charset.StandardCharsets;

/** What the fields of a request must be, whoever sends it. Names are those of v1. */
final class Fields {
  /** Of a client message id, characters. */
  private static final int MAX_CLIENT_MESSAGE_ID = 128;

  private Fields() {}

  static void userName(String name, int maxLength) {
    present("userName", name);
    if (name.codePointCount(0, name.length()) > maxLength) {
      throw tooLarge("userName must be at most " + maxLength + " characters");
    }
    if (name.isBlank() || name.codePoints().anyMatch(Character::isISOControl)) {
      throw bad("userName must be visible text");
    }
  }

  static void password(String password, int maxBytes) {
    present("passWord", password);
    if (password.length() > maxBytes
        || password.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      throw tooLarge("passWord must be at most " + maxBytes + " bytes");
    }
  }

  /** No token is answered like an unknown one. */
  static void token(String token) {
    if (token.isEmpty()) {
      throw Sessions.unauthenticated();
    }
  }

  static void text(String text) {
    present("msg", text);
  }

  static void clientMessageId(String id) {
    if (id.length() > MAX_CLIENT_MESSAGE_ID) {
      throw tooLarge("clientMessageId must be at most " + MAX_CLIENT_MESSAGE_ID + " characters");
    }
  }

  static void room(long roomId) {
    positive("roomId", roomId);
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
