package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** v1's answers to the last byte, so that what is beside it on the port changes none of them. */
class V1BytesTest {
  @Test
  void answersOfV1AreTheSameBytes() throws IOException {
    try (ApiUnderTest api = new ApiUnderTest(new JsonObject())) {
      assertThat(RawHttp.talk(api, request("POST", "/user/logout", "{}")))
          .isEqualTo(answer("{\"code\":40000,\"message\":\"Session error\",\"data\":null}"));
      assertThat(RawHttp.talk(api, request("GET", "/api/v1/x", "")))
          .isEqualTo(
              answer("{\"code\":1,\"message\":\"please check request url !\",\"data\":null}"));
      assertThat(RawHttp.talk(api, request("OPTIONS", "/push/push", "")))
          .isEqualTo(
              "HTTP/1.1 200 OK\r\n"
                  + "access-control-allow-origin: *\r\n"
                  + "access-control-allow-headers: Origin, X-Requested-With, Content-Type, Accept"
                  + "\r\n"
                  + "access-control-allow-methods: GET, OPTIONS, POST, PUT, DELETE\r\n"
                  + "access-control-max-age: 600\r\n"
                  + "connection: close\r\n"
                  + "content-length: 0\r\n\r\n");
    }
  }

  private static String request(String method, String path, String body) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\n"
        + "access-control-allow-origin: *\r\n"
        + "content-type: application/json; charset=utf-8\r\n"
        + "connection: close\r\n"
        + "content-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
