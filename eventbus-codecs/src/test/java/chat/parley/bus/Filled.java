package chat.parley.bus;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** Messages in which every field has a value, so that none is forgotten on the way unseen. */
final class Filled {
  private static final int DEEPEST = 4;

  private Filled() {}

  static Message of(Message message) {
    return filled(message.newBuilderForType(), 0);
  }

  private static Message filled(Message.Builder builder, int depth) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      boolean deeper = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (deeper && depth == DEEPEST) {
        continue;
      }
      Object value = deeper ? filled(builder.newBuilderForField(field), depth + 1) : valueOf(field);
      if (field.isRepeated()) {
        builder.addRepeatedField(field, value);
      } else {
        builder.setField(field, value);
      }
    }
    return builder.build();
  }

  private static Object valueOf(FieldDescriptor field) {
    int number = field.getNumber();
    return switch (field.getJavaType()) {
      case INT -> number;
      case LONG -> (long) number;
      case FLOAT -> (float) number;
      case DOUBLE -> (double) number;
      case BOOLEAN -> true;
      case STRING -> "é" + number;
      case BYTE_STRING -> ByteString.copyFromUtf8("bytes");
      case ENUM -> {
        var values = field.getEnumType().getValues();
        yield values.get(values.size() - 1);
      }
      case MESSAGE -> throw new IllegalArgumentException("not a value: " + field);
    };
  }
}
