package chat.parley.connect;

import io.netty.buffer.ByteBuf;

/** How a v1 JSON body is framed. */
enum WireFormat {
  /** An unmasked final text frame (RFC 6455, section 5.2). */
  WEBSOCKET {
    @Override
    void header(ByteBuf out, int body) {
      out.writeByte(0x81);
      if (body < 126) {
        out.writeByte(body);
      } else if (body <= 0xFFFF) {
        out.writeByte(126).writeShort(body);
      } else {
        out.writeByte(127).writeLong(body);
      }
    }

    @Override
    boolean fits(int body) {
      return true;
    }
  },
  /** {@code v1}, total length in a signed 16-bit number, body. */
  TCP {
    @Override
    void header(ByteBuf out, int body) {
      out.writeByte('v').writeByte('1').writeShort(body + TCP_HEADER);
    }

    @Override
    boolean fits(int body) {
      return body + TCP_HEADER <= Short.MAX_VALUE;
    }
  };

  static final int TCP_HEADER = 4;

  /** Longest header of any format. */
  static final int MAX_HEADER = 10;

  /** Appends the header of a frame whose body has this many bytes. */
  abstract void header(ByteBuf out, int body);

  /** Whether a body of this many bytes can be framed at all. */
  abstract boolean fits(int body);
}
