package chat.parley.e2e.v2;

import java.util.ArrayList;
import java.util.List;

/**
 * The model: what was handed in, and what the servers promised of it. Every message has a text of
 * its own, by which it is known. Any thread may write.
 */
final class Ledger {
  /**
   * A message as it was handed in.
   *
   * @param stream names the life of a client: what it hands in for one conversation keeps its order
   */
  record HandedIn(String conversation, long sender, String text, String stream) {}

  /**
   * One acknowledgement; a message that was resent has several.
   *
   * @param text null when who heard of the ack did not know it
   */
  record Promised(
      String conversation, long seq, long id, long sender, String clientMessageId, String text) {}

  private final List<HandedIn> handedIn = new ArrayList<>();
  private final List<Promised> promised = new ArrayList<>();
  private final List<String> mustArrive = new ArrayList<>();

  synchronized void handedIn(HandedIn message) {
    handedIn.add(message);
  }

  synchronized void promised(Promised ack) {
    promised.add(ack);
  }

  /** Nobody is left who would see the ack, but the outbox that has it was kept. */
  synchronized void mustArrive(List<String> texts) {
    mustArrive.addAll(texts);
  }

  synchronized List<HandedIn> handedIn() {
    return List.copyOf(handedIn);
  }

  synchronized List<Promised> promised() {
    return List.copyOf(promised);
  }

  synchronized List<String> mustArrive() {
    return List.copyOf(mustArrive);
  }
}
