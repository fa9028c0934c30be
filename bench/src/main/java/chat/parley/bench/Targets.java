package chat.parley.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes what rounds are run against, by the options of the command. */
final class Targets {
  private static final int HTTP_CONNECTIONS = 1024;
  private static final int ANSWER_WITHIN_S = 10;

  private final Options options;
  private final Loops loops;
  private final Stop stop;

  Targets(Options options, Loops loops, Stop stop) {
    this.options = options;
    this.loops = loops;
    this.stop = stop;
  }

  Target server() {
    Http http = new Http(loops.posts(), options.api, HTTP_CONNECTIONS);
    List<Long> pids = serverPids();
    return new Target(
        Results.SERVER,
        options.wire,
        options.addresses(options.wire),
        http,
        new Accounts(http, options.wire.v2(), options.users, options.sessions, stop),
        new Processes(pids),
        counters(pids.size()));
  }

  Target yardstick(YardstickProcess process) {
    URI api = URI.create("http://127.0.0.1:" + process.api());
    Http http = new Http(loops.posts(), api, HTTP_CONNECTIONS);
    return new Target(
        Results.YARDSTICK,
        Wire.V1_WS,
        List.of(new InetSocketAddress("127.0.0.1", process.ws())),
        http,
        new Accounts(http, false, options.users, null, stop),
        new Processes(List.of(process.pid())),
        Counters.NONE);
  }

  private Counters counters(int processes) {
    List<URI> pages =
        options.metrics.isEmpty()
            ? List.of(options.management.resolve("/metrics"))
            : options.metrics;
    Counters counters = new Counters(loops, pages);
    if (pages.size() < processes) {
      note("no counts of the bus: %d processes need as many --metrics".formatted(processes));
      return Counters.NONE;
    }
    if (counters.read() == null) {
      note("no counts of the bus: not every one of " + pages + " answers (--metrics)");
      return Counters.NONE;
    }
    return counters;
  }

  /** The processes of the cluster, as its management port tells. */
  private List<Long> serverPids() {
    if (!options.pids.isEmpty()) {
      return options.pids;
    }
    CompletableFuture<List<Long>> pids = new CompletableFuture<>();
    new Http(loops.posts(), options.management, 1)
        .ask(
            "GET",
            "/nodes",
            null,
            null,
            (answer, failure) -> {
              if (failure != null) {
                pids.completeExceptionally(failure);
              } else {
                pids.complete(pids(answer.body()));
              }
            });
    try {
      return pids.get(ANSWER_WITHIN_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      note(
          "no CPU and memory figures: the server's processes are not known ("
              + options.management
              + " does not answer; --management or --pids)");
      return List.of();
    }
  }

  private static List<Long> pids(String body) {
    try {
      List<Long> pids = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(body).path("nodes")) {
        pids.add(node.path("pid").asLong());
      }
      return pids;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Beside the results, which go to the standard output. */
  static void note(String text) {
    System.err.println("parley: " + text);
  }
}
