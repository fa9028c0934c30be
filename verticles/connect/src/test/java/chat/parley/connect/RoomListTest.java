package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
