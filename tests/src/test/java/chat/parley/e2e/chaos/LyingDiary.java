package chat.parley.e2e.chaos;

import chat.parley.chaos.Diary;

/** Stands for a server that breaks its promise to one device, once. */
final class LyingDiary extends Diary {
  /** What it does with one message of a room. */
  enum Lie {
    NONE,
    DROP,
    REPEAT,
    SWAP
  }

  private static final int THE_ONE = 3;

  private final Lie lie;
  private int messages;
  private Runnable late = () -> {};

  LyingDiary(String device, long user, Lie lie) {
    super(device, user);
    this.lie = lie;
  }

  @Override
  public synchronized void heard(String conversation, long seq, long sender, String text) {
    if (!conversation.startsWith("room:")) {
      super.heard(conversation, seq, sender, text);
      return;
    }
    messages++;
    Runnable truth = () -> super.heard(conversation, seq, sender, text);
    if (messages != THE_ONE || lie == Lie.NONE) {
      truth.run();
      late.run();
      late = () -> {};
    } else if (lie == Lie.REPEAT) {
      truth.run();
      truth.run();
    } else if (lie == Lie.SWAP) {
      late = truth;
    }
  }
}
