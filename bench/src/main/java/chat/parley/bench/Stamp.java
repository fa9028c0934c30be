package chat.parley.bench;

import java.nio.charset.StandardCharsets;

/**
 * What a message's text says of itself: {@code
 * pb|RUN|conversation|number|sender|scheduled|padding}, the time in microseconds since the run
 * began. Found in a frame without a look at its structure, because none of its characters is ever
 * escaped.
 *
 * <p>The fields are those of the stamp found last. Belongs to one event loop.
 */
final class Stamp {
  private static final String NAME = "pb|";

  private final String prefix;
  private final byte[] mark;

  /** Which of the run's conversations, from 0. */
  int conversation;

  /** Which of the conversation's messages, from 0. */
  int number;

  int sender;

  /** When the message was to be sent, microseconds since the run began. */
  long scheduled;

  /** Index behind what was found. */
  int end;

  /**
   * @param run tells this run's messages from all others; letters and digits
   */
  Stamp(String run) {
    prefix = NAME + run + '|';
    mark = prefix.getBytes(StandardCharsets.US_ASCII);
  }

  /** A text of at least {@code size} characters. */
  String text(int conversation, int number, int sender, long scheduled, int size) {
    StringBuilder text = new StringBuilder(Math.max(size, 64)).append(prefix);
    text.append(conversation).append('|').append(number).append('|').append(sender).append('|');
    text.append(scheduled).append('|');
    while (text.length() < size) {
      text.append('x');
    }
    return text.toString();
  }

  /** Reads the next stamp of this run at or behind {@code from}; false when there is none. */
  boolean find(byte[] bytes, int from, int to) {
    int at = indexOf(mark, bytes, from, to);
    if (at < 0) {
      return false;
    }
    end = at + mark.length;
    conversation = (int) next(bytes, to);
    number = (int) next(bytes, to);
    sender = (int) next(bytes, to);
    scheduled = next(bytes, to);
    return true;
  }

  private long next(byte[] bytes, int to) {
    long value = 0;
    int at = end;
    while (at < to && bytes[at] != '|') {
      value = value * 10 + bytes[at++] - '0';
    }
    end = at + 1;
    return value;
  }

  /** Where {@code what} begins in {@code bytes}; -1 when nowhere between the two. */
  static int indexOf(byte[] what, byte[] bytes, int from, int to) {
    byte first = what[0];
    outer:
    for (int at = from; at <= to - what.length; at++) {
      if (bytes[at] != first) {
        continue;
      }
      for (int i = 1; i < what.length; i++) {
        if (bytes[at + i] != what[i]) {
          continue outer;
        }
      }
      return at;
    }
    return -1;
  }
}
