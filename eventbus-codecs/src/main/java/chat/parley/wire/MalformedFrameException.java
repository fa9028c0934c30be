package chat.parley.wire;

/**
 * Text that is not a frame. The message is meant for the one who wrote it: it names the place and
 * what should stand there, and repeats nothing of what stands there.
 */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedFrameException(String message) {
    super(message);
  }
}
