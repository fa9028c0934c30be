package chat.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.Checker.Kept;
import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.Ledger.HandedIn;
import chat.parley.chaos.Ledger.Promised;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What was compared is let go, and what comes after is still held to it; and clients without seqs.
 */
class SettlingTest {
  private static final String ROOM = "room:7";
  private static final long SENDER = 1;

  private final Ledger ledger = new Ledger();
  private final Checker checker = new Checker(ledger);
  private final Diary device = new Diary("tablet", 2);
  private final Diary v1 = new Diary("v1", 3, false);
  private final List<Kept> kept = new ArrayList<>();

  @BeforeEach
  void sixMessagesAreHeardAndCompared() {
    device.joins(ROOM);
    device.joined(ROOM, 0);
    v1.joins(ROOM);
    v1.joined(ROOM, 0);
    say(1, 6);
    hear(device, 1, 2, 3, 4, 5, 6);
    hear(v1, 1, 2, 3, 4, 5, 6);
    assertThat(compare()).isEmpty();
    checker.settle();
    kept.clear();
  }

  private static String text(long seq) {
    return "text " + seq;
  }

  private void say(long from, long to) {
    for (long seq = from; seq <= to; seq++) {
      ledger.handedIn(new HandedIn(ROOM, SENDER, text(seq), "first life"));
      ledger.promised(new Promised(ROOM, seq, 100 + seq, SENDER, "id " + seq, text(seq)));
      kept.add(new Kept(seq, 100 + seq, SENDER, text(seq)));
    }
  }

  private void hear(Diary diary, long... seqs) {
    for (long seq : seqs) {
      diary.heard(
          ROOM,
          diary.remembers() ? seq : Diary.Run.UNKNOWN,
          diary.remembers() ? SENDER : 0,
          text(seq));
    }
  }

  private List<Finding> compare() {
    return checker.compare(Map.of(ROOM, kept), List.of(device, v1));
  }

  private void assertFinds(Verdict verdict, String what) {
    assertThat(compare()).singleElement().asString().startsWith(verdict + ": ").contains(what);
  }

  @Test
  void nothingOfItIsKeptInMemory() {
    assertThat(checker.settled(ROOM)).isEqualTo(6);
    assertThat(ledger.seen())
        .isEqualTo(new Ledger.Seen(List.of(), List.of(), List.of(), List.of()));
    assertThat(device.runs(ROOM)).singleElement().matches(run -> run.heard().isEmpty());
    assertThat(v1.runs(ROOM)).singleElement().matches(run -> run.heard().isEmpty());
  }

  @Test
  void whatFollowsGoesOnFromThere() {
    say(7, 8);
    hear(device, 7, 8);
    hear(v1, 7, 8);
    assertThat(compare()).isEmpty();
  }

  @Test
  void findsWhatWasLostRightAfter() {
    say(7, 8);
    hear(device, 8);
    hear(v1, 7, 8);
    assertFinds(Verdict.LOST, "8 follows 6");
  }

  @Test
  void findsWhatWasLostOnAWireWithoutSeqs() {
    say(7, 9);
    hear(device, 7, 8, 9);
    hear(v1, 7, 9);
    assertFinds(Verdict.LOST, "9 follows 7");
  }

  @Test
  void findsWhatCameTwiceOnAWireWithoutSeqs() {
    say(7, 8);
    hear(device, 7, 8);
    hear(v1, 7, 7, 8);
    assertFinds(Verdict.TWICE, "again 7");
  }

  @Test
  void findsAnEndThatWasLostOnAWireWithoutSeqs() {
    say(7, 8);
    hear(device, 7, 8);
    hear(v1, 7);
    assertFinds(Verdict.LOST, "has 7 of 8");
  }

  @Test
  void findsAnOldMessageThatComesAgain() {
    say(7, 7);
    hear(device, 7, 6);
    hear(v1, 7);
    assertFinds(Verdict.TWICE, "again 6");
  }

  @Test
  void findsAnOldMessageThatIsKeptAgain() {
    say(7, 7);
    kept.add(new Kept(8, 108, SENDER, text(3)));
    hear(device, 7);
    device.heard(ROOM, 8, SENDER, text(3));
    hear(v1, 7);
    v1.heard(ROOM, Diary.Run.UNKNOWN, 0, text(3));
    assertFinds(Verdict.STRAY, "text 3");
  }

  @Test
  void findsAResendOfAnOldMessageThatGotAnotherSeq() {
    ledger.promised(new Promised(ROOM, 3, 103, SENDER, "id 3", null));
    ledger.promised(new Promised(ROOM, 7, 107, SENDER, "id 3", null));
    kept.add(new Kept(7, 107, SENDER, text(3)));
    hear(device, 7);
    hear(v1, 7);
    assertThat(compare()).extracting(Finding::verdict).contains(Verdict.RESENT_TWICE);
  }

  @Test
  void whoForgotMayHearOldOnesAgain() {
    device.forgets();
    say(7, 7);
    hear(device, 4, 5, 6, 7);
    hear(v1, 7);
    assertThat(compare()).isEmpty();
  }

  @Test
  void aConnectionWithoutAMemoryIsPromisedOnlyWhatComesAfterIt() {
    v1.disconnected();
    say(7, 8);
    hear(device, 7, 8);
    assertThat(compare()).isEmpty();
    checker.settle();
    kept.clear();
    v1.joins(ROOM);
    v1.joined(ROOM, 8);
    say(9, 10);
    hear(device, 9, 10);
    assertFinds(Verdict.LOST, "has 8 of 10");
    hear(v1, 9, 10);
    assertThat(compare()).isEmpty();
  }

  @Test
  void whatAUserOfV1WroteToSomebodyDoesNotComeBackToIt() {
    String direct = Conversations.direct(SENDER, v1.user());
    List<Kept> both = new ArrayList<>();
    for (long seq = 1; seq <= 4; seq++) {
      long sender = seq % 2 == 0 ? v1.user() : SENDER;
      ledger.handedIn(new HandedIn(direct, sender, text(10 + seq), "of " + sender));
      both.add(new Kept(seq, 200 + seq, sender, text(10 + seq)));
    }
    v1.heard(direct, Diary.Run.UNKNOWN, SENDER, text(11));
    Map<String, List<Kept>> history = Map.of(direct, both);
    assertThat(checker.compare(history, List.of(v1)))
        .singleElement()
        .asString()
        .contains("has 1 of 4");
    v1.heard(direct, Diary.Run.UNKNOWN, SENDER, text(13));
    assertThat(checker.compare(history, List.of(v1))).isEmpty();
  }

  private List<Finding> compareDirect(String conversation, Kept... messages) {
    return checker.compare(Map.of(conversation, List.of(messages)), List.of(v1));
  }

  private void v1ComesBack() {
    v1.disconnected();
    v1.joins(ROOM);
    v1.joined(ROOM, 6);
  }

  private Kept written(String conversation, long seq) {
    ledger.handedIn(new HandedIn(conversation, SENDER, text(10 + seq), "of " + SENDER));
    ledger.accepted(text(10 + seq));
    return new Kept(seq, 200 + seq, SENDER, text(10 + seq));
  }

  @Test
  void aDirectMessageThatWasLostOnItsWayToAConnectionMayComeLaterOnceOnIt() {
    String direct = Conversations.direct(SENDER, v1.user());
    Kept lost = written(direct, 1);
    assertThat(compareDirect(direct, lost)).isEmpty();
    checker.settle();

    v1.heard(direct, Diary.Run.UNKNOWN, SENDER, lost.text());
    assertThat(compareDirect(direct)).isEmpty();
    checker.settle();
    assertThat(compareDirect(direct)).isEmpty();
    v1.heard(direct, Diary.Run.UNKNOWN, SENDER, lost.text());
    assertThat(compareDirect(direct)).singleElement().asString().contains(lost.text());
  }

  @Test
  void findsADirectMessageFromBeforeTheConnection() {
    String direct = Conversations.direct(SENDER, v1.user());
    Kept before = written(direct, 1);
    v1ComesBack();
    assertThat(compareDirect(direct, before)).isEmpty();
    checker.settle();
    v1.heard(direct, Diary.Run.UNKNOWN, SENDER, before.text());
    assertThat(compareDirect(direct)).singleElement().asString().contains(before.text());
  }

  @Test
  void findsADirectMessageThatComesToTheNextConnection() {
    String direct = Conversations.direct(SENDER, v1.user());
    Kept lost = written(direct, 1);
    assertThat(compareDirect(direct, lost)).isEmpty();
    checker.settle();

    v1ComesBack();
    v1.heard(direct, Diary.Run.UNKNOWN, SENDER, lost.text());
    assertThat(compareDirect(direct)).singleElement().asString().startsWith("STRAY");
  }

  @Test
  void aMessageWithoutAnAnswerMayArriveAfterAll() {
    ledger.handedIn(new HandedIn(ROOM, SENDER, text(7), "a message of its own"));
    assertThat(compare()).isEmpty();
    checker.settle();
    kept.add(new Kept(7, 107, SENDER, text(7)));
    hear(device, 7);
    hear(v1, 7);
    assertThat(compare()).isEmpty();
  }

  @Test
  void findsAnAcknowledgedMessageOfAWireWithoutSeqsThatIsNotKept() {
    ledger.handedIn(new HandedIn(ROOM, SENDER, text(7), "first life"));
    ledger.accepted(text(7));
    assertFinds(Verdict.LOST, "text 7");
  }
}
