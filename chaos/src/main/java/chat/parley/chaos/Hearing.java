package chat.parley.chaos;

import chat.parley.chaos.Checker.Kept;
import chat.parley.chaos.Diary.Begins;
import chat.parley.chaos.Diary.Heard;
import chat.parley.chaos.Diary.Run;
import chat.parley.chaos.Finding.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one device heard of one conversation, held beside what is kept of it. */
final class Hearing {
  /** Seqs of one hole that are named; a device that lacks more lacks enough. */
  private static final int MOST_MISSING = 10_000;

  private final String who;
  private final long settled;
  private final List<Kept> kept;
  private final boolean all;
  private final long user;
  private final Set<String> mayCome;
  private final Map<String, Kept> byText = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param settled what is kept begins behind this seq; what was missing before it has been told
   * @param all whether the device must hear its own user's messages too
   * @param mayCome texts of earlier ones that may be heard yet, once; what was heard is taken out
   */
  Hearing(String who, long settled, List<Kept> kept, boolean all, long user, Set<String> mayCome) {
    this.who = who;
    this.settled = settled;
    this.kept = kept;
    this.all = all;
    this.user = user;
    this.mayCome = mayCome;
  }

  List<Finding> findings() {
    return findings;
  }

  void found(Verdict verdict, String what) {
    findings.add(new Finding(verdict, who + what));
  }

  /**
   * One uninterrupted piece.
   *
   * @param before where the device was
   * @return where it is after it
   */
  long follow(Run run, long before) {
    long from = before;
    if (run.begins() != Begins.CONTINUED
        && (run.begins() != Begins.FORGETFUL || run.after() != Run.UNKNOWN)) {
      from = run.after();
    }
    long has = before;
    boolean first = run.begins() != Begins.CONTINUED || before == Run.UNKNOWN;
    TreeSet<Long> missing = new TreeSet<>();
    for (Heard heard : run.heard()) {
      long seq = seqOf(heard);
      if (seq == Run.UNKNOWN) {
        continue;
      }
      if (first) {
        first = false;
        begin(run, seq, from, before);
        has = seq;
      } else if (seq <= has) {
        if (missing.remove(seq)) {
          found(Verdict.OUT_OF_ORDER, seq + " came after " + has);
        } else {
          found(Verdict.TWICE, "again " + seq + " after " + has);
        }
      } else {
        missing.addAll(owedBetween(has, seq));
        has = seq;
      }
      compare(heard, seq);
    }
    if (!missing.isEmpty()) {
      found(
          Verdict.LOST,
          "%d follows %d, %d are missing"
              .formatted(next(missing), missing.first() - 1, missing.size()));
    }
    return run.heard().isEmpty() ? Math.max(before, from) : has;
  }

  /** What the device must hear behind a seq and before another one. */
  List<Long> owedBetween(long has, long seq) {
    List<Long> seqs = new ArrayList<>();
    for (long hole = has + 1; hole < seq && seqs.size() < MOST_MISSING; hole++) {
      if (owes(hole)) {
        seqs.add(hole);
      }
    }
    return seqs;
  }

  private boolean owes(long seq) {
    int place = (int) (seq - settled) - 1;
    boolean known = place >= 0 && place < kept.size();
    return all || known && kept.get(place).sender() != user;
  }

  private void begin(Run run, long seq, long from, long before) {
    if (from != Run.UNKNOWN && seq > from + 1) {
      found(Verdict.LOST, "begins with %d, promised was what follows %d".formatted(seq, from));
    }
    if (run.begins() == Begins.JOINED_AGAIN && seq <= before) {
      found(Verdict.TWICE, "again " + seq + " after " + before);
    }
  }

  /** What was heard behind the first hole. */
  private static long next(TreeSet<Long> missing) {
    long seq = missing.first();
    while (missing.contains(seq)) {
      seq++;
    }
    return seq;
  }

  /** On a wire without seqs the text tells it. */
  private long seqOf(Heard heard) {
    if (heard.seq() != Run.UNKNOWN) {
      return heard.seq();
    }
    if (byText.isEmpty()) {
      kept.forEach(message -> byText.put(message.text(), message));
    }
    Kept message = byText.get(heard.text());
    if (message == null && mayCome.remove(heard.text())) {
      return Run.UNKNOWN;
    }
    if (message == null) {
      found(Verdict.STRAY, "heard " + heard + ", which is not kept, or was compared before");
      return Run.UNKNOWN;
    }
    return message.seq();
  }

  private void compare(Heard heard, long seq) {
    if (seq <= settled) {
      // A client that forgot hears it again; it was compared when it was new.
      return;
    }
    if (seq > settled + kept.size()) {
      found(Verdict.STRAY, "heard " + heard + ", of which the history knows nothing");
      return;
    }
    Kept truth = kept.get((int) (seq - settled) - 1);
    boolean sameSender = heard.sender() == 0 || truth.sender() == heard.sender();
    if (!truth.text().equals(heard.text()) || !sameSender) {
      found(Verdict.CHANGED, "heard " + heard + " but kept is " + truth);
    }
  }
}
