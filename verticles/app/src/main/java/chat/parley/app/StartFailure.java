package chat.parley.app;

/** Why the program does not start or a command does not succeed: one sentence for its user. */
final class StartFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Wrong usage or settings: trying again without a change is of no use. */
  static final int USAGE = 2;

  /** Something outside is not as it should be: a port, a folder, Redis, the database. */
  static final int ENVIRONMENT = 1;

  private final int exitCode;

  private StartFailure(int exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  static StartFailure usage(String sentence) {
    return new StartFailure(USAGE, sentence, null);
  }

  static StartFailure environment(String sentence) {
    return new StartFailure(ENVIRONMENT, sentence, null);
  }

  static StartFailure environment(String sentence, Throwable cause) {
    return new StartFailure(ENVIRONMENT, sentence, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
