package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.ConversationList;
import chat.parley.proto.Device;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Devices;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SendAck;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.UserFound;
import com.google.protobuf.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/api-v2.md, run by the shell as a reader would. */
class ReferenceExamplesTest {
  private static final Map<String, Message> ANSWERS =
      Map.ofEntries(
          Map.entry(Addresses.REGISTER, SessionOpened.getDefaultInstance()),
          Map.entry(Addresses.LOGIN, SessionOpened.getDefaultInstance()),
          Map.entry(Addresses.LOGOUT, LoggedOut.getDefaultInstance()),
          Map.entry(Addresses.SEND, SendAck.getDefaultInstance()),
          Map.entry(Addresses.JOIN_ROOM, RoomJoined.getDefaultInstance()),
          Map.entry(Addresses.LEAVE_ROOM, RoomLeft.getDefaultInstance()),
          Map.entry(Addresses.MEMBERS, RoomMembers.getDefaultInstance()),
          Map.entry(Addresses.CONVERSATIONS, ConversationList.getDefaultInstance()),
          Map.entry(Addresses.HISTORY, HistoryPage.getDefaultInstance()),
          Map.entry(Addresses.FIND_USER, UserFound.getDefaultInstance()),
          Map.entry(Addresses.LIST_DEVICES, Devices.getDefaultInstance()),
          Map.entry(Addresses.RENAME_DEVICE, Device.getDefaultInstance()),
          Map.entry(Addresses.REVOKE_DEVICE, DeviceRevoked.getDefaultInstance()));

  @Test
  void everyExampleIsTakenAsItStands(@TempDir Path folder) throws Exception {
    try (ApiUnderTest api = new ApiUnderTest(new JsonObject())) {
      Map<String, LogicPeer> logic = new HashMap<>();
      ANSWERS.forEach(
          (address, answer) -> logic.put(address, LogicPeer.answering(api, address, answer)));
      Path output = folder.resolve("output");
      Process shell =
          new ProcessBuilder("bash", "-e", "-c", script(api.port))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
      } finally {
        shell.destroyForcibly();
      }
      assertThat(shell.exitValue()).as(Files.readString(output)).isZero();
      assertThat(logic)
          .allSatisfy((address, peer) -> assertThat(peer.wasAsked()).as(address).isTrue());
    }
  }

  /** The reference's commands; curl is told to fail when the server refuses. */
  private static String script(int port) throws IOException {
    return Pattern.compile("(?s)```sh\\n(.*?)```")
        .matcher(Files.readString(Path.of("../../docs/api-v2.md")))
        .results()
        .map(block -> block.group(1))
        .collect(Collectors.joining("\n"))
        .replace("http://127.0.0.1:7070", "http://127.0.0.1:" + port)
        .replace("curl -sS", "curl --noproxy '*' --fail-with-body -sS");
  }
}
