package chat.parley.logic;

import chat.parley.settings.SettingsException;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * Section {@code logic}.
 *
 * @param argon2MemoryKib memory of one hash, KiB
 * @param argon2Iterations passes over that memory
 * @param argon2Parallelism lanes of one hash
 * @param hashingThreads of this process; all instances share them
 * @param hashingQueue passwords of one instance that may wait or be hashed before callers are
 *     refused
 * @param hashingWait longest that a password waits for its thread: who asked has given up by then
 * @param maxUserNameLength characters
 * @param maxPasswordBytes of its UTF-8
 * @param maxDevicesPerUser devices that a user may have at one time
 * @param historyPage messages of a page for a request that names no limit
 * @param historyPageLimit most messages of a page
 * @param roomPosting who may post to a room
 * @param maxInFlight requests under way in one instance before callers are refused
 * @param drain how long a stop waits for the requests under way
 * @param joinGrace how long a post waits for its session's join to arrive
 */
public record LogicSettings(
    int argon2MemoryKib,
    int argon2Iterations,
    int argon2Parallelism,
    int hashingThreads,
    int hashingQueue,
    Duration hashingWait,
    int maxUserNameLength,
    int maxPasswordBytes,
    int maxDevicesPerUser,
    int historyPage,
    int historyPageLimit,
    RoomPosting roomPosting,
    int maxInFlight,
    Duration drain,
    Duration joinGrace) {
  /** Who may post to a room. */
  public enum RoomPosting {
    /** Sessions that have joined it. */
    @JsonProperty("joined")
    JOINED,
    /** Every session. */
    @JsonProperty("open")
    OPEN
  }

  /** The parameters that OWASP's password storage cheat sheet gives for Argon2id. */
  public LogicSettings {
    argon2MemoryKib = orElse(argon2MemoryKib, 19_456);
    argon2Iterations = orElse(argon2Iterations, 2);
    argon2Parallelism = orElse(argon2Parallelism, 1);
    int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    hashingThreads = orElse(hashingThreads, half);
    hashingQueue = orElse(hashingQueue, 64);
    hashingWait = hashingWait == null ? Duration.ofSeconds(4) : hashingWait;
    maxUserNameLength = orElse(maxUserNameLength, 64);
    maxPasswordBytes = orElse(maxPasswordBytes, 1024);
    maxDevicesPerUser = orElse(maxDevicesPerUser, 50);
    historyPage = orElse(historyPage, 50);
    historyPageLimit = orElse(historyPageLimit, 200);
    roomPosting = roomPosting == null ? RoomPosting.JOINED : roomPosting;
    maxInFlight = orElse(maxInFlight, 4096);
    drain = drain == null ? Duration.ofSeconds(5) : drain;
    joinGrace = joinGrace == null ? Duration.ofSeconds(1) : joinGrace;
    within("argon2-memory-kib", argon2MemoryKib, 8 * argon2Parallelism, 1 << 20);
    within("argon2-iterations", argon2Iterations, 1, 100);
    within("argon2-parallelism", argon2Parallelism, 1, 16);
    within("hashing-threads", hashingThreads, 1, 256);
    within("hashing-queue", hashingQueue, 1, 100_000);
    within("max-user-name-length", maxUserNameLength, 1, 255);
    within("max-password-bytes", maxPasswordBytes, 8, 65_536);
    within("max-devices-per-user", maxDevicesPerUser, 1, 10_000);
    within("history-page-limit", historyPageLimit, 1, 1000);
    within("history-page", historyPage, 1, historyPageLimit);
    within("max-in-flight", maxInFlight, 1, 1_000_000);
  }

  private static int orElse(int value, int otherwise) {
    return value == 0 ? otherwise : value;
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new SettingsException(
          "logic." + name + " must be " + least + " to " + most + ", not " + value);
    }
  }
}
