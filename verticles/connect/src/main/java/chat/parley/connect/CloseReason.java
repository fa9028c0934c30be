package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.v2.Goodbye;

/**
 * Why a connection is closed. On v1 a WebSocket client gets code and text in the close frame (below
 * 4000 the codes are those of the WebSocket registry, RFC 6455 and IANA), and a TCP connection just
 * ends. On v2 a Goodbye frame comes first, and the close code is 4000 and the Goodbye's number.
 */
public enum CloseReason {
  /** The token is unknown, expired or revoked: log in again, then connect. */
  BAD_TOKEN(4001, "Session error", false, Goodbye.Code.UNAUTHENTICATED),
  /** Nothing joined a room in time, or said Hello: connect and do so at once. */
  NOT_JOINED(4002, "not joined in time", true, Goodbye.Code.NO_HELLO),
  /** The bytes are not what this protocol says: the client is at fault, trying again is no use. */
  BAD_FRAME(4003, "bad frame", false, Goodbye.Code.BAD_FRAME),
  /** The session may not do this. */
  FORBIDDEN(4003, "not allowed", false, Goodbye.Code.FORBIDDEN),
  /** A version of the protocol that this server does not speak. */
  UNSUPPORTED_PROTOCOL(4003, "protocol not supported", false, Goodbye.Code.UNSUPPORTED_PROTOCOL),
  /** The client read nothing for too long: connect again. */
  STALLED(4004, "reads too slowly", true, Goodbye.Code.STALLED),
  /** Nothing was heard of the client: connect again. */
  SILENT(4005, "no pong in time", true, Goodbye.Code.SILENT),
  /** What was sent, again and again, was never acknowledged: connect again. */
  NOT_ACKNOWLEDGED(4006, "nothing was acknowledged", true, Goodbye.Code.NOT_ACKNOWLEDGED),
  /** The device has a newer connection or session. */
  REPLACED(4007, "the device connected again", false, Goodbye.Code.REPLACED),
  /** The session was logged out. */
  LOGGED_OUT(4001, "logged out", false, Goodbye.Code.LOGGED_OUT),
  /** The device was revoked. */
  REVOKED(4001, "the device was revoked", false, Goodbye.Code.REVOKED),
  /** The client said goodbye. */
  BYE(1000, "goodbye", false, Goodbye.Code.BYE),
  /** A message larger than the limit. */
  TOO_LARGE(1009, "message too large", false, Goodbye.Code.TOO_LARGE),
  /** A fault of ours: connect again, later. */
  INTERNAL(1011, "internal error", true, Goodbye.Code.INTERNAL),
  /** This instance stops: connect again, somewhere between at once and a few seconds from now. */
  RESTART(1012, "service restart", true, Goodbye.Code.RESTART),
  /** Something behind this instance is away: connect again, with backoff. */
  TRY_AGAIN(1013, "try again", true, Goodbye.Code.TRY_AGAIN),
  /** No room for one more connection: connect again, with backoff. */
  OVERLOADED(1013, "too many connections, try again", true, Goodbye.Code.OVERLOADED),
  /** This address has as many connections as it may: connect again, with backoff. */
  TOO_MANY_OF_ADDRESS(
      1013, "too many connections from this address, try again", true, Goodbye.Code.OVERLOADED),
  /** A v1 WebSocket sends more than it may, and there is no other word for it. */
  TOO_FAST(1013, "too many frames, try again", true, Goodbye.Code.OVERLOADED);

  /** v2's close codes are this and the Goodbye's number: in the range for private use. */
  private static final int V2_CODES = 4000;

  private final int code;
  private final String text;
  private final boolean retryable;
  private final Goodbye.Code goodbye;

  CloseReason(int code, String text, boolean retryable, Goodbye.Code goodbye) {
    this.code = code;
    this.text = text;
    this.retryable = retryable;
    this.goodbye = goodbye;
  }

  /** Of a v1 WebSocket's close frame. */
  public int code() {
    return code;
  }

  /** What v2 says. */
  Goodbye.Code goodbye() {
    return goodbye;
  }

  /** Of a v2 WebSocket's close frame. */
  int v2Code() {
    return V2_CODES + goodbye.getNumber();
  }

  public String text() {
    return text;
  }

  /** Whether the same client may connect again with the same token. */
  public boolean retryable() {
    return retryable;
  }

  /** What a failed join means for the connection. An outage is never a session error. */
  static CloseReason of(ChatError error) {
    if (error.code() == ErrorCode.UNAUTHENTICATED) {
      return BAD_TOKEN;
    }
    if (error.retryable()) {
      return TRY_AGAIN;
    }
    return switch (error.code()) {
      case INTERNAL -> INTERNAL;
      case BAD_REQUEST -> BAD_FRAME;
      default -> FORBIDDEN;
    };
  }

  /** A text as a close frame can carry it: at most 123 bytes, and ASCII, so that none is cut. */
  static String ascii(String text) {
    String cut = text.length() > 123 ? text.substring(0, 123) : text;
    return cut.replaceAll("[^ -~]", "?");
  }
}
