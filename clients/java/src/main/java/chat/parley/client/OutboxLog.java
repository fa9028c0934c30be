package chat.parley.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outbox as a file of JSON lines: {@code {"id","target","text","at"}} adds a message, {@code
 * {"done":id}} takes one out. Additions are on the disk before they are sent, many by one force. A
 * line that a crash left half written is dropped: its message was not sent. When what is out
 * outweighs what is in, the file is written anew beside and renamed.
 */
final class OutboxLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REWRITE_AT_BYTES = 1 << 18;

  private final Path file;
  private final Map<String, Unsent> messages;
  private FileChannel channel;
  private long rewriteAt = REWRITE_AT_BYTES;

  private OutboxLog(Path file, Map<String, Unsent> messages) {
    this.file = file;
    this.messages = messages;
  }

  static OutboxLog open(Path file) throws IOException {
    OutboxLog log = new OutboxLog(file, Files.exists(file) ? read(file) : new LinkedHashMap<>());
    log.rewrite();
    return log;
  }

  private static Map<String, Unsent> read(Path file) throws IOException {
    Map<String, Unsent> messages = new LinkedHashMap<>();
    for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
      JsonNode json;
      try {
        json = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        continue;
      }
      if (json.has("done")) {
        messages.remove(json.get("done").asText());
      } else if (json.has("id")) {
        Unsent message =
            new Unsent(
                json.path("id").asText(),
                json.path("target").asText(),
                json.path("text").asText(),
                Instant.ofEpochMilli(json.path("at").asLong()));
        messages.put(message.clientMessageId(), message);
      }
    }
    return messages;
  }

  List<Unsent> messages() {
    return new ArrayList<>(messages.values());
  }

  void add(List<Unsent> added) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Unsent message : added) {
      lines.writeBytes(line(message));
    }
    try {
      OwnerOnly.write(channel, lines.toByteArray());
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    added.forEach(message -> messages.put(message.clientMessageId(), message));
  }

  void remove(Collection<String> ids) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (String id : ids) {
      if (messages.remove(id) != null) {
        lines.writeBytes(bytes(JSON.createObjectNode().put("done", id)));
      }
    }
    try {
      // Not forced: a message that comes back by a power cut is sent again with the same id.
      OwnerOnly.write(channel, lines.toByteArray());
      if (channel.position() > rewriteAt) {
        rewrite();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() throws IOException {
    channel.close();
  }

  private void rewrite() throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    messages.values().forEach(message -> lines.writeBytes(line(message)));
    OwnerOnly.replace(file, lines.toByteArray(), true);
    if (channel != null) {
      channel.close();
    }
    channel = OwnerOnly.open(file, StandardOpenOption.WRITE);
    channel.position(lines.size());
    rewriteAt = Math.max(REWRITE_AT_BYTES, 2L * lines.size());
  }

  private static byte[] line(Unsent message) {
    return bytes(
        JSON.createObjectNode()
            .put("id", message.clientMessageId())
            .put("target", message.target())
            .put("text", message.text())
            .put("at", String.valueOf(message.createdAt().toEpochMilli())));
  }

  private static byte[] bytes(JsonNode line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
