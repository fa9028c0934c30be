package chat.parley.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All rounds of one command, and what is written of them. */
final class Run {
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
      Targets targets = new Targets(options, loops, stop);
      Target server = targets.server();
      try {
        if (options.yardstick) {
          try (YardstickProcess process = new YardstickProcess()) {
            rounds(loops, server, targets.yardstick(process));
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
        Targets.note("settling: " + target.name());
        scenario.run(loops, stop, target, settle);
      }
    }
    for (int round = 1; round <= wanted() && !stop.asked(); round++) {
      for (Target target : targets) {
        if (!stop.asked()) {
          Targets.note("round %d of %d: %s".formatted(round, wanted(), target.name()));
          rounds.add(scenario.run(loops, stop, target, 0));
        }
      }
    }
  }

  private int wanted() {
    return options.rounds > 0 ? options.rounds : options.yardstick ? ROUNDS_WITH_YARDSTICK : 1;
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
}
