package chat.parley.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Binds one section of the settings tree to a record. Keys are kebab-case ({@code ws-port} for
 * {@code wsPort}); a duration is written as {@code 250ms}, {@code 5s}, {@code 10m} or {@code 24h},
 * a rate as {@code 100/10s}. What the section does not name is {@code null} (or 0, false) for the
 * record's compact constructor to replace with its default.
 */
public final class SettingsReader {
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})\\s*/\\s*(\\d+)\\s*(ms|s|m|h)");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(
              new SimpleModule()
                  .addDeserializer(Duration.class, new DurationReader())
                  .addDeserializer(Rate.class, new RateReader()))
          .build();

  private SettingsReader() {}

  /**
   * @param config the whole settings tree
   * @param name of the section; one that is missing reads as an empty one
   * @throws SettingsException naming the key that is unknown or has a bad value
   */
  public static <T> T section(JsonObject config, String name, Class<T> type) {
    Object section = config.getValue(name, new JsonObject());
    if (!(section instanceof JsonObject object)) {
      throw new SettingsException("setting " + name + " must hold settings, not a single value");
    }
    return bind(object.getMap(), name, type);
  }

  private static <T> T bind(Map<String, Object> section, String name, Class<T> type) {
    try {
      return MAPPER.readValue(new JsonObject(section).encode(), type);
    } catch (UnrecognizedPropertyException e) {
      throw new SettingsException("unknown setting " + pathOf(name, e), e);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof SettingsException own) {
        throw own;
      }
      throw new SettingsException(
          "setting "
              + pathOf(name, e)
              + ": "
              + e.getOriginalMessage().lines().findFirst().orElse(""),
          e);
    } catch (IOException e) {
      throw new SettingsException("settings of " + name + " cannot be read", e);
    }
  }

  private static String pathOf(String section, JsonMappingException e) {
    return e.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
        .collect(Collectors.joining(".", section + ".", ""));
  }

  private static final class DurationReader extends StdScalarDeserializer<Duration> {
    private static final long serialVersionUID = 1;

    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = parser.getText().trim();
      Matcher m = DURATION.matcher(text);
      if (!m.matches()) {
        throw JsonMappingException.from(
            parser, "a duration is a number with ms, s, m or h, for example 5s, not " + text);
      }
      return duration(m.group(1), m.group(2));
    }
  }

  private static Duration duration(String number, String unit) {
    long n = Long.parseLong(number);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(n);
      case "s" -> Duration.ofSeconds(n);
      case "m" -> Duration.ofMinutes(n);
      default -> Duration.ofHours(n);
    };
  }

  private static final class RateReader extends StdScalarDeserializer<Rate> {
    private static final long serialVersionUID = 1;

    RateReader() {
      super(Rate.class);
    }

    @Override
    public Rate deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      String text = parser.getText().trim();
      Matcher m = RATE.matcher(text);
      if (text.equals("none")) {
        return Rate.NONE;
      }
      if (!m.matches()) {
        throw JsonMappingException.from(
            parser, "a rate is a number, a slash and a duration, for example 100/10s, or none");
      }
      try {
        return new Rate(Integer.parseInt(m.group(1)), duration(m.group(2), m.group(3)));
      } catch (IllegalArgumentException e) {
        throw JsonMappingException.from(parser, e.getMessage() + ", not " + text);
      }
    }
  }
}
