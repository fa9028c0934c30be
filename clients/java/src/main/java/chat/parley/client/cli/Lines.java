package chat.parley.client.cli;

import chat.parley.client.Message;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** How a message is printed. */
final class Lines {
  private static final DateTimeFormatter TODAY = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter BEFORE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  private final ZoneId zone;
  private final String conversation;

  /** Where several conversations are seen, each line but those of this one says its own. */
  Lines(ZoneId zone, String conversation) {
    this.zone = zone;
    this.conversation = conversation;
  }

  String of(Message message) {
    StringBuilder line = new StringBuilder(time(message.acceptedAt())).append(' ');
    if (!message.conversation().equals(conversation)) {
      line.append('[').append(place(message)).append("] ");
    }
    return line.append(printable(message.senderName()))
        .append(": ")
        .append(printable(message.text()))
        .toString();
  }

  private static String place(Message message) {
    return message.conversation().startsWith("room:")
        ? "room " + message.conversation().substring(5)
        : "to " + printable(message.recipientName());
  }

  private String time(Instant at) {
    ZonedDateTime time = at.atZone(zone);
    return time.toLocalDate().equals(LocalDate.now(zone))
        ? TODAY.format(time)
        : BEFORE.format(time);
  }

  /** Someone else's text must not steer the terminal. */
  static String printable(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                clean.append("\n    ");
              } else if (c == '\t' || !Character.isISOControl(c)) {
                clean.appendCodePoint(c);
              } else {
                clean.append('\uFFFD');
              }
            });
    return clean.toString();
  }
}
