package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A cable of the topology, handed to a parameter or field of type {@link
 * dev.topology.run.RunningCable}. If there is none of that name, the test fails with a list of
 * those there are.
 *
 * <p>In a shared topology, a cable stays as a test leaves it: join what you have cut.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TopologyExtension.class)
public @interface CableNamed {

  /** The cable's name; without one in the file it is {@code left:eth1--right:eth1}. */
  String value();
}
