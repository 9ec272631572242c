package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field that is handed what a parameter of its type and annotations would be.
 *
 * <pre>{@code
 * @Injected RunningTopology network;
 * @Injected @HostPortOf(node = "web", port = 80) int port;
 * }</pre>
 *
 * <p>It may be private but not final. A static field is set before the class and takes from the
 * class's topology; any other is set before each method, ahead of {@code @BeforeEach}. Where one
 * test instance serves several methods that run in parallel, each with a topology of its own, take
 * parameters instead: those methods would overwrite each other's fields.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Injected {}
