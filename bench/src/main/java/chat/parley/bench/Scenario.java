package chat.parley.bench;

/** A kind of load. */
interface Scenario {
  /** Whether the yardstick can do the same. */
  default boolean hasYardstick() {
    return false;
  }

  /**
   * Runs it once, against one target. Called by the main thread, which waits.
   *
   * @param settling seconds of load of which nothing is measured; 0: the real thing. A scenario
   *     without a duration does the whole either way
   */
  Figures run(Loops loops, Stop stop, Target target, double settling);
}
