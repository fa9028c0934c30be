package chat.parley.connect;

import chat.parley.net.ClientAddresses;
import chat.parley.settings.Rate;
import chat.parley.settings.SettingsException;
import chat.parley.settings.TlsSettings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * Section {@code connect}. Bounds on connections are per verticle instance.
 *
 * @param host interface to listen on
 * @param wsPort WebSocket, path {@code /ws}
 * @param tcpPorts v1 TCP; an empty list: none
 * @param origins that a browser's page may come from; empty: any
 * @param maxConnections open sockets; one more is told to try again
 * @param maxConnectionsPerAddress open sockets of the process from one address
 * @param trustedProxies addresses or networks whose X-Forwarded-For is believed, and which are not
 *     counted as one address
 * @param framesPerSession how often a client may send a frame; more are refused and not read
 * @param acceptBacklog connections that the kernel may hold before they are accepted
 * @param maxQueuedBytes that may wait for one socket; over it the session is switched to pull
 * @param maxQueuedBytesOfAll that may wait for all sockets; over half of it queues become short,
 *     over it the longest are given up
 * @param maxFrameBytes of one incoming WebSocket message
 * @param maxStrangerBytes that all who have not said who they are may have sent, small frames not
 *     counted, before the ones who send more are told to try again
 * @param joinDeadline time to upgrade, and again time to join
 * @param pingInterval between two pings
 * @param pongDeadline silence after which a WebSocket is closed
 * @param stalled how long a full queue may show no progress before its socket is closed
 * @param headsCheck pause between two looks for messages that never came; jittered by a quarter
 * @param linger how long a topic without sessions stays subscribed
 * @param goodbye longest time over which the goodbyes of a stopping instance are spread
 * @param goodbyeRate goodbyes a second of a stopping instance, unless that takes longer
 * @param drain longest time that a stop waits for sockets to close
 * @param deadline of one request to logic
 * @param maxOpenings joins and openings under way; the others wait for their turn
 * @param openingWait how long one waits for its turn before the client is told to try again
 * @param maxInFlight requests to logic under way; ten times as many may wait for their turn
 * @param timeZone of the dates in v1 frames; null: the system's
 * @param tlsCertificate PEM file of the certificate of all ports, with its chain; null: no TLS
 * @param tlsKey PEM file of the certificate's key; null: no TLS
 */
public record ConnectSettings(
    String host,
    int wsPort,
    List<Integer> tcpPorts,
    List<String> origins,
    int maxConnections,
    int maxConnectionsPerAddress,
    List<String> trustedProxies,
    Rate framesPerSession,
    int acceptBacklog,
    int maxQueuedBytes,
    int maxQueuedBytesOfAll,
    int maxFrameBytes,
    int maxStrangerBytes,
    Duration joinDeadline,
    Duration pingInterval,
    Duration pongDeadline,
    Duration stalled,
    Duration headsCheck,
    Duration linger,
    Duration goodbye,
    int goodbyeRate,
    Duration drain,
    Duration deadline,
    int maxOpenings,
    Duration openingWait,
    int maxInFlight,
    String timeZone,
    Path tlsCertificate,
    Path tlsKey) {
  private static final String SECTION = "connect";

  /** Room for the largest frame in the half of the queue that is free when a socket has drained. */
  static final int SMALLEST_QUEUE = 128 * 1024;

  public ConnectSettings {
    host = host == null ? "127.0.0.1" : host;
    wsPort = wsPort == 0 ? 7000 : wsPort;
    tcpPorts = tcpPorts == null ? List.of(7001, 7002) : List.copyOf(tcpPorts);
    origins = origins == null ? List.of() : List.copyOf(origins);
    maxConnections = orElse(maxConnections, 50_000);
    maxConnectionsPerAddress = orElse(maxConnectionsPerAddress, 1_000);
    trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
    framesPerSession =
        framesPerSession == null ? new Rate(1_000, Duration.ofSeconds(10)) : framesPerSession;
    acceptBacklog = orElse(acceptBacklog, 4096);
    maxQueuedBytes = orElse(maxQueuedBytes, 1024 * 1024);
    maxQueuedBytesOfAll = orElse(maxQueuedBytesOfAll, aQuarterOfTheHeap());
    maxFrameBytes = orElse(maxFrameBytes, 64 * 1024);
    maxStrangerBytes = orElse(maxStrangerBytes, 16 * 1024 * 1024);
    joinDeadline = orElse(joinDeadline, Duration.ofSeconds(10));
    pingInterval = orElse(pingInterval, Duration.ofSeconds(54));
    pongDeadline = orElse(pongDeadline, Duration.ofSeconds(60));
    stalled = orElse(stalled, Duration.ofSeconds(60));
    headsCheck = orElse(headsCheck, Duration.ofSeconds(2));
    linger = orElse(linger, Duration.ofSeconds(5));
    goodbye = orElse(goodbye, Duration.ofSeconds(10));
    goodbyeRate = orElse(goodbyeRate, 2_000);
    drain = orElse(drain, Duration.ofSeconds(10));
    deadline = orElse(deadline, Duration.ofSeconds(5));
    maxOpenings = orElse(maxOpenings, 512);
    openingWait = orElse(openingWait, Duration.ofSeconds(30));
    maxInFlight = orElse(maxInFlight, 1024);
    port("ws-port", wsPort);
    tcpPorts.forEach(port -> port("tcp-ports", port));
    atLeast("max-connections", maxConnections, 1);
    atLeast("max-connections-per-address", maxConnectionsPerAddress, 1);
    addresses(trustedProxies);
    atLeast("accept-backlog", acceptBacklog, 1);
    atLeast("max-queued-bytes", maxQueuedBytes, SMALLEST_QUEUE);
    atLeast("max-queued-bytes-of-all", maxQueuedBytesOfAll, maxQueuedBytes);
    atLeast("max-frame-bytes", maxFrameBytes, 125);
    atLeast("max-stranger-bytes", maxStrangerBytes, maxFrameBytes);
    atLeast("max-openings", maxOpenings, 1);
    atLeast("max-in-flight", maxInFlight, 1);
    atLeast("goodbye-rate", goodbyeRate, 1);
    if (pongDeadline.compareTo(pingInterval) <= 0) {
      throw new SettingsException(
          "connect.pong-deadline must be longer than connect.ping-interval (%ds), not %ds"
              .formatted(pingInterval.toSeconds(), pongDeadline.toSeconds()));
    }
    zone(timeZone);
    new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  /** How the ports speak TLS. */
  public TlsSettings tls() {
    return new TlsSettings(SECTION, tlsCertificate, tlsKey);
  }

  /** How clients are told apart. */
  ClientAddresses addresses() {
    return addresses(trustedProxies);
  }

  private static ClientAddresses addresses(List<String> proxies) {
    return new ClientAddresses(SECTION + ".trusted-proxies", proxies);
  }

  /** The zone of the dates in v1 frames. */
  ZoneId zone() {
    return zone(timeZone);
  }

  private static ZoneId zone(String name) {
    try {
      return name == null ? ZoneId.systemDefault() : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new SettingsException("connect.time-zone does not know a zone " + name, e);
    }
  }

  /** Queues are outside the heap, where the JVM allows as much again as it allows the heap. */
  private static int aQuarterOfTheHeap() {
    return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4);
  }

  private static int orElse(int value, int fallback) {
    return value == 0 ? fallback : value;
  }

  private static Duration orElse(Duration value, Duration fallback) {
    return value == null ? fallback : value;
  }

  private static void atLeast(String key, int value, int least) {
    if (value < least) {
      throw new SettingsException(
          "connect." + key + " must be at least " + least + ", not " + value);
    }
  }

  private static void port(String key, int port) {
    if (port < 1 || port > 65_535) {
      throw new SettingsException("connect." + key + " must be 1 to 65535, not " + port);
    }
  }
}
