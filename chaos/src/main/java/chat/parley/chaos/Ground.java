package chat.parley.chaos;

import chat.parley.e2e.support.Mesh;
import chat.parley.e2e.support.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Redis, a database and the processes of Parley, all started here and ended with it. */
final class Ground implements AutoCloseable {
  private static final List<String> LAYERS = List.of("logic", "task", "connect", "api");
  private static final int OF_EACH = 2;

  private final Mesh mesh;
  private final RedisServer redis;
  private final Database database;
  private final Path data;
  private final Servers servers;
  private Optional<Network> network = Optional.empty();
  private Optional<Clocks> clocks = Optional.empty();

  Ground(Settings settings) {
    data = settings.data();
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    redis = new RedisServer(data);
    Map<String, String> common = new HashMap<>(redis.asSettings());
    common.put("PARLEY_DATA", data.toString());
    mesh = new Mesh("chaos", common);
    database =
        settings.database() == Settings.Backend.H2
            ? new H2File(data, mesh)
            : new PostgresFiles(data);
    database.asSettings().forEach(mesh::with);
    if (settings.whole()) {
      mesh.with("node", OF_EACH, List.of("up", "--data", data.toString()));
      servers = new MeshServers(mesh, mesh.names(), mesh.names(), false);
    } else {
      LAYERS.forEach(layer -> mesh.with(layer, OF_EACH));
      mesh.with("site", 1);
      boolean cables = settings.has(Network.FAULT);
      servers =
          new MeshServers(mesh, mesh.names(List.of("connect")), mesh.names(List.of("api")), cables);
    }
    try {
      if (settings.has(Network.FAULT) && Network.impossible(settings).isEmpty()) {
        network = Optional.of(new Network(mesh, List.of("logic-1", "task-1", "connect-1")));
        network.get().serve(redis.port(), "PARLEY_REDIS_ADDRESS", common);
        network.get().serve(database.port(), "PARLEY_DATABASE_URL", database.asSettings());
      }
      if (settings.has(Clocks.FAULT) && Clocks.impossible().isEmpty()) {
        clocks = Optional.of(new Clocks(mesh, settings.folder()));
      }
      mesh.restore();
    } catch (AssertionError | RuntimeException e) {
      close();
      throw e;
    }
  }

  Servers servers() {
    return servers;
  }

  Scene scene() {
    return new Scene(mesh, redis, database, data, network, clocks);
  }

  @Override
  public void close() {
    mesh.close();
    network.ifPresent(Network::close);
    database.close();
    redis.close();
  }
}
