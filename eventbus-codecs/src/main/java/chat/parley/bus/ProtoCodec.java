package chat.parley.bus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The one codec of the mesh: a protobuf message by reference inside a process (they are immutable),
 * as bytes between nodes.
 *
 * <p>On the wire: the version byte (1), the length of the message's full protobuf name in one byte,
 * the name, the length of the body in four bytes, big endian, the body. A node that does not know
 * the version or the name refuses the message and says so; the sender's request ends by its
 * deadline.
 */
public final class ProtoCodec implements MessageCodec<Message, Message> {
  public static final String NAME = "parley";

  /** Version of the wire; nodes of two neighbouring versions can live in one cluster. */
  static final byte WIRE_VERSION = 1;

  private static final Map<String, Parser<? extends Message>> PARSERS = new HashMap<>();
  private static final Map<Class<?>, byte[]> NAMES = new HashMap<>();

  static {
    for (Message message : Contract.MESSAGES) {
      String name = message.getDescriptorForType().getFullName();
      PARSERS.put(name, message.getParserForType());
      NAMES.put(message.getClass(), name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  ProtoCodec() {}

  /**
   * Makes the codec known to a Vert.x instance. Every verticle calls it first; repeating it is
   * harmless.
   */
  public static void install(Vertx vertx) {
    try {
      vertx.eventBus().registerCodec(new ProtoCodec());
    } catch (IllegalStateException alreadyInstalled) {
      // Another verticle of this process was first.
    }
  }

  /** Options that send a contract message. */
  public static DeliveryOptions options() {
    return new DeliveryOptions().setCodecName(NAME);
  }

  @Override
  public void encodeToWire(Buffer buffer, Message message) {
    byte[] name = NAMES.get(message.getClass());
    if (name == null) {
      throw new IllegalArgumentException(message.getClass() + " is not part of the contract");
    }
    buffer.appendByte(WIRE_VERSION).appendByte((byte) name.length).appendBytes(name);
    byte[] body = message.toByteArray();
    buffer.appendInt(body.length).appendBytes(body);
  }

  /**
   * @throws IllegalArgumentException for whatever is no message of the contract, with what is wrong
   */
  @Override
  public Message decodeFromWire(int start, Buffer buffer) {
    int pos = start;
    if (buffer.length() - pos < 2) {
      throw refused("is cut off in its header");
    }
    byte version = buffer.getByte(pos++);
    if (version != WIRE_VERSION) {
      throw refused("has version " + version + ", and this node speaks " + WIRE_VERSION);
    }
    int nameLength = buffer.getUnsignedByte(pos++);
    if (buffer.length() - pos < nameLength + Integer.BYTES) {
      throw refused("is cut off in its name");
    }
    String name = buffer.getString(pos, pos + nameLength, StandardCharsets.US_ASCII.name());
    pos += nameLength;
    Parser<? extends Message> parser = PARSERS.get(name);
    if (parser == null) {
      throw refused("is unknown: " + printable(name));
    }
    int length = buffer.getInt(pos);
    pos += Integer.BYTES;
    if (length < 0 || length > buffer.length() - pos) {
      throw refused(name + " claims " + length + " bytes");
    }
    try {
      return parser.parseFrom(buffer.getBytes(pos, pos + length));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("bus message " + name + " is malformed", e);
    }
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("bus message " + why);
  }

  /** For the log: who sends such a name may have put line ends into it. */
  private static String printable(String name) {
    return name.replaceAll("[^!-~]", "?");
  }

  @Override
  public Message transform(Message message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
