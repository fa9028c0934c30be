package chat.parley.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the bench says of loss, duplicates and order has to be right when there are any. */
class TallyTest {
  private final RoundClock clock = new RoundClock(0, Long.MAX_VALUE);
  private final Arrivals arrivals = new Arrivals(clock);
  private final Ledger ledger = new Ledger(3);
  private final Stamp stamp = new Stamp("run");

  private Tally tally(boolean sendersInOrder) {
    return new Tally(ledger, arrivals, sendersInOrder);
  }

  private void accepted(int... numbers) {
    for (int number : numbers) {
      ledger.sent(number);
      ledger.accepted(number);
    }
  }

  private Stamp read(int conversation, int number, int sender) {
    byte[] text =
        stamp.text(conversation, number, sender, 0, 0).getBytes(StandardCharsets.US_ASCII);
    assertThat(stamp.find(text, 0, text.length)).isTrue();
    return stamp;
  }

  private void arrive(Tally tally, int... numbers) {
    for (int number : numbers) {
      tally.arrived(read(3, number, 0), clock.began());
    }
  }

  private void arriveAs(Tally tally, int number, long seq) {
    tally.arrived(read(3, number, 0), seq, clock.began());
  }

  @Test
  void nothingIsWrongWhenEverythingComesOnceInOrder() {
    Tally first = tally(true);
    Tally second = tally(true);
    accepted(0, 1, 2);
    arrive(first, 0, 1, 2);
    arrive(second, 0, 1, 2);
    for (Tally tally : new Tally[] {first, second}) {
      assertThat(tally.distinct()).isEqualTo(3);
      assertThat(tally.lost()).isZero();
      assertThat(tally.duplicates()).isZero();
      assertThat(tally.outOfOrder()).isZero();
    }
    assertThat(arrivals.count()).isEqualTo(6);
  }

  @Test
  void aLostMessageIsLostForTheOneWhoDidNotGetItAlone() {
    Tally first = tally(false);
    Tally second = tally(false);
    accepted(0, 1, 2);
    arrive(first, 0, 1, 2);
    arrive(second, 0, 2);
    assertThat(first.lost()).isZero();
    assertThat(second.lost()).isEqualTo(1);
    assertThat(second.outOfOrder()).isZero();
  }

  @Test
  void aLostMessageFarBehindTheLastReceivedOneIsLostToo() {
    Tally tally = tally(false);
    accepted(0, 5_000);
    arrive(tally, 0);
    assertThat(tally.lost()).isEqualTo(1);
  }

  @Test
  void aRefusedMessageIsNotMissedAndIsToldApartWhenItComesAllTheSame() {
    Tally tally = tally(false);
    accepted(0);
    ledger.sent(1);
    arrive(tally, 0);
    assertThat(tally.lost()).isZero();
    arrive(tally, 1);
    assertThat(tally.unpromised()).isEqualTo(1);
  }

  @Test
  void aMessageThatComesTwiceIsADuplicateAndIsCountedOnce() {
    Tally tally = tally(false);
    accepted(0, 1);
    arrive(tally, 0, 1, 0);
    assertThat(tally.duplicates()).isEqualTo(1);
    assertThat(tally.distinct()).isEqualTo(2);
    assertThat(arrivals.count()).isEqualTo(2);
  }

  @Test
  void twoReceiversWithDifferentOrdersAreNotBothInOrder() {
    Tally first = tally(false);
    Tally second = tally(false);
    accepted(0, 1, 2);
    arrive(first, 0, 2, 1);
    arrive(second, 0, 1, 2);
    assertThat(first.outOfOrder()).isZero();
    assertThat(second.outOfOrder()).isEqualTo(1);
  }

  @Test
  void messagesOfOneSenderThatAreSwappedForEverybodyAreOutOfOrderWhereTheWireKeepsIt() {
    Tally kept = tally(true);
    Tally free = tally(false);
    accepted(0, 1);
    arrive(kept, 1, 0);
    arrive(free, 1, 0);
    assertThat(kept.outOfOrder()).isEqualTo(1);
    assertThat(free.outOfOrder()).isZero();
  }

  @Test
  void theSameMessageUnderTwoSeqsIsADuplicate() {
    Tally tally = tally(true);
    accepted(0);
    arriveAs(tally, 0, 11);
    arriveAs(tally, 0, 12);
    assertThat(tally.duplicates()).isEqualTo(1);
    assertThat(tally.repeats()).isZero();
  }

  @Test
  void aSeqThatComesAgainIsARepeatAndNoDuplicate() {
    Tally tally = tally(true);
    accepted(0, 1);
    arriveAs(tally, 0, 11);
    arriveAs(tally, 1, 12);
    arriveAs(tally, 0, 11);
    assertThat(tally.repeats()).isEqualTo(1);
    assertThat(tally.duplicates()).isZero();
    assertThat(tally.outOfOrder()).isZero();
  }

  @Test
  void aSeqThatComesTooLateForTheFirstTimeIsOutOfOrder() {
    Tally tally = tally(false);
    accepted(0, 1);
    arriveAs(tally, 1, 12);
    arriveAs(tally, 0, 11);
    assertThat(tally.outOfOrder()).isEqualTo(1);
  }

  @Test
  void aSeqThatIsSkippedIsAGapUnlessTheServerSaysThatItIsGone() {
    Tally tally = tally(true);
    accepted(0, 1, 2);
    tally.standsAt(10);
    arriveAs(tally, 0, 12);
    assertThat(tally.gaps()).isEqualTo(1);
    tally.notRecovered(13, 15);
    arriveAs(tally, 1, 16);
    assertThat(tally.gaps()).isEqualTo(1);
    assertThat(tally.notRecovered()).isEqualTo(3);
    assertThat(tally.cursor()).isEqualTo(16);
  }

  @Test
  void aMessageOfAnotherConversationIsAStray() {
    Tally tally = tally(true);
    tally.arrived(read(4, 0, 0), clock.began());
    assertThat(arrivals.strays()).isEqualTo(1);
    assertThat(tally.distinct()).isZero();
  }

  @Test
  void verdictAddsUpWhatAllReceiversGot() {
    Tally first = tally(false);
    Tally second = tally(false);
    accepted(0, 1);
    arrive(first, 0, 1);
    arrive(second, 0, 0);
    Verdict verdict = new Verdict();
    verdict.add(first);
    verdict.add(second);
    assertThat(verdict.expected).isEqualTo(4);
    assertThat(verdict.received).isEqualTo(3);
    assertThat(verdict.lost).isEqualTo(1);
    assertThat(verdict.duplicates).isEqualTo(1);
  }
}
