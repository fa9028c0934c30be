package chat.parley.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that is killed: sends a hundred messages from a folder, and stays. */
final class Sender {
  private Sender() {}

  public static void main(String[] arguments) throws InterruptedException {
    ParleyClient client =
        ParleyClient.builder()
            .connect(List.of(URI.create(arguments[0])))
            .token("secret", 70)
            .state(FileState.in(Path.of(arguments[1])))
            .build();
    client.start();
    for (int i = 0; i < 100; i++) {
      client.sendToRoom(7, "m" + i);
    }
    new CountDownLatch(1).await();
  }
}
