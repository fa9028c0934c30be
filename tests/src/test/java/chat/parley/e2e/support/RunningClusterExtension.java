package chat.parley.e2e.support;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts the shared cluster at the first need; it ends with the JVM of the tests. Not kept with the
 * root context: of that there is one a class where classes are run by several JVMs.
 */
final class RunningClusterExtension implements ParameterResolver {
  private static final Namespace SPACE = Namespace.create(RunningClusterExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Cluster cluster =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, SPACE)
            .getOrComputeIfAbsent(Cluster.class, key -> Cluster.onOneFolder(), Cluster.class);
    cluster.restore();
    return cluster;
  }
}
