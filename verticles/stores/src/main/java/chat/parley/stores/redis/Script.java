package chat.parley.stores.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts, each a file beside this class that says what it takes and answers. */
enum Script {
  ACCEPT("accept"),
  ACCEPT_MANY("accept-many"),
  READ("read"),
  TRIM("trim"),
  ANNOUNCE("announce"),
  ACQUIRE("acquire"),
  RENEW("renew"),
  RELEASE("release"),
  SESSION_OPEN("session-open"),
  SESSION_ADMIT("session-admit"),
  SESSION_LEAVE("session-leave"),
  SESSION_CONNECT("session-connect"),
  SESSION_NUMBERS("session-numbers"),
  SESSION_END("session-end"),
  SESSION_END_OF_DEVICE("session-end-of-device"),
  TOPIC_SUBSCRIBE("topic-subscribe"),
  TOPIC_UNSUBSCRIBE("topic-unsubscribe"),
  PRESENCE_ENTER("presence-enter"),
  PRESENCE_LEAVE("presence-leave"),
  PRESENCE_MEMBERS("presence-members"),
  NODE_RENEW("node-renew"),
  NODE_END("node-end"),
  NODE_SWEEP("node-sweep"),
  QUOTA_TAKE("quota-take"),
  QUOTA_RETURN("quota-return");

  private final String text;
  private final String sha1;

  Script(String file) {
    text = read(file + ".lua");
    sha1 = sha1Of(text);
  }

  String text() {
    return text;
  }

  /** The name that EVALSHA knows it by. */
  String sha1() {
    return sha1;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("script " + file + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1Of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
