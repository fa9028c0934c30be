package chat.parley.e2e.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The class tests one Parley in one process ({@code up}), shared with all others that say so. Test
 * methods may ask for {@link Clients}, closed after each test, and for the {@link ParleyProcess}.
 * Whoever kills it starts their own instead.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RunningParleyExtension.class)
public @interface RunningParley {}
