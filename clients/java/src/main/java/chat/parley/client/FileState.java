package chat.parley.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * State in a folder of its own, which one process at a time may use:
 *
 * <ul>
 *   <li>{@code login.json}: {@code {"token","userId","userName","deviceId"}}, readable by its owner
 *       only;
 *   <li>{@code cursors.json}: {@code {"room:7":"12"}}, the seq up to which each conversation was
 *       received;
 *   <li>{@code attempts.json}: {@code {"instance","number"}}, the last {@link Attempt};
 *   <li>{@code outbox.log}: see {@link OutboxLog};
 *   <li>{@code lock}: locked while a client uses the folder.
 * </ul>
 *
 * The first three are replaced as a whole (written beside and renamed), so that each is always
 * either the old or the new one. A lost cursor only means that messages come again, so cursors are
 * not forced to the disk; the outbox is. Not thread-safe.
 */
public final class FileState implements ClientState {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final FileChannel lockFile;
  private final OutboxLog outbox;

  private FileState(Path folder, FileChannel lockFile, OutboxLog outbox) {
    this.folder = folder;
    this.lockFile = lockFile;
    this.outbox = outbox;
  }

  /**
   * Opens a folder, or makes it.
   *
   * @throws ParleyException (STATE) when another client uses the folder, or what is in it cannot be
   *     read
   */
  public static FileState in(Path folder) {
    try {
      OwnerOnly.folder(folder);
      FileChannel lockFile = lock(folder);
      try {
        return new FileState(folder, lockFile, OutboxLog.open(folder.resolve("outbox.log")));
      } catch (IOException | RuntimeException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable("the state in " + folder + " cannot be used: " + e, e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel file =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      // By a client of this process: the same answer as for another one's.
    } finally {
      if (lock == null) {
        file.close();
      }
    }
    if (lock == null) {
      throw unusable(
          "another client uses the state in " + folder + "; give each a folder of its own", null);
    }
    return file;
  }

  private static ParleyException unusable(String message, Throwable cause) {
    return new ParleyException(ParleyException.STATE, message, false, Duration.ZERO, cause);
  }

  @Override
  public Optional<Login> login() {
    return read("login.json")
        .map(
            json ->
                new Login(
                    json.path("token").asText(),
                    json.path("userId").asLong(),
                    json.path("userName").asText(),
                    json.path("deviceId").asLong()));
  }

  @Override
  public void saveLogin(Login login) {
    ObjectNode json = JSON.createObjectNode();
    json.put("token", login.token());
    json.put("userId", String.valueOf(login.userId()));
    json.put("userName", login.userName());
    json.put("deviceId", String.valueOf(login.deviceId()));
    replace("login.json", json);
  }

  @Override
  public Attempt nextAttempt() {
    Attempt next =
        read("attempts.json")
            .map(json -> new Attempt(json.path("instance").asText(), json.path("number").asLong()))
            .map(Attempt::next)
            .orElseGet(Attempt::first);
    ObjectNode json = JSON.createObjectNode();
    json.put("instance", next.instance());
    json.put("number", String.valueOf(next.number()));
    replace("attempts.json", json);
    return next;
  }

  @Override
  public Map<String, Long> cursors() {
    Map<String, Long> cursors = new LinkedHashMap<>();
    read("cursors.json")
        .ifPresent(
            json -> json.properties().forEach(e -> cursors.put(e.getKey(), e.getValue().asLong())));
    return cursors;
  }

  @Override
  public void saveCursors(Map<String, Long> cursors) {
    ObjectNode json = JSON.createObjectNode();
    cursors.forEach((conversation, seq) -> json.put(conversation, String.valueOf(seq)));
    replace("cursors.json", json);
  }

  @Override
  public List<Unsent> outbox() {
    return outbox.messages();
  }

  @Override
  public void addUnsent(List<Unsent> messages) {
    outbox.add(messages);
  }

  @Override
  public void removeUnsent(Collection<String> clientMessageIds) {
    outbox.remove(clientMessageIds);
  }

  @Override
  public void close() {
    try (lockFile) {
      outbox.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<JsonNode> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(JSON.readTree(file.toFile())) : Optional.empty();
    } catch (JsonProcessingException e) {
      throw unusable(file + " is not what it should be: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void replace(String name, JsonNode content) {
    try {
      byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
      OwnerOnly.replace(folder.resolve(name), bytes, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
