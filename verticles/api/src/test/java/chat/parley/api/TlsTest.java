package chat.parley.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.chaos.ports.Ports;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener with a certificate speaks TLS and nothing else. */
class TlsTest {
  private static final int PATIENCE_MS = 10_000;

  @TempDir Path folder;
  private X509Bundle bundle;
  private JsonObject tls;

  @BeforeEach
  void makeCertificate() throws Exception {
    bundle =
        new CertificateBuilder()
            .subject("cn=localhost")
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    Files.writeString(certificate, bundle.getCertificatePathPEM());
    Files.writeString(key, bundle.getPrivateKeyPEM());
    tls =
        new JsonObject()
            .put("tls-certificate", certificate.toString())
            .put("tls-key", key.toString());
  }

  private ApiUnderTest api() {
    return new ApiUnderTest(new JsonObject().put("api", tls));
  }

  /** The client offers HTTP/2, as browsers do. */
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void requestsAreAnsweredOverTlsInHttp11(String version) throws Exception {
    try (ApiUnderTest api = api()) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {bundle.toTrustManager()}, null);
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_2)
              .sslContext(context)
              .sslParameters(new SSLParameters(null, new String[] {version}))
              .build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + api.port + "/user/login"))
              .POST(HttpRequest.BodyPublishers.ofString("{"))
              .build();
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo(version);
        assertThat(answer.headers().firstValue("Strict-Transport-Security"))
            .hasValue("max-age=31536000");
      }
    }
  }

  @Test
  void plainTextIsNotAnswered() throws IOException {
    try (ApiUnderTest api = api()) {
      assertThat(talk(api, "POST /user/login HTTP/1.1\r\nHost: x\r\n\r\n")).doesNotContain("HTTP");
    }
  }

  @Test
  void whoNeverShakesHandsIsClosed() throws IOException {
    tls.put("idle-timeout", "300ms");
    try (ApiUnderTest api = api()) {
      assertThat(talk(api, "")).isEmpty();
    }
  }

  @Test
  void aKeyThatIsNotThereFailsTheStartWithItsSettingAndFile() {
    try (ApiUnderTest api = api()) {
      JsonObject bad = tls.copy().put("port", Ports.free()).put("tls-key", "/no/key");
      assertThatThrownBy(
              () ->
                  ApiUnderTest.await(
                      api.vertx.deployVerticle(
                          ApiVerticle.class.getName(),
                          new DeploymentOptions().setConfig(new JsonObject().put("api", bad)))))
          .hasMessageContaining("api.tls-key: cannot read /no/key: there is no such file");
    }
  }

  /** Sends bytes in the clear and reads until the server closes. */
  private static String talk(ApiUnderTest api, String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
