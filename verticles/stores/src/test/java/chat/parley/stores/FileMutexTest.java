package chat.parley.stores;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.stores.jdbc.ChildJvm;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is one thread's of one process, and nobody's when its holder has died. */
class FileMutexTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  /** Takes a file and says so; ends when it is killed. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (FileMutex held = FileMutex.take(Path.of(args[0]), PATIENCE).orElseThrow()) {
        System.out.println("mine: " + held);
        System.in.read();
      }
    }
  }

  @Test
  void anotherThreadHasItWhenItIsGivenBack() throws Exception {
    Path file = folder.resolve("mutex");
    CompletableFuture<Boolean> second;
    try (FileMutex first = FileMutex.take(file, PATIENCE).orElseThrow()) {
      assertThat(first).isNotNull();
      assertThat(inAnotherThread(file, Duration.ofMillis(1)).get()).isFalse();
      second = inAnotherThread(file, PATIENCE);
      assertThat(second).isNotDone();
    }
    assertThat(second.get()).isTrue();
  }

  @Test
  void anotherProcessHasItWhenItsHolderIsKilled() throws Exception {
    Path file = folder.resolve("mutex");
    try (ChildJvm holder = new ChildJvm(Holder.class, file.toString())) {
      assertThat(holder.line()).startsWith("mine");
      assertThat(FileMutex.take(file, Duration.ofMillis(1))).isEmpty();
      CompletableFuture<Boolean> mine = inAnotherThread(file, PATIENCE);
      assertThat(mine).isNotDone();
      holder.kill();
      assertThat(mine.get()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    Path file = folder.resolve("mutex");
    try (FileMutex first = FileMutex.take(file, PATIENCE).orElseThrow()) {
      assertThat(first).isNotNull();
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread waiting =
          new Thread(
              () -> {
                try (FileMutex none = FileMutex.take(file, PATIENCE).orElse(null)) {
                  end.completeExceptionally(new AssertionError("had it: " + none));
                } catch (IOException e) {
                  end.complete(e);
                }
              });
      waiting.start();
      waiting.interrupt();
      assertThat(end.get()).isInstanceOf(InterruptedIOException.class);
    }
  }

  /** Whether another thread had it, which gives it back at once. */
  private static CompletableFuture<Boolean> inAnotherThread(Path file, Duration atMost) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (FileMutex held = FileMutex.take(file, atMost).orElse(null)) {
            return held != null;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
