package chat.parley.e2e.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Endpoints;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.TestCertificate;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import chat.parley.e2e.support.V1WebSocket;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With certificates everything that clients reach speaks TLS and nothing else. */
class TlsTest {
  private static TestCertificate certificate;
  private static ParleyProcess parley;
  private static Endpoints ports;
  private static V1Http http;

  @BeforeAll
  static void start() {
    Path data = DataFolder.create();
    certificate = new TestCertificate(data);
    parley = secured(data).start();
    ports = parley.endpoints();
    http = new V1Http(URI.create("https://127.0.0.1:" + ports.api()), certificate.trusting());
  }

  private static ParleyProcess.Builder secured(Path data) {
    return ParleyProcess.up(data).with(certificate.asSettings()).trusting(certificate.trusting());
  }

  @AfterAll
  static void stop() {
    parley.close();
  }

  private static V1WebSocket webSocket() {
    URI address = URI.create("wss://127.0.0.1:" + ports.ws() + "/ws");
    return new V1WebSocket(address, certificate.trusting());
  }

  @Test
  void messagesGoFromEveryWireToEveryOther() {
    User user = http.newUser();
    User other = http.newUser();
    long room = Clients.newRoom();
    try (Clients clients = new Clients(ports, http);
        V1WebSocket web = webSocket();
        V1Tcp tcp = V1Tcp.overTls(ports.tcp(), certificate.trusting())) {
      web.join(user.token(), room);
      clients.awaitJoined(web, user, room);
      tcp.join(other.token(), room);
      clients.awaitJoined(tcp, other, room);
      http.pushRoom(user, room, "over https");
      tcp.say(other.token(), room, "over TCP");
      web.awaitText("over https");
      web.awaitText("over TCP");
      tcp.awaitText("over https");
      tcp.awaitText("over TCP");
    }
  }

  @Test
  void pageIsToldSecureAddresses() {
    URI site = URI.create("https://127.0.0.1:" + ports.site());
    HttpResponse<String> page = http.exchange(HttpRequest.newBuilder(site));
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("https://127.0.0.1:" + ports.api(), "wss://127.0.0.1:" + ports.ws())
        .doesNotContain("http://", "ws://");
    JsonNode config =
        Json.parse(http.exchange(HttpRequest.newBuilder(site.resolve("/config.json"))).body());
    assertThat(config.path("apiTls").asBoolean()).isTrue();
    assertThat(config.path("wsTls").asBoolean()).isTrue();
  }

  @Test
  void nothingIsSaidInTheClear() {
    assertThatThrownBy(() -> new V1Http(ports.apiAddress()).checkAuth(""))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> new V1WebSocket(ports.wsAddress()))
        .hasCauseInstanceOf(IOException.class);
    try (V1Tcp tcp = new V1Tcp(ports.tcp())) {
      tcp.join("any token", Clients.newRoom());
      tcp.awaitClose();
      assertThat(tcp.raw()).isEmpty();
    }
    assertThat(parley.output()).doesNotContain(" WARN ", "Exception");
  }

  @Test
  void renewedCertificateIsShownWhileOldConnectionsGoOnAndABadOneIsNot() {
    User user = http.newUser();
    long room = Clients.newRoom();
    List<Integer> all =
        List.of(
            ports.api(),
            ports.site(),
            ports.ws(),
            ports.tcp(),
            ports.secondTcp(),
            ports.management());
    try (Clients clients = new Clients(ports, http);
        V1WebSocket web = webSocket();
        V1Tcp tcp = V1Tcp.overTls(ports.tcp(), certificate.trusting())) {
      web.join(user.token(), room);
      clients.awaitJoined(web, user, room);
      tcp.join(user.token(), room);
      clients.awaitJoined(tcp, user, room);
      BigInteger renewed = certificate.renew();
      for (int port : all) {
        Eventually.eventually(
            "the renewed certificate at " + port, () -> certificate.shownAt(port).equals(renewed));
      }
      certificate.spoil();
      for (String section : List.of("site", "api", "connect", "management")) {
        String complaint = "mended: " + section + ".tls-certificate: ";
        Eventually.eventually(complaint, () -> parley.output().contains(complaint));
      }
      assertThat(all).allSatisfy(p -> assertThat(certificate.shownAt(p)).isEqualTo(renewed));
      http.pushRoom(user, room, "on connections older than the certificate");
      web.awaitText("on connections older than the certificate");
      tcp.awaitText("on connections older than the certificate");
      BigInteger mended = certificate.renew();
      Eventually.eventually(
          "the mended certificate", () -> certificate.shownAt(ports.tcp()).equals(mended));
    }
  }

  @Test
  void commandsReachTheManagementPort() {
    try (ParleyProcess nodes =
        ParleyProcess.command("nodes", "nodes").with(certificate.asSettings()).at(ports).launch()) {
      assertThat(nodes.awaitExit()).as(nodes.output()).isZero();
      assertThat(nodes.output()).contains("connect:1");
    }
  }

  @Test
  void addressesThatItPrintsAreSecure() {
    assertThat(parley.output())
        .contains(
            "https://127.0.0.1:" + ports.site(),
            "https://127.0.0.1:" + ports.api(),
            "wss://127.0.0.1:" + ports.ws() + "/ws",
            "tls://127.0.0.1:" + ports.tcp());
  }

  @Test
  void clientsAreToldWhenTheServerStops() {
    Path data = DataFolder.create();
    try (ParleyProcess stopping = secured(data).start()) {
      Endpoints own = stopping.endpoints();
      V1Http api = new V1Http(URI.create("https://127.0.0.1:" + own.api()), certificate.trusting());
      User user = api.newUser();
      long room = Clients.newRoom();
      URI address = URI.create("wss://127.0.0.1:" + own.ws() + "/ws");
      try (Clients clients = new Clients(own, api);
          V1WebSocket web = new V1WebSocket(address, certificate.trusting());
          V1Tcp tcp = V1Tcp.overTls(own.tcp(), certificate.trusting())) {
        web.join(user.token(), room);
        clients.awaitJoined(web, user, room);
        tcp.join(user.token(), room);
        clients.awaitJoined(tcp, user, room);
        assertThat(stopping.terminate()).isIn(0, 143);
        assertThat(web.awaitClose().code()).isEqualTo(1012);
        assertThat(tcp.awaitClose().reason()).isEqualTo("closed by the server");
      }
    }
  }
}
