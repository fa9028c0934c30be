package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.codeOf;
import static chat.parley.stores.jdbc.Messages.message;
import static chat.parley.stores.jdbc.Messages.run;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Conversations;
import chat.parley.bus.ErrorCode;
import chat.parley.proto.ChatMessage;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every ConversationStore promises, with the append that fills it. */
abstract class ConversationStoreSuite extends StoresFixture {
  private static final AtomicLong USERS = new AtomicLong(100);

  private long ada;
  private long bob;
  private String theirs;

  @BeforeEach
  void users() {
    ada = USERS.incrementAndGet();
    bob = USERS.incrementAndGet();
    theirs = Conversations.ofPair(ada, bob);
  }

  private static ChatMessage direct(long from, long to, long seq) {
    return message(Conversations.ofPair(from, to), seq, "text")
        .setSenderId(from)
        .setRecipientId(to)
        .build();
  }

  private Future<Void> append(ChatMessage... messages) {
    return stores.messages().append(List.of(messages));
  }

  private Map<String, Long> of(long user) {
    return await(stores.conversations().directOf(List.of(user))).getOrDefault(user, Map.of());
  }

  @Test
  void bothUsersOfADirectMessageFindItsConversation() {
    await(append(direct(ada, bob, 1)));

    assertThat(of(ada)).isEqualTo(Map.of(theirs, 1L));
    assertThat(of(bob)).isEqualTo(Map.of(theirs, 1L));
  }

  @Test
  void headMovesWithTheConversation() {
    await(append(direct(ada, bob, 1)));
    await(append(direct(bob, ada, 2), direct(ada, bob, 3)));

    assertThat(of(ada)).isEqualTo(Map.of(theirs, 3L));
    assertThat(of(bob)).isEqualTo(Map.of(theirs, 3L));
  }

  @Test
  void notesToOneselfAreAConversationOfOneUser() {
    await(append(direct(ada, ada, 1)));

    assertThat(of(ada)).isEqualTo(Map.of(Conversations.ofPair(ada, ada), 1L));
  }

  @Test
  void roomsAreNoDirectConversations() {
    await(stores.messages().append(run("room:" + ada, 1, 3)));

    assertThat(of(7)).isEmpty();
    assertThat(await(stores.conversations().directOf(List.of(ada, bob)))).isEmpty();
    assertThat(await(stores.conversations().directOf(List.of()))).isEmpty();
  }

  @Test
  void messageThatWasStoredBeforeEntersItsConversationWhenItsBatchIsRepeated() {
    await(append(direct(ada, bob, 1)));
    execute("DELETE FROM user_conversations WHERE conversation = '" + theirs + "'");
    JdbcStores another = openAnother();
    await(another.messages().append(List.of(direct(ada, bob, 1))));
    await(another.close());

    assertThat(of(ada)).isEqualTo(Map.of(theirs, 1L));
    assertThat(of(bob)).isEqualTo(Map.of(theirs, 1L));
  }

  @Test
  void parallelAppendsOfTheSameBatchEnterItOnce() {
    await(
        Future.all(
            IntStream.range(0, 8)
                .mapToObj(i -> append(direct(ada, bob, 1), direct(bob, ada, 2)))
                .toList()));

    assertThat(of(ada)).isEqualTo(Map.of(theirs, 2L));
    assertThat(
            count("SELECT COUNT(*) FROM user_conversations WHERE conversation = '" + theirs + "'"))
        .isEqualTo(2);
  }

  @Test
  void messageWhoseConversationCannotBeEnteredIsNotStored() {
    String refusal = "refuses_" + bob;
    execute(
        "ALTER TABLE user_conversations ADD CONSTRAINT %s CHECK (user_id <> %d)"
            .formatted(refusal, bob));
    assertThat(codeOf(append(direct(ada, bob, 1), direct(ada, ada, 1))))
        .isEqualTo(ErrorCode.INTERNAL);
    assertThat(await(stores.messages().after(theirs, 0, 10))).isEmpty();
    assertThat(of(ada)).isEmpty();

    execute("ALTER TABLE user_conversations DROP CONSTRAINT " + refusal);
    await(append(direct(ada, bob, 1), direct(ada, ada, 1)));
    assertThat(of(bob)).as("what was not committed was not remembered").isNotEmpty();
  }

  @Test
  void conversationThatIsKnownToBeEnteredIsNotEnteredAgain() {
    await(append(direct(ada, bob, 1)));
    execute("DELETE FROM user_conversations WHERE conversation = '" + theirs + "'");
    await(append(direct(ada, bob, 2)));

    assertThat(of(ada)).isEmpty();
  }

  @Test
  void manyUsersAreAnsweredAtOnceEachWithTheirOwn() {
    long first = USERS.getAndAdd(450) + 1;
    List<Long> users = LongStream.range(first, first + 450).boxed().toList();
    List<ChatMessage> batch = new ArrayList<>();
    for (long user : users) {
      batch.add(direct(user, ada, user));
    }
    await(stores.messages().append(batch));

    Map<Long, Map<String, Long>> found = await(stores.conversations().directOf(users));

    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(users);
    assertThat(found)
        .allSatisfy(
            (user, heads) ->
                assertThat(heads).isEqualTo(Map.of(Conversations.ofPair(user, ada), user)));
    assertThat(of(ada)).hasSize(450);
  }

  @Test
  void conversationWithoutMessagesHasNoHead() {
    await(append(direct(ada, bob, 1)));
    await(stores.messages().removeUpTo(theirs, 1));

    assertThat(of(ada)).isEmpty();
  }
}
