package chat.parley.api.site;

import chat.parley.settings.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The files of the site by the path that they are served at, read into memory. What is not in the
 * map does not exist: no request reaches the file system.
 */
final class SiteFiles {
  private static final String PAGES = "webroot";
  private static final String LIBRARIES = "META-INF/resources/webjars";

  private final Map<String, Asset> assets = new HashMap<>();

  private SiteFiles() {}

  /**
   * Reads everything; blocks.
   *
   * @param root folder of the pages; null: those of the class path
   * @throws SettingsException when there is no page there
   */
  static Map<String, Asset> load(String root) {
    SiteFiles files = new SiteFiles();
    try {
      if (root == null) {
        files.readClassPath(PAGES, "/", false);
      } else {
        files.readFolder(Path.of(root), "/", false);
      }
      files.readClassPath(LIBRARIES, "/lib/", true);
    } catch (IOException | UncheckedIOException e) {
      throw new SettingsException(
          "the site's files cannot be read (setting site.root): " + e.getMessage(), e);
    }
    if (!files.assets.containsKey("/index.html")) {
      throw new SettingsException("there is no index.html in site.root, which is " + root);
    }
    return Map.copyOf(files.assets);
  }

  private void readClassPath(String folder, String prefix, boolean forever) throws IOException {
    ClassLoader loader = SiteFiles.class.getClassLoader();
    for (URL url : Collections.list(loader.getResources(folder))) {
      try {
        if (url.openConnection() instanceof JarURLConnection jar) {
          Path file = Path.of(jar.getJarFileURL().toURI());
          try (FileSystem inside = FileSystems.newFileSystem(file)) {
            readFolder(inside.getPath(jar.getEntryName()), prefix, forever);
          }
        } else {
          readFolder(Path.of(url.toURI()), prefix, forever);
        }
      } catch (URISyntaxException e) {
        throw new IOException(url + " is not a place in a file system", e);
      }
    }
  }

  private void readFolder(Path folder, String prefix, boolean forever) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.filter(Files::isRegularFile).filter(SiteFiles::served).toList();
    }
    for (Path file : files) {
      String path = prefix + folder.relativize(file).toString().replace('\\', '/');
      assets.put(path, Asset.of(path, Files.readAllBytes(file), forever));
    }
  }

  /** Not what only a debugger asks for, notes for developers, and hidden files. */
  private static boolean served(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && !name.endsWith(".map") && !name.endsWith(".md");
  }
}
