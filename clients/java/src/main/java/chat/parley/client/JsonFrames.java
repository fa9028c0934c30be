package chat.parley.client;

import chat.parley.proto.v2.ClientFrame;
import chat.parley.proto.v2.ServerFrame;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;

/** Frames as protobuf's canonical JSON; what is not known is skipped. */
final class JsonFrames {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private JsonFrames() {}

  static String write(ClientFrame frame) {
    try {
      return PRINTER.print(frame);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static ServerFrame read(String json) throws InvalidProtocolBufferException {
    ServerFrame.Builder frame = ServerFrame.newBuilder();
    PARSER.merge(json, frame);
    return frame.build();
  }
}
