package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.DeviceCursor;
import chat.parley.stores.CursorStore;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What every CursorStore promises. Each test has a user and a device of its own. */
abstract class CursorStoreSuite extends StoresFixture {
  private static final int MOST = 1_000;
  private static final String ROOM = "room:7";
  private static final String DIRECT = "direct:3:9";

  private long user;
  private long device;

  @BeforeEach
  void device(TestInfo test) {
    user = await(stores.accounts().create(test.getDisplayName(), "h")).userId();
    device = newDevice();
  }

  private CursorStore cursors() {
    return stores.cursors();
  }

  private long newDevice() {
    return await(stores.devices().create(user, "d", MOST)).deviceId();
  }

  private static DeviceCursor at(long device, String conversation, long seq) {
    return DeviceCursor.newBuilder()
        .setDeviceId(device)
        .setConversation(conversation)
        .setSeq(seq)
        .build();
  }

  private Future<Void> save(String conversation, long seq) {
    return cursors().save(List.of(at(device, conversation, seq)));
  }

  @Test
  void cursorBeginsOnceAndWhatIsThereStays() {
    assertThat(await(cursors().begin(device, ROOM, 5))).isEqualTo(5);
    assertThat(await(cursors().begin(device, ROOM, 9))).isEqualTo(5);
    assertThat(await(cursors().of(device))).isEqualTo(Map.of(ROOM, 5L));
  }

  @Test
  void ofParallelBeginsOneSetsTheCursorForAll() {
    List<Future<Long>> begins =
        LongStream.range(0, 20).mapToObj(seq -> cursors().begin(device, ROOM, seq)).toList();

    assertThat(begins.stream().map(Await::await).distinct()).hasSize(1);
    assertThat(await(cursors().of(device))).isEqualTo(Map.of(ROOM, begins.get(0).result()));
  }

  @Test
  void cursorMovesForwardAndNeverBack() {
    await(cursors().begin(device, ROOM, 5));
    await(save(ROOM, 8));
    await(save(ROOM, 6));
    await(save(DIRECT, 4));
    await(save(DIRECT, 2));

    assertThat(await(cursors().of(device))).isEqualTo(Map.of(ROOM, 8L, DIRECT, 4L));
  }

  @Test
  void furthestOfARepeatedCursorCounts() {
    await(
        cursors()
            .save(List.of(at(device, DIRECT, 3), at(device, DIRECT, 9), at(device, DIRECT, 5))));

    assertThat(await(cursors().of(device))).isEqualTo(Map.of(DIRECT, 9L));
  }

  @Test
  void roomThatWasLeftIsNotRevivedByALateSave() {
    await(cursors().begin(device, ROOM, 5));
    await(cursors().end(device, ROOM));
    await(cursors().end(device, ROOM));
    await(cursors().save(List.of(at(device, ROOM, 8), at(device, DIRECT, 1))));

    assertThat(await(cursors().of(device))).isEqualTo(Map.of(DIRECT, 1L));
  }

  @Test
  void whatIsNoDirectConversationGetsNoCursorBySaving() {
    await(cursors().save(List.of(at(device, "anything", 8), at(device, "", 8))));

    assertThat(await(cursors().of(device))).isEmpty();
  }

  @Test
  void cursorsOfADeviceThatIsGoneArePassedOverAndTheOthersSaved() {
    long gone = newDevice();
    await(stores.devices().remove(user, gone));

    await(cursors().save(List.of(at(gone, DIRECT, 3), at(device, DIRECT, 4))));
    await(cursors().save(List.of(at(gone, DIRECT, 3))));
    assertThat(codeOf(cursors().begin(gone, ROOM, 1))).isEqualTo(ErrorCode.UNAUTHENTICATED);

    assertThat(await(cursors().of(gone))).isEmpty();
    assertThat(await(cursors().of(device))).isEqualTo(Map.of(DIRECT, 4L));
  }

  @Test
  void parallelSavesOfOneDeviceLeaveTheFurthestCursor() {
    await(cursors().begin(device, ROOM, 0));
    List<Long> seqs = new ArrayList<>(LongStream.rangeClosed(1, 100).boxed().toList());
    Collections.shuffle(seqs, new Random(4));

    await(
        Future.all(
            seqs.stream()
                .map(seq -> cursors().save(List.of(at(device, ROOM, seq), at(device, DIRECT, seq))))
                .toList()));

    assertThat(await(cursors().of(device))).isEqualTo(Map.of(ROOM, 100L, DIRECT, 100L));
  }

  @Test
  void parallelSavesOfManyDevicesInAnyOrderNeverGetInEachOthersWay() {
    List<Long> devices = IntStream.range(0, 250).mapToObj(i -> newDevice()).toList();
    Random random = new Random(4);
    List<Future<Void>> saves = new ArrayList<>();
    Map<String, Long> wanted = new HashMap<>();
    for (int i = 1; i <= 12; i++) {
      long seq = i;
      List<DeviceCursor> batch = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        String conversation = "direct:1:" + (c + 1);
        wanted.put(conversation, seq);
        devices.forEach(one -> batch.add(at(one, conversation, seq)));
      }
      Collections.shuffle(batch, random);
      saves.add(cursors().save(batch));
    }

    await(Future.all(saves));

    assertThat(devices).allSatisfy(one -> assertThat(await(cursors().of(one))).isEqualTo(wanted));
  }

  @Test
  void removalOfADeviceDuringItsSavesLeavesNoCursor() {
    for (int round = 0; round < 20; round++) {
      long removed = newDevice();
      List<Future<?>> all = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        all.add(cursors().save(List.of(at(removed, "direct:1:" + i, i))));
      }
      all.add(stores.devices().remove(user, removed));
      all.add(cursors().save(List.of(at(removed, "direct:1:9", 9))));
      await(Future.all(all));

      assertThat(await(cursors().of(removed))).isEmpty();
    }
  }

  @Test
  void nothingToSaveIsNothing() {
    await(cursors().save(List.of()));
  }
}
