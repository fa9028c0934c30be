package chat.parley.connect;

import io.netty.buffer.ByteBuf;

/** How a frame stands on the wire: its header, and what its body is. */
enum WireFormat {
  /** v1's JSON in an unmasked final text frame (RFC 6455, section 5.2). */
  V1_WEBSOCKET {
    @Override
    void header(ByteBuf out, int body) {
      webSocketHeader(out, TEXT, body);
    }
  },
  /** {@code v1}, total length in a signed 16-bit number, v1's JSON. */
  V1_TCP {
    @Override
    void header(ByteBuf out, int body) {
      out.writeByte('v').writeByte('1').writeShort(body + V1_TCP_HEADER);
    }

    @Override
    boolean fits(int body) {
      return body + V1_TCP_HEADER <= Short.MAX_VALUE;
    }
  },
  /** A v2 ServerFrame as protobuf in an unmasked final binary frame. */
  V2_PROTOBUF {
    @Override
    void header(ByteBuf out, int body) {
      webSocketHeader(out, BINARY, body);
    }
  },
  /** A v2 ServerFrame as canonical JSON in an unmasked final text frame. */
  V2_JSON {
    @Override
    void header(ByteBuf out, int body) {
      webSocketHeader(out, TEXT, body);
    }
  },
  /** {@code v2}, total length in a 32-bit number, a v2 ServerFrame as protobuf. */
  V2_TCP {
    @Override
    void header(ByteBuf out, int body) {
      out.writeByte('v').writeByte('2').writeInt(body + V2_TCP_HEADER);
    }
  };

  static final int V1_TCP_HEADER = 4;
  static final int V2_TCP_HEADER = 6;

  /** Longest header of any format. */
  static final int MAX_HEADER = 10;

  /** How many formats there are. */
  static final int COUNT = values().length;

  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;

  /** Appends the header of a frame whose body has this many bytes. */
  abstract void header(ByteBuf out, int body);

  /** Whether a body of this many bytes can be framed at all. */
  boolean fits(int body) {
    return true;
  }

  /** Whether the body is JSON of a v2 frame, and not protobuf. */
  boolean json() {
    return this == V2_JSON;
  }

  boolean v2() {
    return ordinal() >= V2_PROTOBUF.ordinal();
  }

  boolean webSocket() {
    return this != V1_TCP && this != V2_TCP;
  }

  private static void webSocketHeader(ByteBuf out, int kind, int body) {
    out.writeByte(kind);
    if (body < 126) {
      out.writeByte(body);
    } else if (body <= 0xFFFF) {
      out.writeByte(126).writeShort(body);
    } else {
      out.writeByte(127).writeLong(body);
    }
  }
}
