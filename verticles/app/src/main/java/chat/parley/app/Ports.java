package chat.parley.app;

import chat.parley.settings.SettingsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Locale;

/** Looks before anything starts whether the ports are free, to name the one that is not. */
final class Ports {
  private Ports() {}

  /**
   * @param setting that names the port
   * @throws StartFailure when the port is taken, or the address is none of this machine
   */
  static void requireFree(String host, int port, String setting) {
    if (port == 0) {
      return;
    }
    if (port < 0 || port > 65_535) {
      throw new SettingsException(setting + " must be a port, 1 to 65535, not " + port);
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw taken(host, port, setting, e);
    }
  }

  static boolean isFree(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  static StartFailure taken(String host, int port, String setting, Throwable cause) {
    String variable = "PARLEY_" + setting.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    String why = cause.getMessage() == null ? "" : cause.getMessage();
    String fault = why.contains("in use") ? "is taken" : "cannot be bound (" + why + ")";
    return StartFailure.environment(
        String.format(
            "port %d on %s %s; choose another by setting %s or variable %s",
            port, host, fault, setting, variable),
        cause);
  }
}
