package chat.parley.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConversationsTest {
  @Test
  void aPairHasOneConversationWhoeverAsks() {
    assertThat(Conversations.ofPair(12, 3)).isEqualTo(Conversations.ofPair(3, 12));
  }

  @Test
  void everyConversationHasAPartitionInRange() {
    String smallestHash = "polygenelubricants";
    assertThat(smallestHash.hashCode()).isEqualTo(Integer.MIN_VALUE);
    for (int partitions : new int[] {1, 3, 16, 1024}) {
      assertThat(Conversations.partitionOf(smallestHash, partitions)).isBetween(0, partitions - 1);
    }
  }

  @Test
  void aRoomIsFoundInItsConversationAndInNoOther() {
    assertThat(Conversations.roomOf(Conversations.ofRoom(7))).isEqualTo(7);
    assertThat(Conversations.roomOf(Conversations.ofPair(7, 8))).isZero();
  }
}
