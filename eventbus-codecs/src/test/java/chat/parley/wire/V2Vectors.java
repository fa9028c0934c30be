package chat.parley.wire;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The golden vectors of {@code tests/vectors/v2}. */
final class V2Vectors {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("..", "tests", "vectors", "v2");

  private V2Vectors() {}

  /** The vectors of these files, in their order. */
  static List<Vector> of(String... files) {
    return Stream.of(files).flatMap(V2Vectors::read).toList();
  }

  private static Stream<Vector> read(String file) {
    try {
      JsonNode vectors = JSON.readTree(FOLDER.resolve(file).toFile()).get("vectors");
      return StreamSupport.stream(vectors.spliterator(), false).map(Vector::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Vector(JsonNode fields) {
    String name() {
      return fields.get("name").textValue();
    }

    String text(String field) {
      return fields.get(field).textValue();
    }

    boolean has(String field) {
      return fields.has(field);
    }

    byte[] bytes(String field) {
      return HexFormat.of().parseHex(text(field));
    }

    boolean isClients() {
      return text("direction").equals("client");
    }

    /** The frame in JSON as the file has it, without the file's spaces. */
    String compact(String field) {
      return fields.get(field).toString();
    }

    /** The protobuf as its direction's frame. */
    Message frame() throws InvalidProtocolBufferException {
      return builder().mergeFrom(bytes("protobuf")).build();
    }

    /** The JSON as its direction's frame, read by protobuf's own reader. */
    Message frameOf(String field) throws InvalidProtocolBufferException {
      Message.Builder frame = builder();
      JsonFormat.parser().ignoringUnknownFields().merge(compact(field), frame);
      return frame.build();
    }

    private Message.Builder builder() {
      return isClients() ? ClientFrame.newBuilder() : ServerFrame.newBuilder();
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
