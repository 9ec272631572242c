package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a field of type {@link dev.topology.run.RunningTopology} or {@link TopologyStarter}, which
 * is then filled as a parameter of that type would be. Fields with {@link NodeNamed}, {@link
 * CableNamed} or {@link HostPortOf} are filled without it.
 *
 * <pre>{@code
 * @Injected RunningTopology network;
 * @HostPortOf(node = "web", port = 80) int port;
 * }</pre>
 *
 * <p>Such a field may be private but not final. A static field is set before the class, from the
 * topology of the class; any other is set before each method, ahead of {@code @BeforeEach}. Where
 * one test instance serves several methods that run in parallel, each with a topology of its own,
 * take parameters instead: those methods would overwrite each other's fields.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TopologyExtension.class)
public @interface Injected {}
