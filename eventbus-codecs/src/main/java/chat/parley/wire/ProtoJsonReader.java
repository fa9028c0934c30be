package chat.parley.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads canonical JSON into a protobuf message, of the kinds of field that the frames have. Work
 * and memory are bounded by the length of the text.
 */
final class ProtoJsonReader {
  /** The frames need 4 levels; the rest is for what later versions add. */
  static final int MAX_DEPTH = 32;

  private static final int MAX_NUMBER_LENGTH = 64;
  private static final long MAX_UINT32 = 0xFFFF_FFFFL;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .build())
          .build();

  private final JsonParser json;

  private ProtoJsonReader(JsonParser json) {
    this.json = json;
  }

  static void read(String text, Message.Builder into) throws MalformedFrameException {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedFrameException("a frame must be a JSON object");
      }
      new ProtoJsonReader(json).readObject(into, "");
      if (json.nextToken() != null) {
        throw new MalformedFrameException("something follows the end of the frame");
      }
    } catch (StreamConstraintsException e) {
      throw new MalformedFrameException(
          "nested deeper than %d, or a number or a name that is too long".formatted(MAX_DEPTH));
    } catch (IOException e) {
      // The parser's own text quotes what it stumbled over, so it is not even kept as the cause.
      throw new MalformedFrameException("not JSON");
    }
  }

  private void readObject(Message.Builder into, String path)
      throws IOException, MalformedFrameException {
    Set<FieldDescriptor> seen = new HashSet<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      FieldDescriptor field = find(into.getDescriptorForType(), json.currentName());
      JsonToken token = json.nextToken();
      if (field == null) {
        json.skipChildren();
        continue;
      }
      String place = path + field.getJsonName();
      if (!seen.add(field)) {
        throw new MalformedFrameException(place + " is there twice");
      }
      if (token == JsonToken.VALUE_NULL) {
        continue;
      }
      refuseSecondOfOneof(into, field, place);
      if (field.isRepeated()) {
        readArray(into, field, place);
      } else {
        Object value = readValue(into, field, place);
        if (value != null) {
          into.setField(field, value);
        }
      }
    }
  }

  private static FieldDescriptor find(Descriptor type, String name) {
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJsonName().equals(name) || field.getName().equals(name)) {
        return field;
      }
    }
    return null;
  }

  private static void refuseSecondOfOneof(Message.Builder into, FieldDescriptor field, String place)
      throws MalformedFrameException {
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof != null && into.hasOneof(oneof)) {
      FieldDescriptor first = into.getOneofFieldDescriptor(oneof);
      throw new MalformedFrameException(
          "%s cannot stand beside %s".formatted(place, first.getJsonName()));
    }
  }

  private void readArray(Message.Builder into, FieldDescriptor field, String place)
      throws IOException, MalformedFrameException {
    require(json.currentToken() == JsonToken.START_ARRAY, place, "an array");
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      Object value = readValue(into, field, place + "[" + i + "]");
      if (value != null) {
        into.addRepeatedField(field, value);
      }
    }
  }

  /** Null for an enum value whose name is not known. */
  private Object readValue(Message.Builder into, FieldDescriptor field, String place)
      throws IOException, MalformedFrameException {
    return switch (field.getType()) {
      case MESSAGE -> readMessage(into.newBuilderForField(field), place);
      case STRING -> readString(place);
      case BOOL -> readBoolean(place);
      case INT32 -> (int) readWhole(place, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UINT32 -> (int) readWhole(place, 0, MAX_UINT32);
      case INT64 -> readWhole(place, Long.MIN_VALUE, Long.MAX_VALUE);
      case ENUM -> readEnum(field.getEnumType(), place);
      default -> throw new IllegalStateException("no JSON for the type of " + field.getFullName());
    };
  }

  private Message readMessage(Message.Builder message, String place)
      throws IOException, MalformedFrameException {
    require(json.currentToken() == JsonToken.START_OBJECT, place, "an object");
    readObject(message, place + ".");
    return message.build();
  }

  private String readString(String place) throws IOException, MalformedFrameException {
    require(json.currentToken() == JsonToken.VALUE_STRING, place, "a string");
    String text = json.getText();
    require(isWellFormed(text), place, "Unicode, without half of a surrogate pair");
    return text;
  }

  private boolean readBoolean(String place) throws MalformedFrameException {
    require(json.currentToken().isBoolean(), place, "true or false");
    return json.currentToken() == JsonToken.VALUE_TRUE;
  }

  private Object readEnum(EnumDescriptor type, String place)
      throws IOException, MalformedFrameException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return type.findValueByName(json.getText());
    }
    require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, place, "the name of a value");
    return type.findValueByNumberCreatingIfUnknown(
        (int) readWhole(place, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private long readWhole(String place, long least, long most)
      throws IOException, MalformedFrameException {
    JsonToken token = json.currentToken();
    String digits = token.isNumeric() || token == JsonToken.VALUE_STRING ? json.getText() : "";
    if (!digits.isEmpty() && digits.length() <= MAX_NUMBER_LENGTH) {
      try {
        // Does not unfold 1e999999999: it is refused by its exponent.
        long value = new BigDecimal(digits).longValueExact();
        if (value >= least && value <= most) {
          return value;
        }
      } catch (ArithmeticException | NumberFormatException e) {
        // Said below.
      }
    }
    throw malformed(place, "a whole number from %d to %d".formatted(least, most));
  }

  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static void require(boolean condition, String place, String expected)
      throws MalformedFrameException {
    if (!condition) {
      throw malformed(place, expected);
    }
  }

  private static MalformedFrameException malformed(String place, String expected) {
    return new MalformedFrameException(place + " must be " + expected);
  }
}
