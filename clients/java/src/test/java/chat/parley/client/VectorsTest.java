package chat.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The golden vectors, by the code that reads and writes frames here. */
class VectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HexFormat HEX = HexFormat.of();

  private final BlockingQueue<ServerFrame> came = new LinkedBlockingQueue<>();
  private final Carrier.Events events =
      new Carrier.Events() {
        @Override
        public void frame(ServerFrame frame, Runnable next) {
          came.add(frame);
          next.run();
        }

        @Override
        public void closed(String reason) {}
      };

  private static List<JsonNode> vectors(String file, String direction) throws IOException {
    List<JsonNode> vectors = new ArrayList<>();
    Path path = Path.of("..", "..", "tests", "vectors", "v2", file);
    for (JsonNode vector : JSON.readTree(path.toFile()).get("vectors")) {
      if (vector.get("direction").asText().equals(direction)) {
        vectors.add(vector);
      }
    }
    assertThat(vectors).as(file).isNotEmpty();
    return vectors;
  }

  private static ServerFrame known(JsonNode vector) throws IOException {
    return JsonFrames.read((vector.has("known") ? vector.get("known") : vector.get("json")) + "");
  }

  /** As JSON, since protobuf keeps the bytes of what it does not know. */
  private static JsonNode shown(ServerFrame frame) throws IOException {
    return JSON.readTree(JsonFormat.printer().print(frame));
  }

  @Test
  void serverFramesAreReadFromJsonAndProtobuf() throws IOException {
    for (String file : List.of("server-frames.json", "unknown.json")) {
      for (JsonNode vector : vectors(file, "server")) {
        String name = vector.get("name").asText();
        JsonNode expected = shown(known(vector));
        assertThat(expected)
            .as(name)
            .isEqualTo(
                vector.path("known").isMissingNode() ? vector.get("json") : vector.get("known"));
        if (vector.has("json")) {
          assertThat(shown(JsonFrames.read(vector.get("json") + ""))).as(name).isEqualTo(expected);
        }
        if (vector.has("protobuf")) {
          byte[] bytes = HEX.parseHex(vector.get("protobuf").asText());
          ServerFrame read = ServerFrame.parseFrom(bytes);
          assertThat(shown(read)).as(name).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void clientFramesAreWrittenAsTheyShouldBe() throws Exception {
    List<JsonNode> vectors = vectors("client-frames.json", "client");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Carrier carrier = open(server);
      try (Socket socket = server.accept()) {
        for (JsonNode vector : vectors) {
          String name = vector.get("name").asText();
          ClientFrame.Builder frame = ClientFrame.newBuilder();
          JsonFormat.parser().merge(vector.get("json") + "", frame);
          assertThat(JSON.readTree(JsonFrames.write(frame.build())))
              .as(name)
              .isEqualTo(vector.get("json"));
          carrier.send(frame.build());
          byte[] expected = HEX.parseHex(vector.get("tcp").asText());
          assertThat(HEX.formatHex(socket.getInputStream().readNBytes(expected.length)))
              .as(name)
              .isEqualTo(vector.get("tcp").asText());
        }
      }
      carrier.close();
    }
  }

  @Test
  void serverFramesAreReadFromTcpByteByByteAndInOnePiece() throws Exception {
    List<JsonNode> vectors = vectors("server-frames.json", "server");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Carrier carrier = open(server);
      try (Socket socket = server.accept()) {
        socket.setTcpNoDelay(true);
        OutputStream out = socket.getOutputStream();
        StringBuilder all = new StringBuilder();
        for (JsonNode vector : vectors) {
          String hex = vector.get("tcp").asText();
          all.append(hex);
          for (byte one : HEX.parseHex(hex)) {
            out.write(one);
          }
          assertThat(came.poll(20, TimeUnit.SECONDS)).isEqualTo(known(vector));
        }
        out.write(HEX.parseHex(all));
        for (JsonNode vector : vectors) {
          assertThat(came.poll(20, TimeUnit.SECONDS)).isEqualTo(known(vector));
        }
      }
      carrier.close();
    }
  }

  private Carrier open(ServerSocket server) throws Exception {
    URI address = URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    return TcpCarrier.open(address, null, Duration.ofSeconds(10), events).get(20, TimeUnit.SECONDS);
  }
}
