package chat.parley.settings;

import java.nio.file.Path;

/**
 * The keys {@code tls-certificate} and {@code tls-key} of a section that listens. With both its
 * ports speak TLS and nothing else, with neither they speak in the clear.
 *
 * @param section that the keys stand in, for error texts
 * @param certificate PEM file: the server's certificate, then those that lead to its authority
 * @param key PEM file: the certificate's private key, RSA or EC, not encrypted
 */
public record TlsSettings(String section, Path certificate, Path key) {
  public TlsSettings {
    if (certificate == null && key != null) {
      throw missing(section, "tls-certificate", "tls-key");
    }
    if (certificate != null && key == null) {
      throw missing(section, "tls-key", "tls-certificate");
    }
  }

  /** Whether the section's ports speak TLS. */
  public boolean enabled() {
    return certificate != null;
  }

  private static SettingsException missing(String section, String missing, String given) {
    return new SettingsException(
        "%1$s.%2$s is missing: %1$s.%3$s is set, and TLS needs both"
            .formatted(section, missing, given));
  }
}
