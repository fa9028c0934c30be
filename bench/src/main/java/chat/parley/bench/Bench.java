package chat.parley.bench;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./parley bench}: a scenario, and what it takes. */
@Command(
    name = "parley bench",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "SCENARIO",
    description = {
      "Drives a running server over its public wires and tells what arrived, when, and at what cost.",
      "Use it on a server whose messages may be thrown away. Ctrl-C gives the figures so far."
    },
    footer = "SCENARIO --help tells the options of a scenario; bench/README.md what figures mean.")
public final class Bench {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** What was accepted did not arrive as it was promised. */
  private static final int FAULTS = 3;

  private static final long FIGURES_WITHIN_S = 15;

  private final Stop stop = new Stop();
  private final CountDownLatch over = new CountDownLatch(1);

  @Spec CommandSpec spec;

  private Bench() {}

  /**
   * Ends with 0; with 1 when the run could not be; with 2 when the options are wrong; with 3 when a
   * promise was broken: something was lost, doubled or out of order.
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    Bench bench = new Bench();
    CommandLine command = new CommandLine(bench);
    String version = Bench.class.getPackage().getImplementationVersion();
    command.getCommandSpec().version("parley bench " + (version == null ? "" : version));
    IExecutionExceptionHandler sentence =
        (failure, line, parsed) -> {
          if (failure instanceof BenchException) {
            System.err.println("parley: " + failure.getMessage());
            return FAILED;
          }
          throw failure;
        };
    command.setExecutionExceptionHandler(sentence);
    command.setParameterExceptionHandler(
        (wrong, line) -> {
          String what = wrong.getCommandLine().getCommandSpec().qualifiedName();
          System.err.println("parley: " + wrong.getMessage());
          System.err.println("parley: " + what + " --help tells the options");
          return USAGE;
        });
    command.setCaseInsensitiveEnumValuesAllowed(true);
    return command.execute(arguments);
  }

  private int measure(String name, Options options, Supplier<Scenario> scenario) {
    Scenario made =
        made(
            name,
            () -> {
              options.check();
              Scenario one = scenario.get();
              if (options.yardstick && !one.hasYardstick()) {
                throw new BenchException("the yardstick can do group and rooms, not " + name);
              }
              return one;
            });
    return measure(
        () -> {
          Results results = new Run(name, options, made, stop).results();
          System.out.print(TextReport.of(results));
          return results.server().faults();
        });
  }

  /** What the options of a scenario make; what they cannot make is told as wrong options. */
  private <T> T made(String name, Supplier<T> scenario) {
    try {
      return scenario.get();
    } catch (BenchException e) {
      throw new ParameterException(spec.subcommands().get(name), e.getMessage(), e);
    }
  }

  /**
   * @param run prints its results and answers what was wrong
   */
  private int measure(LongSupplier run) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::finish, "stop"));
    try {
      long faults = run.getAsLong();
      System.out.flush();
      return faults > 0 ? FAULTS : 0;
    } finally {
      over.countDown();
    }
  }

  /** Ctrl-C: the figures so far are written before the program ends. */
  private void finish() {
    stop.ask();
    try {
      if (!over.await(FIGURES_WITHIN_S, TimeUnit.SECONDS)) {
        System.err.println("parley: no figures within " + FIGURES_WITHIN_S + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Command(
      name = "group",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "One room: M members, R messages a second.")
  int group(
      @Option(names = "--members", defaultValue = "100", description = "(${DEFAULT-VALUE})")
          int members,
      @Option(names = "--rate", defaultValue = "50", description = "a second (${DEFAULT-VALUE})")
          double rate,
      @Option(
              names = "--senders",
              defaultValue = "8",
              description = "members that send (${DEFAULT-VALUE})")
          int senders,
      @Option(
              names = "--stalled",
              defaultValue = "0",
              description = "members that read nothing until the end (${DEFAULT-VALUE})")
          int stalled,
      @Mixin Options options) {
    return measure(
        "group",
        options,
        () -> {
          Options.within("--members", members, 1, 1_000_000);
          Options.within("--senders", senders, 1, 1_000_000);
          Options.within("--stalled", stalled, 0, Math.max(0, members - senders));
          return new Fanout(options, 1, members, senders, rate, false, stalled);
        });
  }

  @Command(
      name = "growth",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Groups of growing size, the same deliveries a second, each beside the yardstick:",
        "what a delivery, a message on the bus and a connection cost as members grow."
      })
  int growth(
      @Option(
              names = "--members",
              split = ",",
              defaultValue = "10,100,1000,10000",
              description = "of each group, with commas (${DEFAULT-VALUE})")
          List<Integer> members,
      @Option(
              names = "--deliveries",
              defaultValue = "20000",
              description = "a second; messages are so many fewer (${DEFAULT-VALUE})")
          double deliveries,
      @Option(
              names = "--senders",
              defaultValue = "8",
              description = "members that send (${DEFAULT-VALUE})")
          int senders,
      @Mixin Options options) {
    Growth growth =
        made(
            "growth",
            () -> {
              options.check();
              return new Growth(options, members, senders, deliveries, stop);
            });
    return measure(
        () -> {
          GrowthResults results = growth.results();
          System.out.print(results.text());
          return results.faults();
        });
  }

  @Command(
      name = "rooms",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Many rooms of a few members, R messages a second over all of them.")
  int rooms(
      @Option(names = "--rooms", defaultValue = "100", description = "(${DEFAULT-VALUE})")
          int rooms,
      @Option(names = "--members-each", defaultValue = "5", description = "(${DEFAULT-VALUE})")
          int membersEach,
      @Option(names = "--rate", defaultValue = "200", description = "a second (${DEFAULT-VALUE})")
          double rate,
      @Mixin Options options) {
    return measure(
        "rooms",
        options,
        () -> {
          Options.within("--rooms", rooms, 1, 1_000_000);
          Options.within("--members-each", membersEach, 1, 1_000_000);
          return new Fanout(options, rooms, membersEach, membersEach, rate, false, 0);
        });
  }

  @Command(
      name = "direct",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Pairs of users who talk with each other, R messages a second over all pairs.")
  int direct(
      @Option(names = "--pairs", defaultValue = "50", description = "(${DEFAULT-VALUE})") int pairs,
      @Option(names = "--rate", defaultValue = "100", description = "a second (${DEFAULT-VALUE})")
          double rate,
      @Mixin Options options) {
    return measure(
        "direct",
        options,
        () -> {
          Options.within("--pairs", pairs, 1, 1_000_000);
          return new Fanout(options, pairs, 2, 2, rate, true, 0);
        });
  }

  @Command(
      name = "accept",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Senders only, as fast as the server accepts.")
  int accept(
      @Option(names = "--senders", defaultValue = "64", description = "(${DEFAULT-VALUE})")
          int senders,
      @Option(
              names = "--in-flight",
              defaultValue = "1",
              description = "messages of each sender without an answer (${DEFAULT-VALUE})")
          int inFlight,
      @Mixin Options options) {
    return measure("accept", options, () -> new Accept(options, senders, inFlight));
  }

  @Command(
      name = "overload",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "First as fast as the server accepts, then a multiple of that whatever it says, then its",
        "recovery: what it refuses and how soon, and when it is back to normal."
      })
  int overload(
      @Option(names = "--senders", defaultValue = "64", description = "(${DEFAULT-VALUE})")
          int senders,
      @Option(
              names = "--factor",
              defaultValue = "2",
              description = "of what it accepted in the warm-up (${DEFAULT-VALUE})")
          double factor,
      @Mixin Options options) {
    return measure("overload", options, () -> new Overload(options, senders, factor));
  }

  @Command(
      name = "sync",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Devices that were away catch up: v2 only.")
  int sync(
      @Option(names = "--messages", defaultValue = "10000", description = "(${DEFAULT-VALUE})")
          int messages,
      @Option(
              names = "--devices",
              defaultValue = "1",
              description = "that catch up at the same time (${DEFAULT-VALUE})")
          int devices,
      @Mixin Options options) {
    return measure("sync", options, () -> new Sync(options, messages, devices));
  }

  @Command(
      name = "idle",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Connections in a room that do nothing: what each costs.")
  int idle(
      @Option(names = "--connections", defaultValue = "1000", description = "(${DEFAULT-VALUE})")
          int connections,
      @Option(
              names = "--rooms",
              defaultValue = "1",
              description = "that they are spread over (${DEFAULT-VALUE})")
          int rooms,
      @Mixin Options options) {
    return measure("idle", options, () -> new Idle(options, connections, rooms));
  }

  @Command(
      name = "storm",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Everybody reconnects at once, until all are back and have what they missed.")
  int storm(
      @Option(names = "--connections", defaultValue = "1000", description = "(${DEFAULT-VALUE})")
          int connections,
      @Option(
              names = "--rooms",
              defaultValue = "10",
              description = "that they are spread over (${DEFAULT-VALUE})")
          int rooms,
      @Option(
              names = "--missed",
              defaultValue = "5",
              description = "messages to each room meanwhile; v2 only (${DEFAULT-VALUE})")
          int missed,
      @Option(
              names = "--kill",
              description =
                  "the server's processes are killed meanwhile; whoever runs them starts them again")
          boolean kill,
      @Mixin Options options) {
    return measure("storm", options, () -> new Storm(options, connections, rooms, missed, kill));
  }
}
