package chat.parley.bus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnknownFieldSet;
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
 * <p>On the wire: the version byte, the length of the message's full protobuf name in one byte, the
 * name, the length of the body in four bytes, big endian, the body; behind the body of a request
 * that is {@link Asked} its clock and moment in eight bytes each and its wait in four, which a node
 * that does not know them leaves unread. A node reads what its own version wrote and what its two
 * neighbours wrote; docs/operations.md says what may change from one to the next. Anything else is
 * refused with a text that names it, and the request ends at once: see {@link #bodyOf}.
 */
public final class ProtoCodec implements MessageCodec<Object, Object> {
  public static final String NAME = "parley";

  /** Version of the wire; nodes of two neighbouring versions can live in one cluster. */
  static final int WIRE_VERSION = 1;

  /**
   * System property that lets a process write as another version may, to rehearse an upgrade: with
   * that version's byte, and in each message a field that this one does not know.
   */
  static final String REHEARSED = "parley.wire-version";

  /** Far above the numbers that the contract uses. */
  private static final int REHEARSED_FIELD = 100_000;

  private static final Map<String, Parser<? extends Message>> PARSERS = new HashMap<>();
  private static final Map<Class<?>, byte[]> NAMES = new HashMap<>();

  static {
    for (Message message : Contract.MESSAGES) {
      String name = message.getDescriptorForType().getFullName();
      PARSERS.put(name, message.getParserForType());
      NAMES.put(message.getClass(), name.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private final int version;
  private final byte[] unknownField;

  ProtoCodec() {
    this(Integer.getInteger(REHEARSED, WIRE_VERSION));
  }

  /**
   * @param version that is written
   */
  ProtoCodec(int version) {
    this.version = version;
    this.unknownField = version == WIRE_VERSION ? new byte[0] : unknownField();
  }

  private static byte[] unknownField() {
    UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
    return UnknownFieldSet.newBuilder().addField(REHEARSED_FIELD, field).build().toByteArray();
  }

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

  /**
   * What a consumer was sent.
   *
   * @throws ChatError when this node cannot read it: {@code UNAVAILABLE} for a version or a message
   *     that another node may know, so that it is asked instead
   */
  @SuppressWarnings("unchecked")
  public static <T> T bodyOf(io.vertx.core.eventbus.Message<T> received) {
    Object body = received.body();
    if (body instanceof Unreadable unreadable) {
      throw unreadable.refusal();
    }
    return (T) (body instanceof Asked asked ? asked.body() : body);
  }

  @Override
  public void encodeToWire(Buffer buffer, Object sent) {
    if (sent instanceof Asked asked) {
      encode(buffer, asked.body());
      buffer.appendLong(asked.clock()).appendLong(asked.sentMs()).appendInt(asked.waitsMs());
    } else {
      encode(buffer, (Message) sent);
    }
  }

  private void encode(Buffer buffer, Message message) {
    byte[] name = NAMES.get(message.getClass());
    if (name == null) {
      throw new IllegalArgumentException(message.getClass() + " is not part of the contract");
    }
    buffer.appendByte((byte) version).appendByte((byte) name.length).appendBytes(name);
    byte[] body = message.toByteArray();
    buffer.appendInt(body.length + unknownField.length).appendBytes(body).appendBytes(unknownField);
  }

  /** A message of the contract, {@link Asked} if its sender says so, or an {@link Unreadable}. */
  @Override
  public Object decodeFromWire(int start, Buffer buffer) {
    int pos = start;
    if (buffer.length() - pos < 2) {
      return unreadable("is cut off in its header");
    }
    int written = buffer.getUnsignedByte(pos++);
    if (Math.abs(written - version) > 1) {
      return new Unreadable(
          ErrorCode.UNAVAILABLE,
          "bus wire version %d is too far from %d, which this node speaks"
              .formatted(written, version));
    }
    int nameLength = buffer.getUnsignedByte(pos++);
    if (buffer.length() - pos < nameLength + Integer.BYTES) {
      return unreadable("is cut off in its name");
    }
    String name = buffer.getString(pos, pos + nameLength, StandardCharsets.US_ASCII.name());
    pos += nameLength;
    Parser<? extends Message> parser = PARSERS.get(name);
    if (parser == null) {
      return new Unreadable(ErrorCode.UNAVAILABLE, "unknown bus message " + printable(name));
    }
    int length = buffer.getInt(pos);
    pos += Integer.BYTES;
    if (length < 0 || length > buffer.length() - pos) {
      return unreadable(name + " claims " + length + " bytes");
    }
    try {
      return asked(buffer, pos + length, parser.parseFrom(buffer.getBytes(pos, pos + length)));
    } catch (InvalidProtocolBufferException e) {
      return unreadable(name + " is malformed");
    }
  }

  /** What a later version may have put behind it is left unread. */
  private static Object asked(Buffer buffer, int at, Message message) {
    return buffer.length() - at < Asked.STAMP
        ? message
        : new Asked(
            message,
            buffer.getLong(at),
            buffer.getLong(at + Long.BYTES),
            buffer.getInt(at + 2 * Long.BYTES));
  }

  private static Unreadable unreadable(String why) {
    return new Unreadable(ErrorCode.BAD_REQUEST, "bus message " + why);
  }

  /** For the log: who sends such a name may have put line ends into it. */
  private static String printable(String name) {
    return name.replaceAll("[^!-~]", "?");
  }

  @Override
  public Object transform(Object message) {
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
