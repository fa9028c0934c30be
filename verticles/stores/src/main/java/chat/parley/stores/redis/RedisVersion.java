package chat.parley.stores.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of redis-server. */
public record RedisVersion(int major, int minor) {
  /** The oldest one that this server works with. */
  public static final RedisVersion OLDEST = new RedisVersion(6, 2);

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

  /** Reads the first {@code major.minor} in a text; 0.0 when there is none. */
  public static RedisVersion parse(String text) {
    Matcher m = NUMBER.matcher(text);
    return m.find()
        ? new RedisVersion(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)))
        : new RedisVersion(0, 0);
  }

  /** Whether it is new enough. */
  public boolean isServed() {
    return major > OLDEST.major || major == OLDEST.major && minor >= OLDEST.minor;
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
