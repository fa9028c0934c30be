package chat.parley.chaos;

import chat.parley.chaos.Diary.Run;
import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.Ledger.HandedIn;
import chat.parley.chaos.Ledger.Promised;
import chat.parley.chaos.Ledger.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what was promised with what is kept, and what is kept with what every device has heard:
 * nothing acknowledged is lost, nothing is there twice, all have the same order.
 *
 * <p>Its memory is bounded by what is said between two comparisons, however long a soak is: after
 * each, ledger, diaries and histories {@link #settle are let go} up to a seq of each conversation
 * that every device has passed. A message from before that is seen again has no sender any more,
 * and is found as such.
 *
 * <p>Not thread-safe.
 */
public final class Checker {
  /** A message of the history. */
  public record Kept(long seq, long id, long sender, String text) {}

  private static final int FINDINGS_OF_A_DEVICE = 3;

  private final Ledger ledger;
  private final Map<String, Long> settled = new HashMap<>();
  private final Map<String, List<Kept>> history = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Compared> compared = new ArrayList<>();
  private final Map<Diary, Integer> complaints = new HashMap<>();
  private Seen seen;

  /** One device in one conversation, and where it is. */
  private record Compared(
      Diary diary, String conversation, List<Run> runs, long has, Set<String> mayCome) {}

  public Checker(Ledger ledger) {
    this.ledger = ledger;
    this.seen = ledger.seen();
  }

  /** One comparison of everything. See {@link #compare}. */
  public static List<Finding> findings(
      Ledger ledger, Map<String, List<Kept>> history, Collection<Diary> diaries) {
    return new Checker(ledger).compare(history, diaries);
  }

  /** Up to here a conversation was compared and let go; 0 at the beginning. */
  public long settled(String conversation) {
    return settled.getOrDefault(conversation, 0L);
  }

  /** Messages that were compared and let go. */
  public long settled() {
    return settled.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * What is wrong; empty when every promise is kept. May be repeated, while something is still
   * under way.
   *
   * @param all of every conversation what follows {@link #settled}, oldest first
   * @param diaries of devices that are connected and have nothing more to come
   */
  public List<Finding> compare(Map<String, List<Kept>> all, Collection<Diary> diaries) {
    seen = ledger.seen();
    history.clear();
    history.putAll(all);
    findings.clear();
    compared.clear();
    complaints.clear();
    historyCountsWithoutGaps();
    everyMessageIsKeptOnce();
    promisesAreKept();
    sendersKeepTheirOrder();
    diaries.forEach(this::heardAll);
    return List.copyOf(findings);
  }

  /** Lets go of everything that the last comparison saw, whatever it found. */
  public void settle() {
    Set<String> kept = new HashSet<>();
    history.forEach(
        (conversation, messages) -> {
          messages.forEach(message -> kept.add(message.text()));
          settled.merge(conversation, (long) messages.size(), Long::sum);
        });
    ledger.forget(seen, kept);
    compared.forEach(one -> one.diary.forget(one.conversation, one.runs, one.has));
    compared.forEach(one -> one.diary.mayCome(one.conversation, one.mayCome));
    complaints.forEach(Diary::forgetComplaints);
    complaints.clear();
    history.clear();
    compared.clear();
    findings.clear();
    seen = ledger.seen();
  }

  private void found(Verdict verdict, String what) {
    findings.add(new Finding(verdict, what));
  }

  private void historyCountsWithoutGaps() {
    history.forEach(
        (conversation, kept) -> {
          long place = settled(conversation);
          for (Kept message : kept) {
            if (message.seq() != ++place) {
              found(
                  Verdict.GAP,
                  "history of %s has seq %d in place %d"
                      .formatted(conversation, message.seq(), place));
              return;
            }
          }
        });
  }

  private void everyMessageIsKeptOnce() {
    Map<String, HandedIn> known = new HashMap<>();
    seen.handedIn().forEach(message -> known.put(message.text(), message));
    Set<String> texts = new HashSet<>();
    Set<Long> ids = new HashSet<>();
    history.forEach(
        (conversation, kept) -> {
          for (Kept message : kept) {
            HandedIn origin = known.get(message.text());
            String what = conversation + " " + message;
            if (origin == null || !origin.conversation().equals(conversation)) {
              found(Verdict.STRAY, "nobody sent, or it was compared before: " + what);
            } else if (origin.sender() != message.sender()) {
              found(Verdict.CHANGED, "it was " + origin.sender() + " who sent " + what);
            }
            if (!texts.add(message.text())) {
              found(Verdict.TWICE, "kept twice: " + what);
            }
            if (!ids.add(message.id())) {
              found(Verdict.TWICE, "id given twice: " + what);
            }
          }
        });
    for (String text : seen.mustArrive()) {
      if (!texts.contains(text)) {
        found(Verdict.LOST, "in the outbox and never sent: " + text);
      }
    }
    for (String text : seen.accepted()) {
      if (!texts.contains(text)) {
        found(Verdict.LOST, "acknowledged and not kept: " + text);
      }
    }
  }

  private void promisesAreKept() {
    Map<String, Promised> byName = new HashMap<>();
    for (Promised promise : seen.promised()) {
      String name = promise.sender() + "/" + promise.clientMessageId();
      Promised first = byName.putIfAbsent(name, promise);
      if (first != null
          && (first.seq() != promise.seq()
              || first.id() != promise.id()
              || !first.conversation().equals(promise.conversation()))) {
        found(
            Verdict.RESENT_TWICE, "one client message id, two acks: " + first + " and " + promise);
      }
      // An older one was compared with the history when it was new.
      if (promise.seq() < 1 || promise.seq() > settled(promise.conversation())) {
        isKept(promise);
      }
    }
  }

  private void isKept(Promised promise) {
    Kept message = kept(promise.conversation(), promise.seq());
    if (message == null || message.id() != promise.id()) {
      found(Verdict.LOST, "acknowledged " + promise + " but kept is " + message);
    } else if (promise.text() != null && !message.text().equals(promise.text())) {
      found(Verdict.CHANGED, "acknowledged " + promise + " but kept is " + message);
    }
  }

  /** Null when there is none. */
  private Kept kept(String conversation, long seq) {
    List<Kept> kept = history.getOrDefault(conversation, List.of());
    long place = seq - settled(conversation);
    return place < 1 || place > kept.size() ? null : kept.get((int) place - 1);
  }

  private void sendersKeepTheirOrder() {
    Map<String, Long> seqs = new HashMap<>();
    history.values().forEach(kept -> kept.forEach(m -> seqs.putIfAbsent(m.text(), m.seq())));
    Map<String, HandedIn> last = new HashMap<>();
    for (HandedIn message : seen.handedIn()) {
      if (!seqs.containsKey(message.text())) {
        continue;
      }
      HandedIn before = last.put(message.stream() + " " + message.conversation(), message);
      if (before != null && seqs.get(before.text()) > seqs.get(message.text())) {
        found(
            Verdict.OUT_OF_ORDER,
            "handed in first, and behind in the order: " + before + " and " + message);
      }
    }
  }

  private void heardAll(Diary diary) {
    List<Finding> wrong = new ArrayList<>(diary.complaints());
    complaints.put(diary, wrong.size());
    Set<String> conversations = new HashSet<>(diary.conversations());
    for (String conversation : history.keySet()) {
      if (Conversations.isDirectOf(conversation, diary.user())) {
        conversations.add(conversation);
      }
    }
    for (String conversation : conversations) {
      wrong.addAll(heard(diary, conversation));
    }
    findings.addAll(wrong.subList(0, Math.min(wrong.size(), FINDINGS_OF_A_DEVICE)));
  }

  private List<Finding> heard(Diary diary, String conversation) {
    List<Kept> kept = history.getOrDefault(conversation, List.of());
    boolean direct = Conversations.isDirectOf(conversation, diary.user());
    // On the wire of v1 a direct message goes to its recipient only.
    boolean all = diary.remembers() || !direct;
    Set<String> mayCome = diary.mayCome(conversation);
    Hearing hearing =
        new Hearing(
            diary.device() + " in " + conversation + ": ",
            settled(conversation),
            kept,
            all,
            diary.user(),
            mayCome);
    List<Run> runs = diary.runs(conversation);
    // Up to here the device has everything that it was promised.
    long has = diary.has(conversation);
    for (Run run : runs) {
      has = hearing.follow(run, has);
    }
    boolean expected = diary.isMember(conversation) || direct && diary.remembers();
    if (has == Run.UNKNOWN && direct && diary.remembers()) {
      has = 0;
    }
    long head = settled(conversation) + kept.size();
    // A client without a memory that heard nothing may have come after the last message.
    boolean demanded = expected && (has != Run.UNKNOWN || diary.remembers());
    if (demanded) {
      if (!hearing.owedBetween(has, head + 1).isEmpty()) {
        hearing.found(Verdict.LOST, "has " + has + " of " + head);
      }
      // What is missing has been told, and is not asked for again.
      has = Math.max(has, head);
    }
    // Without a place the diary keeps what was heard, and the next comparison sees it again.
    Set<String> stillMayCome = has == Run.UNKNOWN ? diary.mayCome(conversation) : mayCome;
    if (!all && !demanded) {
      stillMayCome.addAll(unheard(diary, kept, runs));
    }
    compared.add(new Compared(diary, conversation, runs, has, stillMayCome));
    return hearing.findings();
  }

  /** What was accepted for a user of v1 since its client was let in, and it has not heard. */
  private Set<String> unheard(Diary diary, List<Kept> kept, List<Run> runs) {
    Set<String> unheard = new HashSet<>();
    for (Kept message : kept) {
      if (message.sender() != diary.user()
          && !ledger.wasAcknowledgedBefore(diary.joinsAt(), message.text())) {
        unheard.add(message.text());
      }
    }
    runs.forEach(run -> run.heard().forEach(heard -> unheard.remove(heard.text())));
    return unheard;
  }
}
