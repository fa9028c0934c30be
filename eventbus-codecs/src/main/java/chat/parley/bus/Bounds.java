package chat.parley.bus;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;

/**
 * What was refused because a bound was met: one counter for each bound, named by its setting as
 * docs/operations.md lists them, for whoever adds a registry to Micrometer's global one.
 */
public final class Bounds {
  private Bounds() {}

  /**
   * The counter of a bound. To be kept: looking it up costs more than counting.
   *
   * @param bound its setting, {@code section.key}
   */
  public static Counter refusals(String bound) {
    return Metrics.counter("parley.refused", "bound", bound);
  }
}
