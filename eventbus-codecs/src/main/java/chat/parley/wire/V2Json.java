package chat.parley.wire;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;

/**
 * The frames of v2 as JSON: protobuf's canonical mapping, with names in lowerCamelCase, 64-bit
 * integers as strings and enums by name. Any thread.
 *
 * <p>Protobuf's own JsonFormat is not used on what strangers send: it takes what is not JSON
 * (comments, single quotes), works for seconds on {@code {"ref":1e9999999}}, and its errors repeat
 * the value that they refuse. The tests hold both directions against it.
 */
public final class V2Json {
  private V2Json() {}

  /**
   * Reads what a client sent. Fields, frames and names of enum values that are not known are
   * skipped; a frame of which nothing is known has no body. Names are taken in lowerCamelCase and
   * as the proto file has them, integers as numbers and as strings.
   *
   * @throws MalformedFrameException when it is no JSON object, nests deeper than {@value
   *     ProtoJsonReader#MAX_DEPTH}, or has a value that its field cannot take
   */
  public static ClientFrame parse(String json) throws MalformedFrameException {
    ClientFrame.Builder frame = ClientFrame.newBuilder();
    ProtoJsonReader.read(json, frame);
    return frame.build();
  }

  /** One line without spaces between; fields with their default value are left out. */
  public static String print(ServerFrame frame) {
    return ProtoJsonWriter.print(frame);
  }
}
