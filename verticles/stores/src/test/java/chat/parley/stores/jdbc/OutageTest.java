package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.codeOf;
import static chat.parley.stores.jdbc.Await.retry;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.DeviceCursor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PostgreSQL that goes away, is silent, or is asked for too much. */
class OutageTest {
  private final Vertx vertx = Vertx.vertx();
  private CutProxy network;
  private JdbcStores stores;

  @BeforeEach
  void open() {
    String url = PostgresServer.newDatabase().getJsonObject("database").getString("url");
    int port = PostgresServer.server().getPort();
    network = new CutProxy(vertx, port);
    String through = url.replace(":" + port + "/", ":" + network.port() + "/");
    stores = await(JdbcStores.open(vertx, PostgresServer.settings(through)));
  }

  @AfterEach
  void close() {
    await(stores.close());
    await(vertx.close());
  }

  @Test
  void databaseThatIsAwayIsUnavailableInTimeAndServedAgainWhenItIsBack() {
    await(stores.messages().append(Messages.run("room:1", 1, 5)));

    network.cut();
    List<Future<Void>> attempts =
        IntStream.range(0, 8)
            .mapToObj(i -> stores.messages().append(Messages.run("room:1", 6, 10)))
            .toList();
    assertThat(attempts).allSatisfy(a -> assertThat(codeOf(a)).isEqualTo(ErrorCode.UNAVAILABLE));
    assertThat(codeOf(stores.accounts().create("ada", "h"))).isEqualTo(ErrorCode.UNAVAILABLE);

    network.mend();
    retry(() -> stores.messages().append(Messages.run("room:1", 6, 10)));
    await(stores.accounts().create("ada", "h"));
    assertThat(await(stores.messages().after("room:1", 0, 100)))
        .isEqualTo(Messages.run("room:1", 1, 10));
  }

  @Test
  void restartOfTheServerIsServedAgainWithoutAHand() {
    await(stores.messages().append(Messages.run("room:1", 1, 5)));

    PostgresServer.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley'");

    Future<Void> first = stores.messages().append(Messages.run("room:1", 6, 10));
    if (await(first.transform(end -> Future.succeededFuture(end.failed())))) {
      assertThat(codeOf(first)).isEqualTo(ErrorCode.UNAVAILABLE);
    }
    retry(() -> stores.messages().append(Messages.run("room:1", 6, 10)));
    assertThat(await(stores.messages().after("room:1", 0, 100))).hasSize(10);
  }

  @Test
  void databaseThatNeverAnswersEndsAtTheDeadline() {
    await(stores.messages().append(Messages.run("room:1", 1, 5)));

    network.swallow(true);
    Future<Void> sent = stores.messages().append(Messages.run("room:1", 6, 10));
    assertThat(codeOf(sent)).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.UNAVAILABLE);

    network.swallow(false);
    network.cut();
    network.mend();
    retry(() -> stores.messages().append(Messages.run("room:1", 6, 10)));
    assertThat(await(stores.messages().after("room:1", 0, 100))).hasSize(10);
  }

  /** More than there are connections: some wait for one, others for their answer. */
  @Test
  void whatWaitsForADatabaseThatNeverAnswersIsToldToTryAgain() {
    network.swallow(true);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(stores.accounts().byName("ada"));
      all.add(stores.cursors().save(List.of(cursor(i))));
    }
    assertThat(all)
        .allSatisfy(
            one ->
                assertThat(codeOf(one)).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.UNAVAILABLE));

    network.swallow(false);
    network.cut();
    network.mend();
    retry(() -> stores.accounts().create("ada", "h"));
  }

  private static DeviceCursor cursor(long device) {
    return DeviceCursor.newBuilder()
        .setDeviceId(device)
        .setConversation("room:1")
        .setSeq(1)
        .build();
  }

  @Test
  void moreThanMayWaitIsRefusedAndTheRestIsServed() {
    List<Future<?>> all =
        IntStream.range(0, 2_000)
            .<Future<?>>mapToObj(i -> stores.messages().after("room:1", 0, 10))
            .toList();
    await(Future.join(all).transform(end -> Future.succeededFuture()));

    assertThat(all).anySatisfy(one -> assertThat(one.succeeded()).isTrue());
    assertThat(all)
        .filteredOn(Future::failed)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(codeOf(one)).isEqualTo(ErrorCode.OVERLOADED));
    await(stores.messages().after("room:1", 0, 10));
  }

  @Test
  void closedStoresSaySo() {
    await(stores.close());

    assertThat(codeOf(stores.messages().after("room:1", 0, 1))).isEqualTo(ErrorCode.SHUTTING_DOWN);
  }
}
