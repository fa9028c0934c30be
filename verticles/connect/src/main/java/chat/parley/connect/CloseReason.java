package chat.parley.connect;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;

/**
 * Why a connection is closed. On a WebSocket the client gets code and text in the close frame; a
 * TCP connection just ends. Below 4000 the codes are those of the WebSocket registry (RFC 6455 and
 * IANA).
 */
public enum CloseReason {
  /** The token is unknown, expired or revoked: log in again, then connect. */
  BAD_TOKEN(4001, "Session error", false),
  /** Nothing joined a room in time: connect and join at once. */
  NOT_JOINED(4002, "not joined in time", true),
  /** The bytes are not what this protocol says: the client is at fault, trying again is no use. */
  BAD_FRAME(4003, "bad frame", false),
  /** The session may not do this. */
  FORBIDDEN(4003, "not allowed", false),
  /** The client read nothing for too long: connect again. */
  STALLED(4004, "reads too slowly", true),
  /** No pong came: connect again. */
  SILENT(4005, "no pong in time", true),
  /** A message larger than the limit. */
  TOO_LARGE(1009, "message too large", false),
  /** A fault of ours: connect again, later. */
  INTERNAL(1011, "internal error", true),
  /** This instance stops: connect again, somewhere between at once and a few seconds from now. */
  RESTART(1012, "service restart", true),
  /** Something behind this instance is away: connect again, with backoff. */
  TRY_AGAIN(1013, "try again", true),
  /** No room for one more connection: connect again, with backoff. */
  OVERLOADED(1013, "too many connections, try again", true);

  private final int code;
  private final String text;
  private final boolean retryable;

  CloseReason(int code, String text, boolean retryable) {
    this.code = code;
    this.text = text;
    this.retryable = retryable;
  }

  public int code() {
    return code;
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
    return error.code() == ErrorCode.INTERNAL ? INTERNAL : FORBIDDEN;
  }
}
