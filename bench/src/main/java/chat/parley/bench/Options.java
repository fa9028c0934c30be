package chat.parley.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What every scenario takes. */
final class Options {
  private static final int MOST_SECONDS = 24 * 3600;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "measured time (${DEFAULT-VALUE})",
      defaultValue = "10")
  double seconds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      description = "the same load before, not measured (${DEFAULT-VALUE})",
      defaultValue = "3")
  double warmup;

  @Option(
      names = "--drain",
      paramLabel = "S",
      description = "longest wait for what has not arrived at the end (${DEFAULT-VALUE})",
      defaultValue = "10")
  double drain;

  @Option(
      names = "--patience",
      paramLabel = "S",
      description = "longest wait for log-ins, and again for connections (${DEFAULT-VALUE})",
      defaultValue = "120")
  double patience;

  @Option(
      names = "--wire",
      paramLabel = "WIRE",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE})",
      defaultValue = "v2-protobuf")
  Wire wire;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "of a message's text (${DEFAULT-VALUE})",
      defaultValue = "100")
  int size;

  @Option(
      names = "--connecting",
      paramLabel = "N",
      description = "connections being opened at one time (${DEFAULT-VALUE})",
      defaultValue = "64")
  int connecting;

  @Option(
      names = "--api",
      paramLabel = "URL",
      description = "HTTP (${DEFAULT-VALUE})",
      defaultValue = "http://127.0.0.1:7070")
  URI api;

  @Option(
      names = "--ws",
      paramLabel = "URL",
      split = ",",
      description = "WebSocket; several, with commas, are taken in turn (${DEFAULT-VALUE})",
      defaultValue = "ws://127.0.0.1:7000/ws")
  List<URI> ws = new ArrayList<>();

  @Option(
      names = "--tcp",
      paramLabel = "URL",
      split = ",",
      description = "TCP; several, with commas, are taken in turn (${DEFAULT-VALUE})",
      defaultValue = "tcp://127.0.0.1:7001")
  List<URI> tcp = new ArrayList<>();

  @Option(
      names = "--management",
      paramLabel = "URL",
      description = "where the server tells its processes (${DEFAULT-VALUE})",
      defaultValue = "http://127.0.0.1:9090")
  URI management;

  @Option(
      names = "--pids",
      paramLabel = "PID",
      split = ",",
      description = "processes to account for with their children, instead of asking --management")
  List<Long> pids = new ArrayList<>();

  @Option(
      names = "--metrics",
      paramLabel = "URL",
      split = ",",
      description =
          "metrics pages of all processes, with commas; default: /metrics of --management, for one")
  List<URI> metrics = new ArrayList<>();

  @Option(
      names = "--users",
      paramLabel = "PREFIX",
      description = "of the names of the users that the bench registers (${DEFAULT-VALUE})",
      defaultValue = "bench")
  String users;

  @Option(
      names = "--sessions",
      paramLabel = "FILE",
      description = "log-ins are kept in FILE, and the next run goes on with them")
  Path sessions;

  @Option(names = "--json", paramLabel = "FILE", description = "writes the results as JSON")
  Path json;

  @Option(names = "--html", paramLabel = "FILE", description = "writes the results as a page")
  Path html;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often the whole is done; figures are medians (1; with --yardstick 3)")
  int rounds;

  @Option(
      names = "--yardstick",
      description =
          "before each round the same load against a bare program that only fans out; figures"
              + " become ratios too (group and rooms; for v2 as well it speaks v1-ws)")
  boolean yardstick;

  @Option(
      names = "--settle",
      paramLabel = "S",
      description = "load before the first round that no figure contains (${DEFAULT-VALUE})",
      defaultValue = "0")
  double settle;

  @Option(
      names = "--allow-remote",
      description = "addresses beyond this machine are let through: only for servers of your own")
  boolean allowRemote;

  /** Refuses what cannot be, by name. */
  void check() {
    within("--seconds", seconds, 0.1, MOST_SECONDS);
    within("--warmup", warmup, 0, MOST_SECONDS);
    within("--drain", drain, 0, MOST_SECONDS);
    within("--patience", patience, 1, MOST_SECONDS);
    within("--settle", settle, 0, MOST_SECONDS);
    within("--size", size, 1, 30_000);
    within("--connecting", connecting, 1, 100_000);
    within("--rounds", rounds, 0, 1000);
    List<URI> all = new ArrayList<>(List.of(api, management));
    all.addAll(ws);
    all.addAll(tcp);
    all.addAll(metrics);
    all.forEach(this::checkAddress);
  }

  private void checkAddress(URI address) {
    if (address.getHost() == null || address.getPort() < 1) {
      throw new BenchException(address + " is no address: a scheme, a host and a port are needed");
    }
    if ("wss".equals(address.getScheme()) || "https".equals(address.getScheme())) {
      throw new BenchException("the bench does not speak TLS: " + address);
    }
    if (!allowRemote && !isLoopback(address.getHost())) {
      throw new BenchException(
          address + " is not this machine; --allow-remote if the server there is your own");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new BenchException("there is no host " + host, e);
    }
  }

  static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new BenchException(
          "%s must be %s to %s, not %s".formatted(name, plain(least), plain(most), plain(value)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** Where the connections of a wire go to. */
  List<InetSocketAddress> addresses(Wire of) {
    return (of.webSocket() ? ws : tcp)
        .stream().map(uri -> new InetSocketAddress(uri.getHost(), uri.getPort())).toList();
  }

  Duration patience() {
    return duration(patience);
  }

  Duration drain() {
    return duration(drain);
  }

  static Duration duration(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
