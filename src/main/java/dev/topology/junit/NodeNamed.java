package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A node of the topology, handed to a parameter or field of type {@link
 * dev.topology.run.RunningNode}. If there is none of that name, the test fails with a list of those
 * there are.
 *
 * <pre>{@code
 * @Test
 * void knowsItsPeer(@NodeNamed("left") RunningNode left) throws Exception {
 *   left.shell().run("ping -c 1 right").expectSuccess();
 * }
 * }</pre>
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TopologyExtension.class)
public @interface NodeNamed {

  /** The node's name. */
  String value();
}
