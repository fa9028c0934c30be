package chat.parley.chaos;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The model: what was handed in, and what the servers promised of it. Every message has a text of
 * its own, by which it is known. Any thread may write.
 */
public final class Ledger {
  /** Messages without an answer that are waited for, in case that they still arrive. */
  private static final int MOST_UNANSWERED = 10_000;

  /**
   * A message as it was handed in.
   *
   * @param stream names the life of a client: what it hands in for one conversation keeps its order
   */
  public record HandedIn(String conversation, long sender, String text, String stream) {}

  /**
   * One acknowledgement; a message that was resent has several.
   *
   * @param text null when who heard of the ack did not know it
   */
  public record Promised(
      String conversation, long seq, long id, long sender, String clientMessageId, String text) {}

  private final List<HandedIn> handedIn = new ArrayList<>();
  private final List<Promised> promised = new ArrayList<>();
  private final List<String> mustArrive = new ArrayList<>();
  private final List<String> accepted = new ArrayList<>();
  private final Map<String, Long> acknowledgedAt = new HashMap<>();
  private long acknowledged;

  public synchronized void handedIn(HandedIn message) {
    handedIn.add(message);
  }

  public synchronized void promised(Promised ack) {
    promised.add(ack);
    if (ack.text() != null) {
      acknowledgedAt.putIfAbsent(ack.text(), System.nanoTime());
      acknowledged++;
    }
  }

  /** An "ok" without a seq, as v1 gives it. */
  public synchronized void accepted(String text) {
    accepted.add(text);
    acknowledgedAt.putIfAbsent(text, System.nanoTime());
    acknowledged++;
  }

  /** Nobody is left who would see the ack, but the outbox that has it was kept. */
  public synchronized void mustArrive(Collection<String> texts) {
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

  synchronized List<String> accepted() {
    return List.copyOf(accepted);
  }

  /**
   * Whether a message had been acknowledged to its sender at a moment, by {@link System#nanoTime}.
   * When it was handed in tells nothing: an outbox may keep it for long.
   */
  synchronized boolean wasAcknowledgedBefore(long moment, String text) {
    Long at = acknowledgedAt.get(text);
    return at != null && at - moment < 0;
  }

  /** Messages that were acknowledged to who sent them, forgotten ones included. */
  public synchronized long acknowledged() {
    return acknowledged;
  }

  /**
   * Lets go of what has been compared.
   *
   * @param seen what the checker saw of this ledger; what came since stays
   * @param kept texts of all that is in the histories; the others may still come
   */
  synchronized void forget(Seen seen, Set<String> kept) {
    List<HandedIn> open =
        new ArrayList<>(
            seen.handedIn().stream().filter(message -> !kept.contains(message.text())).toList());
    open = open.subList(Math.max(0, open.size() - MOST_UNANSWERED), open.size());
    open.addAll(handedIn.subList(seen.handedIn().size(), handedIn.size()));
    acknowledgedAt.keySet().removeAll(kept);
    handedIn.clear();
    handedIn.addAll(open);
    promised.subList(0, seen.promised().size()).clear();
    mustArrive.subList(0, seen.mustArrive().size()).clear();
    accepted.subList(0, seen.accepted().size()).clear();
  }

  /** A copy of everything at one moment. */
  record Seen(
      List<HandedIn> handedIn,
      List<Promised> promised,
      List<String> mustArrive,
      List<String> accepted) {
    /** What must be in a history, whoever was told so. */
    Set<String> owed() {
      return new HashSet<>(accepted);
    }
  }

  synchronized Seen seen() {
    return new Seen(handedIn(), promised(), mustArrive(), accepted());
  }
}
