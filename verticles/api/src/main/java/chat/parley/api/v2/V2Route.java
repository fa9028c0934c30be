package chat.parley.api.v2;

import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a method does at a path.
 *
 * @param path a template: a segment in braces stands for any segment, and names it
 * @param takesBody whether the request brings a JSON object; without it a body is not looked at
 */
record V2Route(HttpMethod method, String path, boolean takesBody, V2Operation operation) {
  static V2Route get(String path, V2Operation operation) {
    return new V2Route(HttpMethod.GET, path, false, operation);
  }

  static V2Route put(String path, V2Operation operation) {
    return new V2Route(HttpMethod.PUT, path, false, operation);
  }

  static V2Route delete(String path, V2Operation operation) {
    return new V2Route(HttpMethod.DELETE, path, false, operation);
  }

  /** A POST that brings nothing. */
  static V2Route post(String path, V2Operation operation) {
    return new V2Route(HttpMethod.POST, path, false, operation);
  }

  static V2Route postJson(String path, V2Operation operation) {
    return new V2Route(HttpMethod.POST, path, true, operation);
  }

  static V2Route patchJson(String path, V2Operation operation) {
    return new V2Route(HttpMethod.PATCH, path, true, operation);
  }

  /**
   * The named segments of a path; empty when it is not this route's.
   *
   * @param segments decoded, without the empty one before the first slash
   */
  Optional<Map<String, String>> match(List<String> segments) {
    String[] wanted = path.substring(1).split("/");
    if (wanted.length != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      String segment = segments.get(i);
      if (wanted[i].startsWith("{") && !segment.isEmpty()) {
        named.put(wanted[i].substring(1, wanted[i].length() - 1), segment);
      } else if (!wanted[i].equals(segment)) {
        return Optional.empty();
      }
    }
    return Optional.of(named);
  }
}
