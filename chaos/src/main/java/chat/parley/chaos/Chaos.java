package chat.parley.chaos;

import chat.parley.chaos.faults.Kinds;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./parley chaos}: what it takes, and how it ends. */
@Command(
    name = "parley chaos",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = {
      "Starts a cluster of its own on loopback, has people talk in it, and breaks it in every way that"
          + " it knows, again and again. Compares every acknowledged message with what every device was"
          + " told.",
      "Nothing that runs on this machine already is touched."
    },
    footer = {
      "",
      "Ends with 0 when every promise was kept; 1 when the soak could not be; 2 when the options are"
          + " wrong; 3 when a promise was broken; 130 when it was stopped before its end."
    })
public final class Chaos implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final int BROKEN = 3;
  private static final int STOPPED = 130;

  private static final long END_WITHIN_S = 30;
  private static final double MOST_MINUTES = 7 * 24 * 60;
  private static final double MOST_RATE = 1_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "how long faults strike, each kind once at least (${DEFAULT-VALUE})")
  private double minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "repeats the faults and the talk of an earlier run; random if not said")
  private Long seed;

  @Option(
      names = "--database",
      paramLabel = "DB",
      defaultValue = "h2",
      description = "h2 or postgres, which is unpacked for it (${DEFAULT-VALUE})")
  private Settings.Backend database;

  @Option(
      names = "--faults",
      paramLabel = "KIND",
      split = ",",
      description = "only these, with commas: ${COMPLETION-CANDIDATES} (all but cut and clock)",
      completionCandidates = Names.class)
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "25",
      description = "messages a second (${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = "--whole",
      description = "two processes with all layers each, instead of two of each layer")
  private boolean whole;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "for logs, data and report.html; a new temporary folder if not said")
  private Path out;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where Redis and the database keep their files; under --out if not said")
  private Path data;

  /** Of all kinds of faults. */
  static final class Names extends ArrayList<String> {
    Names() {
      super(Kinds.all().stream().map(FaultKind::name).toList());
    }
  }

  private Chaos() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine command = new CommandLine(new Chaos());
    String version = Chaos.class.getPackage().getImplementationVersion();
    command.getCommandSpec().version("parley chaos " + (version == null ? "" : version));
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setParameterExceptionHandler(
        (wrong, line) -> {
          System.err.println("parley: " + wrong.getMessage());
          System.err.println("parley: parley chaos --help tells the options");
          return USAGE;
        });
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          System.err.println("parley: " + failure.getMessage());
          return FAILED;
        });
    return command.execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = settings();
    // Read by what starts processes: where they are and where they print to.
    if (System.getProperty("parley.home") == null) {
      throw new IOException("parley.home is not set: start it by ./parley chaos");
    }
    System.setProperty("parley.logs", settings.folder().resolve("logs").toString());
    PrintStream console = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    console.printf("seed %d, logs in %s%n", settings.seed(), settings.folder());
    Outcome outcome = new Outcome();
    Soak soak = new Soak(settings, outcome);
    CountDownLatch over = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(soak, over), "stop"));
    try {
      try (Live live = new Live(console, soak, outcome, settings.length())) {
        soak.run();
      }
      Report report = new Report(settings, outcome, soak);
      Files.writeString(settings.folder().resolve("report.txt"), report.text());
      Path page = settings.folder().resolve("report.html");
      Files.writeString(page, report.html());
      console.print("\n" + report.text() + "As a page: " + page + "\n");
      console.flush();
    } finally {
      over.countDown();
    }
    int exit = exit(outcome);
    if (exit == 0) {
      // What went wrong is looked for in the data; what went well need not fill a disk.
      delete(settings.folder().resolve("data"));
      delete(settings.folder().resolve("e2e-data"));
    }
    return exit;
  }

  static int exit(Outcome outcome) {
    return outcome.wrong() > 0 ? BROKEN : outcome.wasStopped() ? STOPPED : 0;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Ctrl-C: what was seen so far is told before the program ends. */
  private static void finish(Soak soak, CountDownLatch over) {
    if (over.getCount() == 0) {
      return;
    }
    soak.stop();
    try {
      if (!over.await(END_WITHIN_S, TimeUnit.SECONDS)) {
        System.err.println("parley: no report within " + END_WITHIN_S + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Settings settings() throws IOException {
    within("--minutes", minutes, 0, MOST_MINUTES);
    within("--rate", rate, 1, MOST_RATE);
    List<FaultKind> kinds = new ArrayList<>();
    for (String name : faults) {
      Optional<FaultKind> kind =
          Kinds.all().stream().filter(k -> k.name().equals(name)).findFirst();
      kinds.add(
          kind.orElseThrow(
              () -> wrong("there is no fault " + name + "; there are " + new Names())));
    }
    Path folder =
        out == null ? Files.createTempDirectory("parley-chaos") : out.toAbsolutePath().normalize();
    Files.createDirectories(folder);
    return new Settings(
        Duration.ofMillis((long) (minutes * 60_000)),
        seed == null ? ThreadLocalRandom.current().nextInt(1_000_000) : seed,
        rate,
        database,
        whole,
        kinds.isEmpty() ? Kinds.all().stream().filter(FaultKind::byDefault).toList() : kinds,
        folder,
        data == null ? folder.resolve("data") : data.toAbsolutePath().normalize());
  }

  private void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw wrong("%s must be %.0f to %.0f, not %s".formatted(name, least, most, value));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
