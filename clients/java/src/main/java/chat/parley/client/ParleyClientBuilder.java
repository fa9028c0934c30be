package chat.parley.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Describes a client: where to, as whom, with which memory. */
public final class ParleyClientBuilder {
  List<URI> api = List.of();
  Encoding encoding = Encoding.PROTOBUF;
  ClientState state;
  ParleyListener listener = new ParleyListener() {};
  SSLContext tls;
  Timing timing = Timing.USUAL;
  private List<URI> connect = List.of();
  private Accounts.Credentials credentials;
  private boolean register;
  private Login token;
  private String deviceName = "java";
  private boolean onlyNew;

  ParleyClientBuilder() {}

  /** Nodes to log in at, by HTTP; tried in turn. Not needed with a token. */
  public ParleyClientBuilder api(List<URI> addresses) {
    api = List.copyOf(addresses);
    return this;
  }

  /**
   * Nodes to connect to, tried in turn: {@code ws://host:7000/ws}, {@code wss://}, {@code
   * tcp://host:7001}, {@code tls://}.
   */
  public ParleyClientBuilder connect(List<URI> addresses) {
    addresses.forEach(Carriers::check);
    connect = List.copyOf(addresses);
    return this;
  }

  /** How frames are written on a WebSocket; protobuf if not said. */
  public ParleyClientBuilder encoding(Encoding encoding) {
    this.encoding = encoding;
    return this;
  }

  /** Logs in when the state has no token, or the server takes it no more: with the same device. */
  public ParleyClientBuilder credentials(String userName, String password) {
    credentials = new Accounts.Credentials(userName, password);
    return this;
  }

  /** Makes the account at the first login; ends if the name is taken. */
  public ParleyClientBuilder register() {
    register = true;
    return this;
  }

  /** Uses this token, whatever the state has. */
  public ParleyClientBuilder token(String token, long deviceId) {
    this.token = new Login(token, 0, "", deviceId);
    return this;
  }

  /** What a new device is called. */
  public ParleyClientBuilder deviceName(String name) {
    deviceName = name;
    return this;
  }

  /** Direct messages from before this device's first connection do not come. */
  public ParleyClientBuilder onlyNew() {
    onlyNew = true;
    return this;
  }

  /** What must not be forgotten; a {@link MemoryState} if not said. The client closes it. */
  public ParleyClientBuilder state(ClientState state) {
    this.state = state;
    return this;
  }

  /** Who hears what comes. */
  public ParleyClientBuilder listener(ParleyListener listener) {
    this.listener = listener;
    return this;
  }

  /** Whom to trust, for wss, tls and https; the JDK's default if not said. */
  public ParleyClientBuilder tls(SSLContext context) {
    tls = context;
    return this;
  }

  /** Ceilings of the first and of the longest pause before another attempt; 0.2 s and 30 s. */
  public ParleyClientBuilder backoff(Duration first, Duration longest) {
    timing = timing.withPauses(first, longest);
    return this;
  }

  ParleyClientBuilder timing(Timing timing) {
    this.timing = timing;
    return this;
  }

  /**
   * The client, not started.
   *
   * @throws IllegalStateException when something is missing
   */
  public ParleyClient build() {
    if (connect.isEmpty()) {
      throw new IllegalStateException("connect(…) names no address");
    }
    if (credentials != null && api.isEmpty()) {
      throw new IllegalStateException("credentials need an address to log in at: api(…)");
    }
    if (state == null) {
      state = new MemoryState();
    }
    if (credentials == null && token == null && state.login().isEmpty()) {
      throw new IllegalStateException("neither credentials nor a token");
    }
    HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(timing.connectWithin());
    try {
      tls = tls == null ? SSLContext.getDefault() : tls;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return new ParleyClient(
        this, http.sslContext(tls).version(HttpClient.Version.HTTP_1_1).build());
  }

  LinkSettings linkSettings() {
    return new LinkSettings(
        connect,
        Optional.ofNullable(credentials),
        register,
        token != null ? Optional.of(token) : state.login(),
        deviceName,
        onlyNew,
        state,
        listener,
        timing);
  }
}
