package chat.parley.connect;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.FindUser;
import chat.parley.proto.v2.Goodbye;
import chat.parley.proto.v2.Hello;
import chat.parley.proto.v2.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What v2's framing on TCP keeps, whatever bytes come and however they are cut. */
class V2TcpTest {
  private static final int LONGEST = 64 * 1024;

  @TempDir Path folder;
  private ConnectMesh mesh;
  private String demo;
  private V2TcpClient client;

  @BeforeEach
  void start() {
    mesh = new ConnectMesh(folder);
    demo = mesh.rooms().device(11, 1, "demo");
    client = (V2TcpClient) mesh.v2(V2Client.Kind.TCP);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void aFrameShorterThanItsHeaderCloses(int total) {
    client.send(V2TcpClient.header(total));
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.BAD_FRAME);
    assertThat(client.goodbye().getReason()).isEqualTo("a frame is shorter than its header");
  }

  @ParameterizedTest
  @ValueSource(ints = {LONGEST + 7, Integer.MAX_VALUE, -1})
  void aFrameThatIsTooLongClosesBeforeItsBodyIsThere(int total) {
    client.send(V2TcpClient.header(total));
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.TOO_LARGE);
  }

  @Test
  void aFrameWithoutABodyIsAFrameWithoutAMeaning() {
    client.hello(demo).await(ServerFrame.BodyCase.SYNCED);
    client.send(V2TcpClient.header(6)).send(find(2)).answer(2);
  }

  @Test
  void theLongestFrameIsTaken() {
    client.hello(demo).await(ServerFrame.BodyCase.SYNCED);
    int rest = find(2).getSerializedSize();
    byte[] name = new byte[LONGEST - rest];
    java.util.Arrays.fill(name, (byte) 'x');
    FindUser find = FindUser.newBuilder().setUserName("somebody" + new String(name)).build();
    while (ClientFrame.newBuilder().setRef(2).setFindUser(find).build().getSerializedSize()
        > LONGEST) {
      find = FindUser.newBuilder().setUserName(find.getUserName().substring(1)).build();
    }
    ClientFrame frame = ClientFrame.newBuilder().setRef(2).setFindUser(find).build();
    assertThat(frame.getSerializedSize()).isEqualTo(LONGEST);
    assertThat(client.send(frame).answer(2).getUser().getUserName()).isEqualTo(find.getUserName());
  }

  @Test
  void framesMayComeByteByByteOrManyAtOnce() {
    for (byte b : V2TcpClient.bytes(hello())) {
      client.send(new byte[] {b});
    }
    client.await(ServerFrame.BodyCase.SYNCED);
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int ref = 2; ref <= 10; ref++) {
      many.writeBytes(V2TcpClient.bytes(find(ref)));
    }
    client.send(many.toByteArray());
    assertThat(client.await(ServerFrame.BodyCase.USER, 9))
        .extracting(ServerFrame::getRe)
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void aConnectionDoesNotChangeItsWire() {
    client.hello(demo).await(ServerFrame.BodyCase.SYNCED);
    client.send(TcpClient.frame(TcpClient.joining(demo, 7).encode()));
    assertThat(client.goodbye().getCode()).isEqualTo(Goodbye.Code.BAD_FRAME);
  }

  private ClientFrame hello() {
    return ClientFrame.newBuilder()
        .setHello(Hello.newBuilder().setProtocol(2).setToken(demo))
        .build();
  }

  private static ClientFrame find(int ref) {
    return ClientFrame.newBuilder()
        .setRef(ref)
        .setFindUser(FindUser.newBuilder().setUserName("somebody"))
        .build();
  }
}
