package chat.parley.e2e.support;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the shared process at the first need; it ends with the JVM of the tests. Not kept with the
 * root context: of that there is one a class where classes are run by several JVMs.
 */
final class RunningParleyExtension implements ParameterResolver {
  private static final Namespace SPACE = Namespace.create(RunningParleyExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Clients.class || type == ParleyProcess.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    ParleyProcess parley =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, SPACE)
            .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class)
            .parley;
    if (parameter.getParameter().getType() == ParleyProcess.class) {
      return parley;
    }
    return context
        .getStore(SPACE)
        .getOrComputeIfAbsent(Clients.class, key -> new Clients(parley.endpoints()), Clients.class);
  }

  private static final class Shared implements AutoCloseable {
    private final ParleyProcess parley =
        ParleyProcess.up(DataFolder.create()).with(ShortTimes.SETTINGS).start();

    @Override
    public void close() {
      parley.close();
    }
  }
}
