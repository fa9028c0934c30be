package chat.parley.e2e.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The class tests a {@link Cluster} on one data folder, shared with all others that say so, which
 * test methods ask for as a parameter. What a test killed is started again before the next one.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RunningClusterExtension.class)
public @interface RunningCluster {}
