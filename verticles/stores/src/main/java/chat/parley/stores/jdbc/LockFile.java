package chat.parley.stores.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The lock file beside an H2 database. It names the server through which whoever has the database
 * lets the other processes of the machine in, and stays behind when that process is killed.
 */
final class LockFile {
  private static final int ANSWERS_WITHIN_MS = 1000;

  private final Path database;
  private final Path file;

  /**
   * @param name of the database, without H2's endings
   */
  LockFile(Path name) {
    database = name.resolveSibling(name.getFileName() + JournaledPath.DATABASE_FILE);
    file = name.resolveSibling(name.getFileName() + ".lock.db");
  }

  /**
   * Removes it when nobody listens any more where it says, so that H2 need not wait for some 4 s to
   * see that nobody writes to it. If its writer should still be closing the database after all, the
   * database is locked by the operating system, and cannot be opened yet.
   */
  void removeIfLeftBehind() throws IOException {
    if (JournaledFile.isHeld(database)) {
      return;
    }
    Properties written = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      written.load(in);
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return;
    }
    String server = written.getProperty("server", "");
    int colon = server.lastIndexOf(':');
    if (colon > 0 && refuses(server.substring(0, colon), server.substring(colon + 1))) {
      Files.deleteIfExists(file);
    }
  }

  /** Only of this machine it can be said. */
  private static boolean refuses(String host, String port) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, Integer.parseInt(port)), ANSWERS_WITHIN_MS);
      return false;
    } catch (ConnectException e) {
      return address.isLoopbackAddress();
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
