package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.client.cli.Chat;
import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.Error;
import chat.parley.proto.v2.Joined;
import chat.parley.proto.v2.Message;
import chat.parley.proto.v2.Send;
import chat.parley.proto.v2.ServerFrame;
import chat.parley.proto.v2.Synced;
import chat.parley.proto.v2.User;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chat as a process in a pipe. */
class ChatTest {
  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private WebSocketPeer peer;

  @BeforeEach
  void loggedIn() throws Exception {
    peer = new WebSocketPeer("parley.v2.protobuf", null);
    try (FileState state = FileState.in(folder)) {
      state.saveLogin(new Login("secret", 3, "demo", 70));
    }
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    peer.close();
  }

  private Process chat(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Chat.class.getName(),
                "--user",
                "demo",
                "--connect",
                peer.address().toString(),
                "--state",
                folder.toString()));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("PARLEY_PASSWORD");
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static void type(Process process, String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
  }

  private static int codeOf(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static String read(java.io.InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private Peer.Connection joined(int room) {
    Peer.Connection connection = peer.acceptAndWelcome();
    ClientFrame join = connection.request();
    assertThat(join.getJoin().getRoomId()).isEqualTo(room);
    connection.send(
        ServerFrame.newBuilder()
            .setRe(join.getRef())
            .setJoined(Joined.newBuilder().setRoomId(room).setConversation("room:" + room))
            .build());
    return connection;
  }

  private static void synced(Peer.Connection connection) {
    connection.send(ServerFrame.newBuilder().setSynced(Synced.getDefaultInstance()).build());
  }

  @Test
  void linesAreSentMissedMessagesPrintedOwnOnesNot() throws Exception {
    Process chat = chat("--room", "1");
    type(chat, "hällo\n\nagain\n");
    Peer.Connection connection = joined(1);
    connection.batch("room:1", 1, 2);
    Send first = connection.expectSend();
    Send second = connection.expectSend();
    assertThat(first.getText()).isEqualTo("hällo");
    assertThat(second.getText()).isEqualTo("again");
    Message own = Peer.message(3).toBuilder().setSenderId(3).setText("hällo").build();
    connection.send(
        ServerFrame.newBuilder()
            .setBatch(Peer.batch("room:1", 3, 2).toBuilder().addMessages(own))
            .build());
    connection.ack(first, "room:1", 3);
    connection.ack(second, "room:1", 4);
    synced(connection);
    assertThat(codeOf(chat)).isZero();
    assertThat(read(chat.getInputStream()).lines())
        .hasSize(2)
        .allMatch(line -> line.matches("2023-11-1\\d \\d\\d:\\d\\d test: text [12]"));

    // The second line comes back at the next start, and someone else's after it.
    Process next = chat("--room", "1");
    type(next, "");
    Peer.Connection again = joined(1);
    Message later = Peer.message(4).toBuilder().setSenderId(3).setText("again").build();
    again.send(
        ServerFrame.newBuilder()
            .setBatch(
                Peer.batch("room:1", 4, 3).toBuilder()
                    .addMessages(later)
                    .addMessages(Peer.message(5)))
            .build());
    synced(again);
    assertThat(codeOf(next)).isZero();
    assertThat(read(next.getInputStream()).lines())
        .singleElement()
        .asString()
        .endsWith("test: text 5");
  }

  @Test
  void userIsFoundByNameAndARefusalIsTheExitCode() throws Exception {
    Process chat = chat("--to", "test");
    type(chat, "no\n");
    Peer.Connection connection = peer.acceptAndWelcome();
    ClientFrame find = connection.request();
    assertThat(find.getFindUser().getUserName()).isEqualTo("test");
    connection.send(
        ServerFrame.newBuilder()
            .setRe(find.getRef())
            .setUser(
                User.newBuilder().setUserId(9).setUserName("test").setConversation("direct:3:9"))
            .build());
    Send send = connection.expectSend();
    assertThat(send.getConversation()).isEqualTo("direct:3:9");
    connection.send(
        ServerFrame.newBuilder()
            .setError(
                Error.newBuilder()
                    .setCode(Error.Code.FORBIDDEN)
                    .setMessage("not today")
                    .setClientMessageId(send.getClientMessageId()))
            .build());
    synced(connection);
    assertThat(codeOf(chat)).isEqualTo(1);
    assertThat(read(chat.getErrorStream())).contains("not sent: no (not today)");
  }

  @Test
  void whatIsNotAcknowledgedInTimeIsSaidAndSentByTheNext() throws Exception {
    Process chat = chat("--room", "1", "--wait", "1");
    type(chat, "kept\n");
    Send send = joined(1).expectSend();
    assertThat(codeOf(chat)).isEqualTo(1);
    assertThat(read(chat.getErrorStream())).contains("1 not acknowledged within 1 s");

    Process next = chat("--room", "1", "--wait", "5");
    type(next, "");
    Peer.Connection again = peer.acceptAndWelcome();
    ClientFrame one = again.request();
    ClientFrame other = again.request();
    Send resent = one.hasSend() ? one.getSend() : other.getSend();
    assertThat(resent.getClientMessageId()).isEqualTo(send.getClientMessageId());
    assertThat(resent.getResend()).isTrue();
  }
}
