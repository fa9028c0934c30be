package chat.parley.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All rounds of one command, and what is written of them. */
final class Run {
  private static final int HTTP_CONNECTIONS = 1024;
  private static final double SETTLE_YARDSTICK_S = 5;
  private static final int ROUNDS_WITH_YARDSTICK = 3;
  private static final Duration FORGETTING = Duration.ofSeconds(10);

  private final String name;
  private final Options options;
  private final Scenario scenario;
  private final Stop stop;
  private final List<Figures> rounds = new ArrayList<>();

  Run(String name, Options options, Scenario scenario, Stop stop) {
    this.name = name;
    this.options = options;
    this.scenario = scenario;
    this.stop = stop;
  }

  /** Does everything, and writes the files that were asked for. */
  Results results() {
    String startedAt = Instant.now().toString();
    Map<String, Object> machine = Machine.describe();
    try (Loops loops = new Loops()) {
      Target server = server(loops);
      try {
        if (options.yardstick) {
          try (YardstickProcess process = new YardstickProcess()) {
            rounds(loops, server, yardstick(loops, process));
          }
        } else {
          rounds(loops, server, null);
        }
      } finally {
        server.accounts().end(FORGETTING);
      }
    }
    if (rounds.stream().noneMatch(round -> round.target().equals(Results.SERVER))) {
      throw new BenchException("ended before there was a figure");
    }
    Results results = Results.of(name, startedAt, inForce(), machine, rounds);
    write(results);
    return results;
  }

  private void rounds(Loops loops, Target server, Target yardstick) {
    List<Target> targets = new ArrayList<>();
    if (yardstick != null) {
      targets.add(yardstick);
    }
    targets.add(server);
    for (Target target : targets) {
      // A program that is as small as that is compiled soon, but it is new each time.
      double least = target == yardstick ? SETTLE_YARDSTICK_S : 0;
      double settle = Math.max(options.settle, least);
      if (settle > 0 && !stop.asked()) {
        note("settling: " + target.name());
        scenario.run(loops, stop, target, settle);
      }
    }
    for (int round = 1; round <= wanted() && !stop.asked(); round++) {
      for (Target target : targets) {
        if (!stop.asked()) {
          note("round %d of %d: %s".formatted(round, wanted(), target.name()));
          rounds.add(scenario.run(loops, stop, target, 0));
        }
      }
    }
  }

  private int wanted() {
    return options.rounds > 0 ? options.rounds : options.yardstick ? ROUNDS_WITH_YARDSTICK : 1;
  }

  private Target server(Loops loops) {
    Http http = new Http(loops.posts(), options.api, HTTP_CONNECTIONS);
    return new Target(
        Results.SERVER,
        options.wire,
        options.addresses(options.wire),
        http,
        new Accounts(http, options.wire.v2(), options.users, options.sessions, stop),
        new Processes(serverPids(loops)));
  }

  private Target yardstick(Loops loops, YardstickProcess process) {
    URI api = URI.create("http://127.0.0.1:" + process.api());
    Http http = new Http(loops.posts(), api, HTTP_CONNECTIONS);
    return new Target(
        Results.YARDSTICK,
        Wire.V1_WS,
        List.of(new InetSocketAddress("127.0.0.1", process.ws())),
        http,
        new Accounts(http, false, options.users, null, stop),
        new Processes(List.of(process.pid())));
  }

  /** The processes of the cluster, as its management port tells. */
  private List<Long> serverPids(Loops loops) {
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
      return pids.get(10, TimeUnit.SECONDS);
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

  private Map<String, Object> inForce() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("wire", options.wire.toString());
    all.put("seconds", options.seconds);
    all.put("warmup", options.warmup);
    all.put("settle", options.settle);
    all.put("size", options.size);
    all.put("rounds", wanted());
    all.put("yardstick", options.yardstick);
    return all;
  }

  private void write(Results results) {
    if (options.json != null) {
      ResultFiles.write(options.json, ResultFiles.json(results) + "\n");
    }
    if (options.html != null) {
      try {
        ResultFiles.write(options.html, ResultFiles.html(results));
      } catch (IOException e) {
        throw new BenchException(e.getMessage(), e);
      }
    }
  }

  /** Beside the results, which go to the standard output. */
  private static void note(String text) {
    System.err.println("parley: " + text);
  }
}
