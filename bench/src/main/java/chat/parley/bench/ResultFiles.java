package chat.parley.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The results as JSON, and as a page that needs nothing beside itself. */
final class ResultFiles {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String CHARTS =
      "/META-INF/resources/_static/echarts/5.6.0/dist/echarts.min.js";
  private static final String PAGE = "report.html";

  private ResultFiles() {}

  static String json(Record results) {
    try {
      return MAPPER.writeValueAsString(results);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of numbers and texts can be written", e);
    }
  }

  static String html(Results results) throws IOException {
    return html(results, "run.js");
  }

  static String html(GrowthResults results) throws IOException {
    return html(results, "growth.js");
  }

  private static String html(Record results, String page) throws IOException {
    // A text in the results must not be able to end the script that holds it.
    String data = json(results).replace("</", "<\\/");
    return resource(PAGE)
        .replace("/*charts*/", resource(CHARTS))
        .replace("/*page*/", resource(page))
        .replace("/*results*/null", data);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ResultFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the bench lacks its " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
