package chat.parley.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Protobuf messages as canonical JSON, of the kinds of field that the frames have. */
final class ProtoJsonWriter {
  private static final JsonFactory JSON = new JsonFactory();

  private ProtoJsonWriter() {}

  static String print(Message message) {
    StringWriter out = new StringWriter(Math.max(64, message.getSerializedSize() * 2));
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(json, message);
    } catch (IOException e) {
      throw new UncheckedIOException("a string cannot fail to be written to", e);
    }
    return out.toString();
  }

  private static void write(JsonGenerator json, Message message) throws IOException {
    json.writeStartObject();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      json.writeFieldName(field.getJsonName());
      if (field.isRepeated()) {
        json.writeStartArray();
        for (Object value : (List<?>) entry.getValue()) {
          write(json, field, value);
        }
        json.writeEndArray();
      } else {
        write(json, field, entry.getValue());
      }
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, FieldDescriptor field, Object value)
      throws IOException {
    switch (field.getType()) {
      case MESSAGE -> write(json, (Message) value);
      case STRING -> json.writeString((String) value);
      case BOOL -> json.writeBoolean((Boolean) value);
      case INT32 -> json.writeNumber((Integer) value);
      case UINT32 -> json.writeNumber(Integer.toUnsignedLong((Integer) value));
      case INT64 -> json.writeString(Long.toString((Long) value));
      case ENUM -> writeEnum(json, (EnumValueDescriptor) value);
      default -> throw new IllegalStateException("no JSON for the type of " + field.getFullName());
    }
  }

  private static void writeEnum(JsonGenerator json, EnumValueDescriptor value) throws IOException {
    if (value.getIndex() < 0) { // a number without a name here
      json.writeNumber(value.getNumber());
    } else {
      json.writeString(value.getName());
    }
  }
}
