package chat.parley.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The golden vectors of {@code tests/vectors/v2}, good and malformed: where fuzzing begins. */
public final class Vectors {
  private static final Path FOLDER = Path.of("..", "tests", "vectors", "v2");
  private static final List<String> FILES =
      List.of(
          "client-frames.json",
          "server-frames.json",
          "unknown.json",
          "json-spellings.json",
          "malformed.json");

  private Vectors() {}

  /** The bytes that the vectors have in a field of hex: {@code protobuf} or {@code tcp}. */
  public static List<byte[]> bytes(String field) {
    return all()
        .filter(vector -> vector.has(field))
        .map(vector -> HexFormat.of().parseHex(vector.get(field).textValue()))
        .toList();
  }

  /** Frames as JSON, as the vectors have them and as other clients spell them. */
  public static List<byte[]> json() {
    return all()
        .flatMap(vector -> Stream.of(vector.get("json"), vector.get("text")))
        .filter(found -> found != null)
        .map(found -> found.isTextual() ? found.textValue() : found.toString())
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static Stream<JsonNode> all() {
    return FILES.stream().flatMap(Vectors::read);
  }

  private static Stream<JsonNode> read(String file) {
    try {
      JsonNode vectors = new ObjectMapper().readTree(FOLDER.resolve(file).toFile()).get("vectors");
      return StreamSupport.stream(vectors.spliterator(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
