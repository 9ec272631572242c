package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The port of this host that leads to a port of a guest, handed to a parameter or field of type
 * {@code int}. The node must forward it in its {@code ports}; if it does not, the test fails with a
 * list of the ports there are.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TopologyExtension.class)
public @interface HostPortOf {

  /** The guest's node. */
  String node();

  /** The guest's port, 1 to 65535. */
  int port();

  /** Whether it is a UDP port; otherwise it is a TCP port. */
  boolean udp() default false;
}
