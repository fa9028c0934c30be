package chat.parley.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/**
 * What the codec gives in the place of a message that this node cannot read: for a request the
 * reason of its refusal, for an answer the failure of the request.
 *
 * <p>A value and no exception to be thrown: the bus decodes an answer after it has taken it off its
 * books, and a request whose answer's decoding throws would never end.
 */
final class Unreadable extends ReplyException {
  private static final long serialVersionUID = 1;

  private final ErrorCode refusal;

  /**
   * @param refusal of a request; an answer fails as one that never came, because what was asked may
   *     have taken place
   */
  Unreadable(ErrorCode refusal, String text) {
    super(ReplyFailure.RECIPIENT_FAILURE, ErrorCode.DEADLINE_EXCEEDED.number(), text);
    this.refusal = refusal;
  }

  ChatError refusal() {
    return new ChatError(refusal, getMessage());
  }
}
