package chat.parley.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of a room's members stays cheap, whoever joins. */
class RoomListTest {
  private static final long ROOM = 7;

  @TempDir Path folder;
  private ConnectMesh mesh;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder, 2, new JsonObject());
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void twoHundredWhoJoinAtOnceCostAHandfulOfListsEach() {
    List<TcpClient> members = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      members.add(mesh.tcp());
    }
    for (int i = 1; i <= 200; i++) {
      members.get(i - 1).join(mesh.rooms().user(i, "user" + i), ROOM);
    }
    members.forEach(member -> member.awaitCount(200));
    for (TcpClient member : members) {
      assertThat(member.ofOp(5)).hasSizeLessThanOrEqualTo(8);
      assertThat(member.last(5).getJsonObject("roomUserInfo").size()).isEqualTo(200);
    }
  }

  @Test
  void aSecondSocketOfAMemberIsToldWhoIsThere() {
    String demo = mesh.rooms().user(1, "demo");
    mesh.wsIn(ROOM, demo);
    mesh.wsIn(ROOM, demo).awaitCount(1);
  }

  @Test
  void theListOfALargeRoomIsCutAndItsCountIsNot() {
    SortedMap<Long, String> members = new TreeMap<>();
    for (long id = 1; id <= 15_000; id++) {
      members.put(id, "somebody " + id);
    }
    StateFrame frame = new StateFrame(ROOM, members.size(), members);
    ByteBuf bytes = frame.bytes(WireFormat.V1_WEBSOCKET);
    assertThat(bytes.readableBytes()).isBetween(60 * 1024, 65 * 1024);
    JsonObject list = new JsonObject(bytes.toString(4, bytes.readableBytes() - 4, UTF_8));
    assertThat(list.getInteger("count")).isEqualTo(15_000);
    assertThat(list.getJsonObject("roomUserInfo").getString("1")).isEqualTo("somebody 1");
    frame.release();
  }
}
