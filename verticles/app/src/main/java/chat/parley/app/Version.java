package chat.parley.app;

/** The version of this build. */
final class Version {
  private Version() {}

  /** As the jar says; {@code dev} when the classes were not started from one. */
  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
