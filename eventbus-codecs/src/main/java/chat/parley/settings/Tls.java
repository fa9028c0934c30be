package chat.parley.settings;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate and its key, read and found to belong together; or none. A value: what a file holds
 * later is another one (see {@link TlsRenewal}).
 */
public final class Tls {
  private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");

  private static final Tls NONE = new Tls(null, null, null);

  private final KeyCertOptions identity;
  private final byte[] certificate;
  private final byte[] key;

  private Tls(KeyCertOptions identity, byte[] certificate, byte[] key) {
    this.identity = identity;
    this.certificate = certificate;
    this.key = key;
  }

  /** Reads on a worker; fails as {@link #read} does. Completes at once when there is no TLS. */
  public static Future<Tls> load(Vertx vertx, TlsSettings settings) {
    return settings.enabled()
        ? vertx.executeBlocking(() -> read(settings))
        : Future.succeededFuture(NONE);
  }

  /**
   * Reads; blocks.
   *
   * @throws SettingsException naming setting and file when one cannot be read, or does not hold
   *     what it should, or both do not belong together
   */
  public static Tls read(TlsSettings settings) {
    if (!settings.enabled()) {
      return NONE;
    }
    String certificateSetting = certificateOf(settings);
    String keySetting = keyOf(settings);
    byte[] certificate = bytesOf(certificateSetting, settings.certificate());
    byte[] key = bytesOf(keySetting, settings.key());
    PublicKey publicKey = publicKeyOf(certificateSetting, settings.certificate(), certificate);
    PemKeyCertOptions pem =
        new PemKeyCertOptions()
            .setCertValue(Buffer.buffer(certificate))
            .setKeyValue(Buffer.buffer(key));
    boolean belong;
    try {
      belong = belong(privateKeyOf(pem, publicKey), publicKey);
    } catch (Exception e) { // What the parsers of Vert.x and of the JDK throw at bad bytes.
      throw new SettingsException(
          "%s: %s holds no private key in PEM, RSA or EC and not encrypted, for the certificate %s"
              .formatted(keySetting, settings.key(), settings.certificate()),
          e);
    }
    if (!belong) {
      throw new SettingsException(
          "%s: %s is not the key of the certificate %s"
              .formatted(keySetting, settings.key(), settings.certificate()));
    }
    return new Tls(pem, certificate, key);
  }

  /**
   * Reads again, as {@link #read} does; blocks.
   *
   * @return empty when the files hold what they held
   */
  Optional<Tls> renewed(TlsSettings settings) {
    boolean same =
        Arrays.equals(certificate, bytesOf(certificateOf(settings), settings.certificate()))
            && Arrays.equals(key, bytesOf(keyOf(settings), settings.key()));
    return same ? Optional.empty() : Optional.of(read(settings));
  }

  /** What is shown to the other side; null without TLS. */
  public KeyCertOptions identity() {
    return identity;
  }

  /**
   * Makes a server speak TLS 1.2 and 1.3 and nothing else; without TLS leaves it as it is.
   *
   * <p>Of the connections that have not shaken hands a bound is kept ({@link HandshakeBound}).
   *
   * @param handshake longest time from connecting to the end of the handshake; who needs longer is
   *     disconnected
   * @return the options that were given
   */
  public <T extends NetServerOptions> T on(T options, Duration handshake) {
    if (identity != null) {
      options
          .setSsl(true)
          .setUseAlpn(false)
          .setSslEngineOptions(new HandshakeBound())
          .setKeyCertOptions(identity)
          .setEnabledSecureTransportProtocols(VERSIONS)
          .setSslHandshakeTimeout(handshake.toMillis())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }
    return options;
  }

  /**
   * For a client of a server with these settings, on the server's own machine: trusts the
   * certificates of the file and no others. Blocks.
   *
   * @throws SettingsException naming the file that holds none
   */
  public static SSLContext trusting(TlsSettings settings) {
    TrustManager[] trusted = Authorities.read(certificateOf(settings), settings.certificate());
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has TLS", e);
    }
  }

  private static String certificateOf(TlsSettings settings) {
    return settings.section() + ".tls-certificate";
  }

  private static String keyOf(TlsSettings settings) {
    return settings.section() + ".tls-key";
  }

  static byte[] bytesOf(String setting, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      String why = e instanceof NoSuchFileException ? "there is no such file" : e.getMessage();
      throw new SettingsException(setting + ": cannot read " + file + ": " + why, e);
    }
  }

  /** Of the first certificate, which is the server's own. */
  private static PublicKey publicKeyOf(String setting, Path file, byte[] pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem))
          .stream()
          .findFirst()
          .orElseThrow(() -> new CertificateException("no certificate"))
          .getPublicKey();
    } catch (CertificateException e) {
      throw new SettingsException(setting + ": " + file + " holds no certificate in PEM", e);
    }
  }

  private static PrivateKey privateKeyOf(PemKeyCertOptions pem, PublicKey of) throws Exception {
    // Vert.x is asked for the files that options name; these hold what was in them.
    X509KeyManager keys = (X509KeyManager) pem.getKeyManagerFactory(null).getKeyManagers()[0];
    String[] names = keys.getServerAliases(of.getAlgorithm(), null);
    if (names == null) {
      throw new GeneralSecurityException("no key for a certificate of " + of.getAlgorithm());
    }
    return keys.getPrivateKey(names[0]);
  }

  /** What one key signs the other one knows; the JDK looks no earlier than in a handshake. */
  private static boolean belong(PrivateKey key, PublicKey publicKey)
      throws GeneralSecurityException {
    String kind = publicKey.getAlgorithm().equals("EC") ? "ECDSA" : publicKey.getAlgorithm();
    byte[] text = {1, 2, 3};
    Signature signature = Signature.getInstance("SHA256with" + kind);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(text);
    try {
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // Of another length, for example.
    }
  }
}
