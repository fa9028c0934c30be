package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.Addresses;
import chat.parley.proto.Identity;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An API that stops while clients use their connections again and again. */
class ApiStopTest {
  private static final int CLIENTS = 4;
  private static final int BEFORE_THE_STOP = 50;

  @Test
  void everyRequestThatWasSentIsAnswered() throws Exception {
    try (ApiUnderTest api = new ApiUnderTest(new JsonObject());
        LogicPeer logic =
            LogicPeer.answering(
                api, Addresses.CHECK_AUTH, Identity.newBuilder().setUserId(3).build())) {
      CountDownLatch underLoad = new CountDownLatch(CLIENTS);
      List<CompletableFuture<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(CompletableFuture.supplyAsync(() -> askOn(api.port, underLoad)));
      }
      underLoad.await();
      ApiUnderTest.await(api.vertx.undeploy(api.deployment));
      for (CompletableFuture<Integer> client : clients) {
        assertThat(client.get()).isGreaterThan(BEFORE_THE_STOP);
      }
    }
  }

  /**
   * Asks until nobody takes a connection any more; every connection that was taken must have
   * answered what was sent on it, and must have said when the answer is its last.
   */
  private static int askOn(int port, CountDownLatch underLoad) {
    int answered = 0;
    while (true) {
      int before = answered;
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        boolean last = false;
        while (!last) {
          socket
              .getOutputStream()
              .write(
                  ("POST /user/checkAuth HTTP/1.1\r\nHost: x\r\nContent-Length: 17\r\n\r\n"
                          + "{\"authToken\":\"t\"}")
                      .getBytes(StandardCharsets.US_ASCII));
          last = readAnswer(in);
          if (++answered == BEFORE_THE_STOP) {
            underLoad.countDown();
          }
        }
      } catch (ConnectException stopped) {
        return answered;
      } catch (IOException e) {
        // One that nobody had accepted yet is reset by the system; of the others each has its end.
        assertThat(answered).as("answers before %s", e).isEqualTo(before);
      }
    }
  }

  /** Whether the answer said that it is the last one. */
  private static boolean readAnswer(BufferedReader in) throws IOException {
    String status = in.readLine();
    if (status == null) {
      throw new IOException("closed without an answer");
    }
    assertThat(status).isEqualTo("HTTP/1.1 200 OK");
    boolean last = false;
    int length = 0;
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      last |= line.equalsIgnoreCase("connection: close");
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    for (int i = 0; i < length; i++) {
      in.read();
    }
    return last;
  }
}
