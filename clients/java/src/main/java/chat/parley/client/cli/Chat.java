package chat.parley.client.cli;

import chat.parley.client.Encoding;
import chat.parley.client.FileState;
import chat.parley.client.ParleyClient;
import chat.parley.client.ParleyClientBuilder;
import chat.parley.client.ParleyException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./parley chat}: what it can do stands in its options. */
@Command(
    name = "parley chat",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = {
      "Chats in rooms and with users. Lines typed go to the first room or user named; what comes in"
          + " any of the user's conversations is printed, what was missed since the last time first.",
      "The password is taken from PARLEY_PASSWORD, or asked for. In a pipe every line of the input"
          + " is a message; the exit code is 0 when all were acknowledged."
    })
public final class Chat implements Callable<Integer> {
  @Option(names = "--user", required = true, description = "who you are")
  String user;

  @Option(names = "--room", description = "room to be in, by number; may be repeated")
  List<Long> rooms = new ArrayList<>();

  @Option(names = "--to", description = "user to talk to, by name; may be repeated")
  List<String> users = new ArrayList<>();

  @Option(names = "--register", description = "make the account first")
  boolean register;

  @Option(
      names = "--device",
      defaultValue = "terminal",
      description =
          "name of this device, each with its own place in every conversation (${DEFAULT-VALUE})")
  String device;

  @Option(
      names = "--api",
      defaultValue = "http://127.0.0.1:7070",
      description = "where to log in; may be repeated (${DEFAULT-VALUE})")
  List<URI> api;

  @Option(
      names = "--connect",
      description =
          "ws://, wss://, tcp:// or tls:// address; may be repeated, tried in turn"
              + " (ws://127.0.0.1:7000/ws; with --tcp tcp://127.0.0.1:7001)")
  List<URI> connect = new ArrayList<>();

  @Option(names = "--tcp", description = "TCP instead of a WebSocket, when --connect is not given")
  boolean tcp;

  @Option(names = "--json", description = "JSON frames on the WebSocket instead of protobuf")
  boolean json;

  @Option(
      names = "--state",
      description = "folder for token, cursors and outbox (~/.parley/HOST/USER-DEVICE)")
  Path state;

  @Option(names = "--new-only", description = "a new device does without old direct messages")
  boolean newOnly;

  @Option(names = "--no-input", description = "only listen")
  boolean noInput;

  @Option(names = "--follow", description = "go on printing after the end of the input")
  boolean follow;

  @Option(
      names = "--wait",
      defaultValue = "30",
      description = "seconds to wait for what is not acknowledged at the end (${DEFAULT-VALUE})")
  long waitSeconds;

  /** Ends with 0, or 1 when something could not be done, or 2 when the options are not right. */
  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new Chat());
    String version = Chat.class.getPackage().getImplementationVersion();
    command.getCommandSpec().version("parley chat " + (version == null ? "" : version));
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    if (rooms.isEmpty() && users.isEmpty() && !noInput) {
      System.err.println("parley: --room or --to says where lines go (or --no-input: only listen)");
      return 2;
    }
    if (connect.isEmpty()) {
      connect.add(URI.create(tcp ? "tcp://127.0.0.1:7001" : "ws://127.0.0.1:7000/ws"));
    }
    FileState kept;
    try {
      kept = FileState.in(folder());
    } catch (ParleyException e) {
      System.err.println("parley: " + e.getMessage());
      return 1;
    }
    ParleyClientBuilder builder;
    try {
      builder = describe(kept);
    } catch (IllegalArgumentException e) {
      System.err.println("parley: " + e.getMessage());
      return 2;
    }
    try (Screen screen = screen()) {
      Conversation conversation = new Conversation(this, screen, new Typed(typedFile()));
      try (ParleyClient client = builder.listener(conversation).build()) {
        Thread leave = new Thread(() -> leave(client, conversation));
        Runtime.getRuntime().addShutdownHook(leave);
        return conversation.run(client);
      } finally {
        conversation.save();
      }
    }
  }

  private static void leave(ParleyClient client, Conversation conversation) {
    client.close();
    conversation.save();
  }

  private ParleyClientBuilder describe(FileState kept) {
    ParleyClientBuilder builder =
        ParleyClient.builder()
            .api(api)
            .connect(connect)
            .encoding(json ? Encoding.JSON : Encoding.PROTOBUF)
            .deviceName(device)
            .state(kept);
    String password = password(kept);
    if (password != null) {
      builder.credentials(user, password);
    }
    if (register) {
      builder.register();
    }
    if (newOnly) {
      builder.onlyNew();
    }
    return builder;
  }

  /** Null when a token from before does. */
  private String password(FileState kept) {
    String given = System.getenv("PARLEY_PASSWORD");
    if (given != null) {
      return given;
    }
    if (kept.login().isPresent()) {
      return null;
    }
    if (System.console() == null) {
      throw new IllegalArgumentException(
          "no terminal to ask for the password: set PARLEY_PASSWORD");
    }
    char[] typed = System.console().readPassword("Password of %s: ", user);
    if (typed == null) {
      throw new IllegalArgumentException("no password");
    }
    return new String(typed);
  }

  private Screen screen() throws IOException {
    return System.console() != null && !noInput
        ? new TerminalScreen()
        : new PlainScreen(System.in, System.out, System.err);
  }

  private Path folder() {
    if (state != null) {
      return state;
    }
    URI first = api.get(0);
    String host =
        first.getPort() < 0 || first.getPort() == 7070
            ? String.valueOf(first.getHost())
            : first.getHost() + "_" + first.getPort();
    return Path.of(
        System.getProperty("user.home"), ".parley", named(host), named(user) + "-" + named(device));
  }

  private Path typedFile() {
    return folder().resolve("typed.json");
  }

  /** A name may hold what a folder's may not. */
  private static String named(String text) {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return encoded.startsWith(".") ? "%2E" + encoded.substring(1) : encoded;
  }
}
