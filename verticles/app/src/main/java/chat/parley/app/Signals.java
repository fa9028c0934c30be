package chat.parley.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that ask a process to end. A shutdown hook hears of the first one only; of the others
 * tells nothing but {@code sun.misc.Signal} of module {@code jdk.unsupported}, which is in every
 * JDK and reached by reflection, because the compiler warns of it with a warning that cannot be
 * suppressed.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final List<String> NAMES = List.of("TERM", "INT");

  private Signals() {}

  /**
   * Takes the place of what the JVM does by itself. Where signals cannot be handled, the JVM goes
   * on doing that.
   *
   * @param handler told the name of each signal, {@code TERM} or {@code INT}, on a thread of the
   *     JVM
   */
  static void handle(Consumer<String> handler) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Method nameOf = type.getMethod("getName");
      InvocationHandler calls =
          (proxy, method, arguments) -> {
            switch (method.getName()) {
              case "handle" -> handler.accept((String) nameOf.invoke(arguments[0]));
              case "hashCode" -> {
                return System.identityHashCode(proxy);
              }
              case "equals" -> {
                return proxy == arguments[0];
              }
              default -> {
                return "handler of signals";
              }
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
      for (String name : NAMES) {
        Object signal = type.getConstructor(String.class).newInstance(name);
        type.getMethod("handle", type, handlerType).invoke(null, signal, proxy);
      }
    } catch (ReflectiveOperationException e) {
      // Also when the JVM was started with -Xrs: it leaves signals to the system then.
      LOG.debug("signals are left to the JVM", e);
    }
  }
}
