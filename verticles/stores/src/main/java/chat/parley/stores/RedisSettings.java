package chat.parley.stores;

import chat.parley.settings.SettingsException;
import java.time.Duration;

/**
 * Where Redis is, and the figures that the data's shape in it depends on. Section {@code redis}.
 *
 * @param address {@code redis://host:port} or {@code rediss://…}; null: the embedded one
 * @param password null when there is none
 * @param partitions of the push queue; fixed for the life of the data
 * @param partitionBound entries that may wait in one partition before senders are refused
 * @param partitionBytes of Redis' memory that they may take, about, before senders are refused
 * @param deadline of one command
 * @param maxInFlight commands under way on one connection before callers are refused
 * @param nodeLease how long a silent node keeps what it registered
 * @param partitionLease how long a silent worker keeps its partitions
 * @param sessionTtl life of a v1 login session
 * @param deviceSessionTtl life of a device's session, from its newest connection on
 * @param rememberIds how long client message ids are remembered in Redis
 */
public record RedisSettings(
    String address,
    String password,
    int partitions,
    int partitionBound,
    int partitionBytes,
    Duration deadline,
    int maxInFlight,
    Duration nodeLease,
    Duration partitionLease,
    Duration sessionTtl,
    Duration deviceSessionTtl,
    Duration rememberIds) {
  public RedisSettings {
    partitions = partitions == 0 ? 16 : partitions;
    partitionBound = partitionBound == 0 ? 100_000 : partitionBound;
    partitionBytes = partitionBytes == 0 ? 64 << 20 : partitionBytes;
    deadline = deadline == null ? Duration.ofSeconds(2) : deadline;
    maxInFlight = maxInFlight == 0 ? 16_384 : maxInFlight;
    nodeLease = nodeLease == null ? Duration.ofSeconds(15) : nodeLease;
    partitionLease = partitionLease == null ? Duration.ofSeconds(5) : partitionLease;
    sessionTtl = sessionTtl == null ? Duration.ofHours(24) : sessionTtl;
    deviceSessionTtl = deviceSessionTtl == null ? Duration.ofDays(30) : deviceSessionTtl;
    rememberIds = rememberIds == null ? Duration.ofMinutes(10) : rememberIds;
    if (partitions < 1 || partitions > 1024) {
      throw new SettingsException("redis.partitions must be 1 to 1024, not " + partitions);
    }
    if (partitionBound < 1) {
      throw new SettingsException(
          "redis.partition-bound must be at least 1, not " + partitionBound);
    }
    if (partitionBytes < 1) {
      throw new SettingsException(
          "redis.partition-bytes must be at least 1, not " + partitionBytes);
    }
    if (maxInFlight < 1) {
      throw new SettingsException("redis.max-in-flight must be at least 1, not " + maxInFlight);
    }
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "RedisSettings[" + address + ", " + partitions + " partitions]";
  }
}
