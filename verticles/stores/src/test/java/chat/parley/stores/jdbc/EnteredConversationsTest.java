package chat.parley.stores.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.ChatMessage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnteredConversationsTest {
  private static final int REMEMBERED = 10_000;

  private final EnteredConversations entered = new EnteredConversations();

  private static ChatMessage to(long recipient) {
    return Messages.message("direct:7:" + recipient, 1, "t").setRecipientId(recipient).build();
  }

  private boolean known(long recipient) {
    return entered.missingIn(List.of(to(recipient))).isEmpty();
  }

  @Test
  void eachConversationIsMissingOnceWithBothOfItsUsers() {
    assertThat(entered.missingIn(List.of(to(9), to(8), to(9), Messages.message("room:1", 1))))
        .containsOnlyKeys("direct:7:8", "direct:7:9")
        .containsValues(Set.of(7L, 8L), Set.of(7L, 9L));
    assertThat(known(9)).as("asking is not entering").isFalse();
    entered.remember(List.of("direct:7:9"));
    assertThat(known(9)).isTrue();
  }

  @Test
  void whatIsUsedIsRememberedAndTheRestForgottenInTheEnd() {
    entered.remember(List.of("direct:7:1", "direct:7:2"));
    for (int i = 0; i < REMEMBERED - 1; i++) {
      assertThat(known(1)).isTrue();
      entered.remember(List.of("direct:8:" + i));
    }
    assertThat(known(1)).isTrue();
    assertThat(known(2)).isFalse();
  }
}
