package chat.parley.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The log-ins of a run in a file, for later runs: a server that was started again knows its
 * sessions, so that its memory can be measured without what fifteen thousand log-ins leave in it.
 *
 * <p>The file holds tokens, and only its owner may read it.
 */
final class SavedSessions {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SavedSessions() {}

  /**
   * Accounts by key; none when there is no such file.
   *
   * @throws BenchException when the file is another one, or has sessions of the other API
   */
  static Map<String, Account> read(Path file, boolean v2) {
    Map<String, Account> accounts = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return accounts;
    }
    JsonNode saved;
    try {
      saved = MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new BenchException("cannot read sessions from " + file + ": " + e.getMessage(), e);
    }
    if (!saved.path("api").asText().equals(api(v2))) {
      throw new BenchException(
          "%s has no sessions of %s; another --sessions file is needed".formatted(file, api(v2)));
    }
    for (JsonNode one : saved.path("sessions")) {
      accounts.put(
          one.path("key").asText(),
          new Account(
              one.path("name").asText(),
              one.path("token").asText(),
              one.path("userId").asLong(),
              one.path("deviceId").asLong()));
    }
    return accounts;
  }

  static void write(Path file, boolean v2, Map<String, Account> accounts) {
    ObjectNode saved = MAPPER.createObjectNode().put("api", api(v2));
    accounts.forEach(
        (key, account) ->
            saved
                .withArray("sessions")
                .addObject()
                .put("key", key)
                .put("name", account.name())
                .put("token", account.token())
                .put("userId", account.userId())
                .put("deviceId", account.deviceId()));
    try {
      Files.deleteIfExists(file);
      Files.newByteChannel(
              file,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
          .close();
      Files.write(file, MAPPER.writeValueAsBytes(saved));
    } catch (IOException e) {
      throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static String api(boolean v2) {
    return v2 ? "v2" : "v1";
  }
}
