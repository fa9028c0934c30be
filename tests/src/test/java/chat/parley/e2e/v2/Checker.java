package chat.parley.e2e.v2;

import chat.parley.e2e.v2.Diary.Begins;
import chat.parley.e2e.v2.Diary.Heard;
import chat.parley.e2e.v2.Diary.Run;
import chat.parley.e2e.v2.Ledger.HandedIn;
import chat.parley.e2e.v2.Ledger.Promised;
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
 */
final class Checker {
  /** A message of the history. */
  record Kept(long seq, long id, long sender, String text) {}

  private static final int FAULTS_OF_A_DEVICE = 3;

  private final Ledger ledger;
  private final Map<String, List<Kept>> history;
  private final List<String> faults = new ArrayList<>();

  private Checker(Ledger ledger, Map<String, List<Kept>> history) {
    this.ledger = ledger;
    this.history = history;
  }

  /**
   * What is wrong, in sentences; empty when every promise is kept.
   *
   * @param history of every conversation, oldest first
   * @param diaries of devices that are connected and have nothing more to come
   */
  static List<String> faults(
      Ledger ledger, Map<String, List<Kept>> history, Collection<Diary> diaries) {
    Checker checker = new Checker(ledger, history);
    checker.historyCountsWithoutGaps();
    checker.everyMessageIsKeptOnce();
    checker.promisesAreKept();
    checker.sendersKeepTheirOrder();
    diaries.forEach(checker::heardAll);
    return checker.faults;
  }

  private void historyCountsWithoutGaps() {
    history.forEach(
        (conversation, kept) -> {
          for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).seq() != i + 1L) {
              faults.add(
                  "history of %s has seq %d in place %d"
                      .formatted(conversation, kept.get(i).seq(), i + 1));
              return;
            }
          }
        });
  }

  private void everyMessageIsKeptOnce() {
    Map<String, HandedIn> known = new HashMap<>();
    ledger.handedIn().forEach(message -> known.put(message.text(), message));
    Set<String> texts = new HashSet<>();
    Set<Long> ids = new HashSet<>();
    history.forEach(
        (conversation, kept) -> {
          for (Kept message : kept) {
            HandedIn origin = known.get(message.text());
            String what = conversation + " " + message;
            if (origin == null || !origin.conversation().equals(conversation)) {
              faults.add("nobody sent " + what);
            } else if (origin.sender() != message.sender()) {
              faults.add("it was " + origin.sender() + " who sent " + what);
            }
            if (!texts.add(message.text())) {
              faults.add("kept twice: " + what);
            }
            if (!ids.add(message.id())) {
              faults.add("id given twice: " + what);
            }
          }
        });
    for (String text : ledger.mustArrive()) {
      if (!texts.contains(text)) {
        faults.add("in the outbox and never sent: " + text);
      }
    }
  }

  private void promisesAreKept() {
    Map<String, Promised> byName = new HashMap<>();
    for (Promised promise : ledger.promised()) {
      String name = promise.sender() + "/" + promise.clientMessageId();
      Promised first = byName.putIfAbsent(name, promise);
      if (first != null
          && (first.seq() != promise.seq()
              || first.id() != promise.id()
              || !first.conversation().equals(promise.conversation()))) {
        faults.add("one client message id, two acks: " + first + " and " + promise);
      }
      List<Kept> kept = history.getOrDefault(promise.conversation(), List.of());
      Kept message =
          promise.seq() < 1 || promise.seq() > kept.size()
              ? null
              : kept.get((int) promise.seq() - 1);
      if (message == null
          || message.id() != promise.id()
          || promise.text() != null && !message.text().equals(promise.text())) {
        faults.add("acknowledged " + promise + " but kept is " + message);
      }
    }
  }

  private void sendersKeepTheirOrder() {
    Map<String, Long> seqs = new HashMap<>();
    history.values().forEach(kept -> kept.forEach(m -> seqs.put(m.text(), m.seq())));
    Map<String, HandedIn> last = new HashMap<>();
    for (HandedIn message : ledger.handedIn()) {
      if (!seqs.containsKey(message.text())) {
        continue;
      }
      HandedIn before = last.put(message.stream() + " " + message.conversation(), message);
      if (before != null && seqs.get(before.text()) > seqs.get(message.text())) {
        faults.add("handed in first, and behind in the order: " + before + " and " + message);
      }
    }
  }

  private void heardAll(Diary diary) {
    List<String> wrong = new ArrayList<>(diary.complaints());
    Set<String> conversations = new HashSet<>(diary.conversations());
    for (String conversation : history.keySet()) {
      if (isDirectOf(conversation, diary.user())) {
        conversations.add(conversation);
      }
    }
    for (String conversation : conversations) {
      String what = diary.device() + " in " + conversation + ": ";
      for (String fault : heard(diary, conversation)) {
        wrong.add(what + fault);
      }
    }
    faults.addAll(wrong.subList(0, Math.min(wrong.size(), FAULTS_OF_A_DEVICE)));
  }

  private static boolean isDirectOf(String conversation, long user) {
    String[] parts = conversation.split(":");
    return parts[0].equals("direct") && (parts[1].equals("" + user) || parts[2].equals("" + user));
  }

  private List<String> heard(Diary diary, String conversation) {
    List<Kept> kept = history.getOrDefault(conversation, List.of());
    List<String> wrong = new ArrayList<>();
    // Up to here the device has everything that it was promised.
    long has = Run.UNKNOWN;
    for (Run run : diary.runs(conversation)) {
      has = follow(run, has, kept, wrong);
    }
    boolean expected = diary.isMember(conversation) || isDirectOf(conversation, diary.user());
    if (has == Run.UNKNOWN && isDirectOf(conversation, diary.user())) {
      has = 0;
    }
    if (expected && has < kept.size()) {
      wrong.add("has " + has + " of " + kept.size());
    }
    return wrong;
  }

  /** Where the device is after this run. */
  private static long follow(Run run, long before, List<Kept> kept, List<String> wrong) {
    long has = before;
    long from = run.begins() == Begins.FORGETFUL ? before : run.after();
    if (run.begins() == Begins.FORGETFUL && run.after() != Run.UNKNOWN) {
      from = run.after();
    }
    boolean first = true;
    for (Heard heard : run.heard()) {
      if (first) {
        first = false;
        if (from != Run.UNKNOWN && heard.seq() > from + 1) {
          wrong.add("begins with %d, promised was what follows %d".formatted(heard.seq(), from));
        }
        if (run.begins() == Begins.JOINED_AGAIN && heard.seq() <= before) {
          wrong.add("again " + heard.seq() + " after " + before);
        }
      } else if (heard.seq() <= has) {
        wrong.add("again " + heard.seq() + " after " + has);
      } else if (heard.seq() != has + 1) {
        wrong.add("%d follows %d".formatted(heard.seq(), has));
      }
      has = heard.seq();
      compare(heard, kept, wrong);
    }
    return run.heard().isEmpty() ? Math.max(before, from) : has;
  }

  private static void compare(Heard heard, List<Kept> kept, List<String> wrong) {
    if (heard.seq() < 1 || heard.seq() > kept.size()) {
      wrong.add("heard " + heard + ", of which the history knows nothing");
      return;
    }
    Kept truth = kept.get((int) heard.seq() - 1);
    if (!truth.text().equals(heard.text()) || truth.sender() != heard.sender()) {
      wrong.add("heard " + heard + " but kept is " + truth);
    }
  }
}
