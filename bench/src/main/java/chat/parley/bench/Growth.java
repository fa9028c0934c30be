package chat.parley.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The same number of deliveries a second to groups of growing size, each beside the yardstick: what
 * of the cost grows with the members.
 */
final class Growth {
  private static final double SETTLE_YARDSTICK_S = 5;

  /**
   * A v1 connection is there when its room's list comes, once a second: few at a time take long.
   */
  private static final int CONNECTING = 1_000;

  private static final Duration FORGETTING = Duration.ofSeconds(10);

  private final Options options;
  private final List<Integer> sizes;
  private final int senders;
  private final double deliveries;
  private final Stop stop;

  /**
   * @param sizes members of the groups, in the order in which they are tried
   * @param deliveries a second: the rate of the messages is this divided by the members
   */
  Growth(Options options, List<Integer> sizes, int senders, double deliveries, Stop stop) {
    this.options = options;
    this.sizes = sizes;
    this.senders = senders;
    this.deliveries = deliveries;
    this.stop = stop;
    options.connecting = Math.max(options.connecting, CONNECTING);
    Options.within("--deliveries", deliveries, 1, 10_000_000);
    Options.within("--senders", senders, 1, 1_000_000);
    sizes.forEach(size -> Options.within("--members", size, 1, 1_000_000));
    sizes.forEach(this::group); // Refuses a rate that cannot be.
  }

  private Fanout group(int members) {
    return new Fanout(options, 1, members, senders, deliveries / members, false, 0);
  }

  /** Does everything, and writes the files that were asked for. */
  GrowthResults results() {
    String startedAt = Instant.now().toString();
    Map<String, Object> machine = Machine.describe();
    List<GrowthResults.Size> done = new ArrayList<>();
    try (Loops loops = new Loops();
        YardstickProcess process = new YardstickProcess()) {
      Targets targets = new Targets(options, loops, stop);
      Target server = targets.server();
      try {
        List<Target> both = List.of(targets.yardstick(process), server);
        settle(loops, both);
        for (int members : sizes) {
          List<Figures> rounds = rounds(loops, both, members);
          if (!rounds.isEmpty()) {
            done.add(GrowthResults.Size.of(members, deliveries / members, rounds));
          }
        }
      } finally {
        server.accounts().end(FORGETTING);
      }
    }
    if (done.isEmpty()) {
      throw new BenchException("ended before there was a figure");
    }
    GrowthResults results = GrowthResults.of(startedAt, inForce(), machine, done);
    write(results);
    return results;
  }

  private void settle(Loops loops, List<Target> both) {
    for (Target target : both) {
      double least = target.name().equals(Results.YARDSTICK) ? SETTLE_YARDSTICK_S : 0;
      double settle = Math.max(options.settle, least);
      if (settle > 0 && !stop.asked()) {
        Targets.note("settling: " + target.name());
        group(sizes.get(0)).run(loops, stop, target, settle);
      }
    }
  }

  /** Whole rounds of both only. */
  private List<Figures> rounds(Loops loops, List<Target> both, int members) {
    List<Figures> rounds = new ArrayList<>();
    for (int round = 1; round <= wanted(); round++) {
      for (Target target : both) {
        if (stop.asked()) {
          return rounds.subList(0, rounds.size() / 2 * 2);
        }
        Targets.note("%,d members: %s".formatted(members, target.name()));
        rounds.add(group(members).run(loops, stop, target, 0));
      }
    }
    return rounds;
  }

  private int wanted() {
    return Math.max(1, options.rounds);
  }

  private Map<String, Object> inForce() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("wire", options.wire.toString());
    all.put("deliveries", deliveries);
    all.put("seconds", options.seconds);
    all.put("warmup", options.warmup);
    all.put("settle", options.settle);
    all.put("size", options.size);
    all.put("rounds", wanted());
    return all;
  }

  private void write(GrowthResults results) {
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
