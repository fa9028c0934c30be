package chat.parley.app;

import chat.parley.app.Listeners.Listener;
import chat.parley.settings.SettingsException;
import chat.parley.settings.SettingsReader;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The command line: {@code up}, {@code run}, {@code nodes}, {@code scale}. */
public final class Main {
  /** Options of {@code run} that are Vert.x's own and go to its launcher as they are. */
  private static final List<String> LAUNCHER_OPTIONS =
      List.of(
          "cluster-host",
          "cluster-port",
          "cluster-public-host",
          "cluster-public-port",
          "instances",
          "options",
          "deployment-options");

  private Main() {}

  /** Runs one command; what it cannot do is one sentence on stderr and an exit code. */
  public static void main(String[] args) {
    try {
      run(Arrays.asList(args));
    } catch (StartFailure e) {
      fail(e.getMessage(), e.exitCode());
    } catch (SettingsException e) {
      fail(e.getMessage(), StartFailure.USAGE);
    }
  }

  private static void run(List<String> args) {
    String verb = args.isEmpty() ? "--help" : args.get(0);
    List<String> rest = args.isEmpty() ? List.of() : args.subList(1, args.size());
    if (rest.stream().anyMatch(arg -> arg.equals("--help") || arg.equals("-h"))) {
      verb = "--help";
    }
    switch (verb) {
      case "up" -> up(rest);
      case "run" -> runLayer(rest);
      case "nodes" -> ManagementClient.nodes(rest);
      case "scale" -> ManagementClient.scale(rest);
      case "--help", "-help", "-h", "help" -> System.out.print(Help.text());
      case "--version" -> System.out.println("parley " + Version.current());
      default ->
          throw StartFailure.usage(
              "there is no command " + verb + "; there are up, run, nodes, scale and --help");
    }
  }

  private static void up(List<String> args) {
    Arguments arguments =
        Arguments.parse("up", args, List.of("no-cluster"), List.of("data", "conf"));
    refuseWords("up", arguments.words());
    JsonObject config = settings(arguments);
    Map<Layer, Integer> plan =
        SettingsReader.section(config, "instances", InstanceSettings.class).byLayer();
    start(arguments.has("no-cluster") ? List.of() : List.of("--cluster"), config, plan, false);
  }

  private static void runLayer(List<String> args) {
    List<String> valued = new ArrayList<>(LAUNCHER_OPTIONS);
    valued.addAll(List.of("conf", "data"));
    Arguments arguments = Arguments.parse("run", args, List.of("cluster", "worker"), valued);
    if (arguments.words().isEmpty()) {
      throw StartFailure.usage(
          "run what? There are the verticles " + String.join(", ", Layer.names()));
    }
    refuseWords("run", arguments.words().subList(1, arguments.words().size()));
    Layer layer = Layer.named(arguments.words().get(0));
    requireInstances(arguments.number("instances").orElse(1));
    List<String> launcherArgs = new ArrayList<>();
    for (String flag : List.of("cluster", "worker")) {
      if (arguments.has(flag)) {
        launcherArgs.add("--" + flag);
      }
    }
    for (String option : LAUNCHER_OPTIONS) {
      arguments
          .value(option)
          .ifPresent(value -> launcherArgs.addAll(List.of("--" + option, value)));
    }
    start(launcherArgs, settings(arguments), Map.of(layer, 1), true);
  }

  private static void start(
      List<String> launcherArgs,
      JsonObject config,
      Map<Layer, Integer> plan,
      boolean sharesMachine) {
    List<Listener> listeners = Listeners.of(config, plan.keySet());
    Listeners.requireCertificates(listeners);
    Listeners.requireCertificates(List.of(Listeners.management(config)));
    listeners.forEach(Listener::requireFree);
    if (!sharesMachine) {
      Listeners.management(config).requireFree();
    }
    if (launcherArgs.contains("--cluster")) {
      HazelcastCluster.of(config).requireFreePort();
    }
    LocalStores stores = new LocalStores(config, plan.keySet());
    try {
      MeshApplication application =
          new MeshApplication(launcherArgs, config, plan, stores, sharesMachine);
      application.start();
      System.out.print(Banner.text(config, plan.keySet(), stores, application.managementPort()));
    } catch (RuntimeException e) {
      stores.stop();
      throw e;
    }
  }

  private static JsonObject settings(Arguments arguments) {
    return Settings.load(
        arguments.value("conf").orElse(null),
        System.getenv(),
        arguments.value("data").orElse(null));
  }

  private static void requireInstances(int instances) {
    if (instances < 1 || instances > Deployments.MAX_INSTANCES) {
      throw StartFailure.usage(
          "option --instances must be 1 to " + Deployments.MAX_INSTANCES + ", not " + instances);
    }
  }

  private static void refuseWords(String verb, List<String> words) {
    if (!words.isEmpty()) {
      throw StartFailure.usage(verb + " does not know what " + words.get(0) + " is for");
    }
  }

  private static void fail(String sentence, int exitCode) {
    System.err.println("parley: " + sentence);
    System.exit(exitCode);
  }
}
