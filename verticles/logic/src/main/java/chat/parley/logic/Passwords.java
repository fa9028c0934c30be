package chat.parley.logic;

import chat.parley.bus.Bounds;
import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;
import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/**
 * Hashes and checks passwords by Argon2id (RFC 9106), off the event loop, on threads that all
 * instances of this process share. A bound of them may wait in one instance, and none waits longer
 * than its caller does; who is over either is refused with {@code OVERLOADED}.
 */
final class Passwords {
  private static final String POOL = "parley-passwords";
  private static final Counter QUEUE_REFUSALS = Bounds.refusals("logic.hashing-queue");
  private static final Counter WAIT_REFUSALS = Bounds.refusals("logic.hashing-wait");
  private static final int HASH_BYTES = 32;
  private static final int SALT_BYTES = 16;

  private final WorkerExecutor threads;
  private final Argon2Function argon2;
  private final int bound;
  private final long waitNanos;
  private final Future<String> nobodysHash;
  private int underWay;

  Passwords(Vertx vertx, LogicSettings settings) {
    threads = vertx.createSharedWorkerExecutor(POOL, settings.hashingThreads());
    argon2 =
        Argon2Function.getInstance(
            settings.argon2MemoryKib(),
            settings.argon2Iterations(),
            settings.argon2Parallelism(),
            HASH_BYTES,
            Argon2.ID);
    bound = settings.hashingQueue();
    waitNanos = settings.hashingWait().toNanos();
    byte[] unknown = new byte[HASH_BYTES];
    new SecureRandom().nextBytes(unknown);
    // Made however long it takes: every unknown name is checked against it.
    nobodysHash = threads.executeBlocking(() -> hashed(HexFormat.of().formatHex(unknown)), false);
  }

  /** A new hash with a salt of its own, in the PHC string format. */
  Future<String> hash(String password) {
    return offLoop(() -> hashed(password));
  }

  private String hashed(String password) {
    return Password.hash(password).addRandomSalt(SALT_BYTES).with(argon2).getResult();
  }

  /** Whether a password belongs to a hash, compared in constant time. */
  Future<Boolean> matches(String password, String hash) {
    return offLoop(
        () -> Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash)));
  }

  /** False, after the time that checking a real password takes: names cannot be probed by it. */
  Future<Boolean> matchesNobody(String password) {
    return nobodysHash.compose(hash -> matches(password, hash)).map(false);
  }

  Future<Void> close() {
    return threads.close();
  }

  private <T> Future<T> offLoop(Callable<T> work) {
    if (underWay >= bound) {
      return Future.failedFuture(tooMany(QUEUE_REFUSALS));
    }
    underWay++;
    long asked = System.nanoTime();
    return threads
        .executeBlocking(
            () -> {
              if (System.nanoTime() - asked > waitNanos) {
                throw tooMany(WAIT_REFUSALS);
              }
              return work.call();
            },
            false)
        .onComplete(done -> underWay--);
  }

  private static ChatError tooMany(Counter refusals) {
    refusals.increment();
    return new ChatError(ErrorCode.OVERLOADED, "too many logins at this moment, please try again");
  }
}
