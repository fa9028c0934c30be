package chat.parley.app;

import chat.parley.settings.SettingsReader;
import chat.parley.stores.DatabaseSettings;
import chat.parley.stores.jdbc.JdbcStores;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What must be there before the verticles: the data folder, Redis, the database at this version's
 * schema. Everything is begun at once, beside the start of Vert.x, and awaited before deployment.
 */
final class LocalStores {
  private final DatabaseSettings databaseSettings;
  private final CompletableFuture<Void> database;

  private LocalStores(DatabaseSettings databaseSettings, CompletableFuture<Void> database) {
    this.databaseSettings = databaseSettings;
    this.database = database;
  }

  /**
   * Begins; blocks only to look at the data folder.
   *
   * @param config the whole settings tree
   * @param needed false for a process whose verticles use neither Redis nor the database
   * @throws StartFailure when the data folder cannot be written
   */
  static LocalStores begin(JsonObject config, boolean needed) {
    Path data = Path.of(config.getString(SettingsSchema.DATA));
    DatabaseSettings settings = SettingsReader.section(config, "database", DatabaseSettings.class);
    if (settings.url() == null) {
      requireWritable(data);
    }
    return new LocalStores(
        settings,
        needed
            ? CompletableFuture.runAsync(() -> JdbcStores.migrate(settings, data))
            : CompletableFuture.completedFuture(null));
  }

  /**
   * Waits until all is there.
   *
   * @return the settings tree, with what was started put into it
   * @throws RuntimeException saying in one sentence what is not
   */
  JsonObject await(JsonObject config) {
    try {
      database.join();
      return config;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  /** What is used, for people: no password in it. */
  Map<String, String> describe() {
    Map<String, String> description = new LinkedHashMap<>();
    description.put("database", databaseSettings.toString());
    return description;
  }

  /** Ends what was started here. Blocking; repeating it is harmless. */
  void stop() {}

  private static void requireWritable(Path data) {
    try {
      Files.createDirectories(data);
      Files.delete(Files.createTempFile(data, ".writable", ""));
    } catch (IOException e) {
      throw StartFailure.environment(
          "the data folder " + data + " cannot be written; choose another by --data", e);
    }
  }
}
