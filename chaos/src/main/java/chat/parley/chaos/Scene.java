package chat.parley.chaos;

import chat.parley.e2e.support.Mesh;
import chat.parley.e2e.support.RedisServer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What faults strike.
 *
 * @param mesh the processes of Parley
 * @param redis their Redis
 * @param database their database
 * @param data where Redis, and H2, keep their files
 * @param network empty when all processes share one machine's
 * @param clocks empty when all processes have the machine's
 */
public record Scene(
    Mesh mesh,
    RedisServer redis,
    Database database,
    Path data,
    Optional<Network> network,
    Optional<Clocks> clocks) {}
