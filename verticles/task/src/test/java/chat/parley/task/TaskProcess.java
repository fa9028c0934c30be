package chat.parley.task;

import chat.parley.bus.Addresses;
import chat.parley.bus.ProtoCodec;
import chat.parley.proto.Deliver;
import chat.parley.proto.Delivered;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A task worker in a JVM of its own, for tests that kill or stop it. What it delivers to the node
 * goes into a file, a line {@code topic seq} each, before the delivery is answered.
 */
final class TaskProcess implements AutoCloseable {
  private final Process process;
  private final Path deliveries;

  TaskProcess(Path folder, JsonObject config, String nodeId) {
    deliveries = folder.resolve("deliveries.txt");
    try {
      Path configFile = Files.writeString(folder.resolve("config.json"), config.encode());
      Files.writeString(deliveries, "");
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx256m",
                  "-Dh2.bindAddress=127.0.0.1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TaskProcess.class.getName(),
                  configFile.toString(),
                  nodeId,
                  deliveries.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("process.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What arrived at the node, in order: {@code topic seq} each. A line half written is left out.
   */
  List<String> deliveries() {
    try {
      String text = Files.readString(deliveries);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops the whole process as a long pause of its machine would. */
  void pause() {
    signal("STOP");
  }

  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  /** Arguments: the settings' file, the node's name, the file for its deliveries. */
  public static void main(String[] args) throws IOException {
    Vertx vertx = Vertx.vertx();
    ProtoCodec.install(vertx);
    Path file = Path.of(args[2]);
    vertx
        .eventBus()
        .<Deliver>consumer(Addresses.deliveriesOf(args[1]), delivery -> record(file, delivery));
    JsonObject config = new JsonObject(Files.readString(Path.of(args[0])));
    Await.get(
        vertx.deployVerticle(
            "chat.parley.task.TaskVerticle", new DeploymentOptions().setConfig(config)));
  }

  private static void record(Path file, Message<Deliver> delivery) {
    StringBuilder lines = new StringBuilder();
    delivery
        .body()
        .getTopicsList()
        .forEach(
            topic ->
                topic
                    .getMessagesList()
                    .forEach(
                        message ->
                            lines
                                .append(topic.getTopic())
                                .append(' ')
                                .append(message.getSeq())
                                .append('\n')));
    try {
      Files.writeString(file, lines, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    delivery.reply(Delivered.getDefaultInstance(), ProtoCodec.options());
  }
}
