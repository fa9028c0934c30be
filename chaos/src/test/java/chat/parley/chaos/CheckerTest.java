package chat.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.Checker.Kept;
import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.Ledger.HandedIn;
import chat.parley.chaos.Ledger.Promised;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: each fault that it is there for is shown to it. */
class CheckerTest {
  private static final String ROOM = "room:7";
  private static final String DIRECT = "direct:1:2";
  private static final long SENDER = 1;
  private static final int MESSAGES = 6;

  private final Ledger ledger = new Ledger();
  private final Diary diary = new Diary("tablet", 2);
  private final List<Kept> kept = new ArrayList<>();
  private final List<Kept> heard = new ArrayList<>();
  private String conversation = ROOM;

  @BeforeEach
  void everythingWentWell() {
    for (int seq = 1; seq <= MESSAGES; seq++) {
      kept.add(new Kept(seq, 100 + seq, SENDER, "text " + seq));
    }
    heard.addAll(kept);
  }

  private void handIn() {
    for (Kept message : kept) {
      ledger.handedIn(new HandedIn(conversation, SENDER, message.text(), "first life"));
      promise(message, "id " + message.seq());
    }
  }

  private void promise(Kept message, String clientMessageId) {
    ledger.promised(
        new Promised(
            conversation, message.seq(), message.id(), SENDER, clientMessageId, message.text()));
  }

  private void hear() {
    heard.forEach(m -> diary.heard(conversation, m.seq(), m.sender(), m.text()));
  }

  private void joinAndHear(long after) {
    diary.joins(conversation);
    diary.joined(conversation, after);
    hear();
  }

  private List<Finding> findings() {
    return Checker.findings(ledger, Map.of(conversation, kept), List.of(diary));
  }

  private void assertFinds(Verdict verdict, String what) {
    assertThat(findings()).hasSize(1).first().extracting(Finding::verdict).isEqualTo(verdict);
    assertThat(findings().get(0).what()).contains(what);
  }

  @Test
  void findsNothingWhereNothingIsWrong() {
    handIn();
    joinAndHear(0);
    assertThat(findings()).isEmpty();
  }

  @Test
  void findsNothingWrongWithADirectConversation() {
    conversation = DIRECT;
    handIn();
    hear();
    assertThat(findings()).isEmpty();
  }

  @Test
  void findsALostMessage() {
    handIn();
    heard.remove(3);
    joinAndHear(0);
    assertFinds(Verdict.LOST, "5 follows 3");
  }

  @Test
  void findsALostLastMessage() {
    handIn();
    heard.remove(MESSAGES - 1);
    joinAndHear(0);
    assertFinds(Verdict.LOST, "has 5 of 6");
  }

  @Test
  void findsALostFirstMessage() {
    handIn();
    heard.remove(0);
    joinAndHear(0);
    assertFinds(Verdict.LOST, "begins with 2");
  }

  @Test
  void findsADirectConversationOfWhichNothingWasHeard() {
    conversation = DIRECT;
    handIn();
    assertFinds(Verdict.LOST, "has 0 of 6");
  }

  @Test
  void findsADoubledMessage() {
    handIn();
    heard.add(4, heard.get(3));
    joinAndHear(0);
    assertFinds(Verdict.TWICE, "again 4");
  }

  @Test
  void findsSwappedMessages() {
    handIn();
    Collections.swap(heard, 2, 3);
    joinAndHear(0);
    assertFinds(Verdict.OUT_OF_ORDER, "3 came after 4");
  }

  @Test
  void findsAnotherTextUnderASeq() {
    handIn();
    heard.set(2, new Kept(3, 103, SENDER, "text 4"));
    joinAndHear(0);
    assertFinds(Verdict.CHANGED, "but kept is");
  }

  @Test
  void findsAnAcknowledgedMessageThatIsNotKept() {
    handIn();
    promise(new Kept(7, 107, SENDER, "text 7"), "id 7");
    joinAndHear(0);
    assertFinds(Verdict.LOST, "kept is null");
  }

  @Test
  void findsAResendThatBecameASecondMessage() {
    handIn();
    kept.add(new Kept(7, 107, SENDER, "text 1"));
    promise(kept.get(6), "id 1");
    heard.add(kept.get(6));
    joinAndHear(0);
    assertThat(findings())
        .extracting(Finding::verdict)
        .containsExactlyInAnyOrder(Verdict.TWICE, Verdict.RESENT_TWICE);
  }

  @Test
  void findsAGapInTheHistory() {
    handIn();
    kept.set(3, new Kept(5, 104, SENDER, "text 4"));
    joinAndHear(0);
    assertThat(findings())
        .first()
        .isEqualTo(new Finding(Verdict.GAP, "history of room:7 has seq 5 in place 4"));
  }

  @Test
  void findsASenderWhoseOrderWasTurned() {
    Collections.swap(kept, 1, 2);
    handIn();
    kept.set(1, new Kept(2, 103, SENDER, "text 2"));
    kept.set(2, new Kept(3, 102, SENDER, "text 3"));
    assertThat(findings()).extracting(Finding::verdict).contains(Verdict.OUT_OF_ORDER);
  }

  @Test
  void findsWhatAnOutboxDidNotSend() {
    handIn();
    ledger.mustArrive(List.of("text 1", "text 9"));
    joinAndHear(0);
    assertFinds(Verdict.LOST, "text 9");
  }

  @Test
  void allowsRepeatsAfterForgettingAndNoHole() {
    handIn();
    joinAndHear(0);
    diary.forgets();
    heard.subList(0, 3).clear();
    hear();
    assertThat(findings()).isEmpty();
    diary.forgets();
    heard.clear();
    heard.add(new Kept(8, 108, SENDER, "text 8"));
    hear();
    assertThat(findings()).isNotEmpty();
  }

  @Test
  void whoJoinedLaterNeedsOnlyWhatFollows() {
    handIn();
    heard.subList(0, 4).clear();
    joinAndHear(4);
    assertThat(findings()).isEmpty();
  }
}
