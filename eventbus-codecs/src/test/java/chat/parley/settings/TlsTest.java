package chat.parley.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir Path folder;

  @Test
  void oneSettingWithoutTheOtherIsRefusedAndNamed() {
    Path file = folder.resolve("file");
    assertThatThrownBy(() -> new TlsSettings("api", file, null))
        .isInstanceOf(SettingsException.class)
        .hasMessage("api.tls-key is missing: api.tls-certificate is set, and TLS needs both");
    assertThatThrownBy(() -> new TlsSettings("api", null, file))
        .isInstanceOf(SettingsException.class)
        .hasMessage("api.tls-certificate is missing: api.tls-key is set, and TLS needs both");
  }

  @Test
  void withoutSettingsAServerStaysAsItIs() {
    NetServerOptions options = new NetServerOptions();
    Tls tls = Tls.read(new TlsSettings("api", null, null));
    assertThat(tls.on(options, Duration.ofSeconds(1))).isSameAs(options);
    assertThat(options.isSsl()).isFalse();
  }

  @Test
  void rsaAndEcAreTakenWithTheirChains() throws Exception {
    X509Bundle root =
        new CertificateBuilder()
            .subject("cn=root")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    for (CertificateBuilder kind :
        new CertificateBuilder[] {
          new CertificateBuilder().rsa2048(), new CertificateBuilder().ecp256()
        }) {
      X509Bundle server = kind.subject("cn=server").buildIssuedBy(root);
      TlsSettings settings = files(server.getCertificatePathPEM(), server.getPrivateKeyPEM());
      NetServerOptions options =
          Tls.read(settings).on(new NetServerOptions(), Duration.ofMillis(300));
      assertThat(options.isSsl()).isTrue();
      assertThat(options.getEnabledSecureTransportProtocols())
          .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
      assertThat(options.getSslHandshakeTimeoutUnit().toMillis(options.getSslHandshakeTimeout()))
          .isEqualTo(300);
    }
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithItsSetting() throws Exception {
    X509Bundle server = selfSigned(new CertificateBuilder().ecp256());
    TlsSettings settings = files(server.getCertificatePEM(), server.getPrivateKeyPEM());
    Path none = folder.resolve("none.pem");
    assertRefused(
        new TlsSettings("connect", none, settings.key()),
        "connect.tls-certificate: cannot read " + none + ": there is no such file");
    assertRefused(
        new TlsSettings("connect", settings.certificate(), none),
        "connect.tls-key: cannot read " + none + ": there is no such file");
  }

  @Test
  void aFileWithSomethingElseInItIsNamedWithItsSetting() throws Exception {
    X509Bundle server = selfSigned(new CertificateBuilder().ecp256());
    TlsSettings noCertificate = files("nothing", server.getPrivateKeyPEM());
    assertRefused(
        noCertificate,
        "connect.tls-certificate: " + noCertificate.certificate() + " holds no certificate in PEM");
    TlsSettings empty = files("", server.getPrivateKeyPEM());
    assertRefused(
        empty, "connect.tls-certificate: " + empty.certificate() + " holds no certificate in PEM");
    String begin = "-----BEGIN PRIVATE KEY-----\n";
    String end = "-----END PRIVATE KEY-----\n";
    for (String bad : new String[] {"", "nothing", begin + "!!!\n" + end, begin + "AAAA\n" + end}) {
      TlsSettings noKey = files(server.getCertificatePEM(), bad);
      assertRefused(
          noKey,
          "connect.tls-key: "
              + noKey.key()
              + " holds no private key in PEM, RSA or EC and not encrypted, for the certificate "
              + noKey.certificate());
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsNamedWithItsSetting() throws Exception {
    for (boolean rsa : new boolean[] {true, false}) {
      X509Bundle server = selfSigned(kind(rsa));
      TlsSettings another =
          files(server.getCertificatePEM(), selfSigned(kind(rsa)).getPrivateKeyPEM());
      assertRefused(
          another,
          "connect.tls-key: "
              + another.key()
              + " is not the key of the certificate "
              + another.certificate());
      TlsSettings otherKind =
          files(server.getCertificatePEM(), selfSigned(kind(!rsa)).getPrivateKeyPEM());
      assertThatThrownBy(() -> Tls.read(otherKind))
          .isInstanceOf(SettingsException.class)
          .hasMessageStartingWith("connect.tls-key: " + otherKind.key());
    }
  }

  private static void assertRefused(TlsSettings settings, String sentence) {
    assertThatThrownBy(() -> Tls.read(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessage(sentence);
  }

  private static CertificateBuilder kind(boolean rsa) {
    return rsa ? new CertificateBuilder().rsa2048() : new CertificateBuilder().ecp256();
  }

  private static X509Bundle selfSigned(CertificateBuilder kind) throws Exception {
    return kind.subject("cn=localhost").setIsCertificateAuthority(true).buildSelfSigned();
  }

  private TlsSettings files(String certificate, String key) throws IOException {
    return new TlsSettings(
        "connect",
        Files.writeString(folder.resolve("certificate.pem"), certificate),
        Files.writeString(folder.resolve("key.pem"), key));
  }
}
