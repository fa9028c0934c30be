package chat.parley.stores.redis.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A process that shares the Redis of a folder until it is killed or its input ends. */
public final class RedisHolder {
  private RedisHolder() {}

  public static void main(String[] args) throws IOException {
    try (EmbeddedRedis redis = EmbeddedRedis.start(Path.of(args[0]))) {
      System.out.println("holding");
      System.in.transferTo(System.err);
    }
  }
}
