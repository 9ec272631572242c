package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A guest image that a test's nodes boot, as {@code topology image build} makes it: see {@link
 * WithTopology#images}.
 *
 * <pre>{@code
 * @WithTopology(
 *     value = "topologies/ospf.yaml",
 *     images = @GuestImage(name = "router", packages = "bird2"))
 * }</pre>
 */
@Documented
@Target({})
@Retention(RetentionPolicy.RUNTIME)
public @interface GuestImage {

  /** What the topology calls it: lower-case letters, digits, dots and hyphens. */
  String name();

  /** Packages of this system's distribution to put in, with what they depend on. */
  String[] packages();
}
