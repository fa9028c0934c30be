package chat.parley.stores.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's database file, behind a journal: {@code jdbc:h2:parley:PATH}. What H2 finds after a power
 * cut is what it would find after a kill at some moment since the last fsync: its writes up to that
 * moment, each of them whole, and nothing of a later one.
 *
 * <p>H2 itself counts on a disk that keeps the order of writes. It is public because H2 makes its
 * paths by reflection.
 */
public final class JournaledPath extends FilePathWrapper {
  static final String SCHEME = "parley";
  static final String DATABASE_FILE = ".mv.db";

  static {
    FilePath.register(new JournaledPath());
  }

  /** Makes the scheme known to H2. */
  static void register() {
    // By the initialization of this class.
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    String file = getBase().toString();
    if (mode.equals("r") || !file.endsWith(DATABASE_FILE)) {
      return super.open(mode);
    }
    Path path = Path.of(file);
    // With whatever this process closes of a file it gives up its lock on it (POSIX).
    if (JournaledFile.isHeld(path)) {
      throw new IOException(path + " is open in this process");
    }
    return new JournaledFile(
        path,
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }
}
