package dev.topology.junit;

import dev.topology.run.RunningTopology;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs against a topology.
 *
 * <pre>{@code
 * @WithTopology("topologies/ports.yaml")
 * class PortTest {
 *
 *   @Test
 *   void servesItsPage(@HostPortOf(node = "web", port = 80) int port) throws Exception {
 *     assertThat(get("http://localhost:" + port)).contains("Hello from a microVM.");
 *   }
 * }
 * }</pre>
 *
 * <p>On a <b>class</b>, one instance is started before the class and shared by its methods, those
 * of nested classes included, and closed after it. On a <b>method</b>, each invocation has a fresh
 * one; each repetition and each set of parameters is an invocation. If both are annotated, both
 * topologies run, and the method is handed its own. Subclasses inherit the annotation.
 *
 * <p>The test starts when all nodes are ready. If a node fails before that, the test fails at once,
 * and says what the command line would say: which node, why, the end of its console. If a node
 * fails while a test runs, the test's thread is interrupted, so that it does not wait in vain. The
 * test then fails with that report, even if its own code succeeds; an exception of its own code is
 * attached as a suppressed one. If a node fails between two methods that share an instance, the
 * next method fails. If a node is meant to fail, set {@link #awaitReady() awaitReady = false}.
 *
 * <p>A parameter of type {@link RunningTopology} is handed the topology; see {@link NodeNamed},
 * {@link CableNamed} and {@link HostPortOf} for its parts, which fields take as well, and {@link
 * Injected} for fields of type {@code RunningTopology}.
 *
 * <p><b>Instances are separate.</b> Each has a run directory of its own in a temporary directory,
 * and cables that no other process can name; with {@code auto} host ports, any number of instances
 * of one file run at once, in one JVM or several. Tests may run in parallel as JUnit is configured
 * to; mind that each node is a process with memory of its own.
 *
 * <p><b>Where guests cannot run</b> (no QEMU, no guest image and none can be built), the test is
 * skipped, and JUnit reports the reason. Where guests have to run, as in CI, set the configuration
 * parameter or system property {@value TopologyExtension#REQUIRED} to {@code true}, or the
 * environment variable {@code TOPOLOGY_REQUIRED}: then it fails with that reason. A file that is
 * missing or wrong is always a failure, with all of its diagnostics.
 *
 * <p><b>When a test fails</b>, a directory with the topology's name is published through JUnit; in
 * it, for each node, are {@code console.log} (every byte of its console), {@code command-line.sh}
 * (QEMU and its exact arguments) and {@code outcome.txt}. When a test passes, nothing is printed
 * and nothing kept.
 *
 * <p>Guest images and what was found out about the host are kept where the command line keeps them,
 * or in the directory that the configuration parameter {@value TopologyExtension#CACHE} names. The
 * first test on a new host may wait for an image to be built.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TopologyExtension.class)
public @interface WithTopology {

  /**
   * The topology file: a path relative to the working directory, or else a resource of the class
   * path; with the prefix {@code classpath:}, a resource only. Give either this or {@link #method}.
   *
   * <p>Host files that it names are relative to it, as always. A resource in a directory is used
   * where it is. One in a jar is unpacked for the length of the test run, with all that is beside
   * and below it, so what it names must be there as well; a file at the root of a jar is unpacked
   * alone.
   */
  String value() default "";

  /**
   * A static method without parameters that returns a {@link dev.topology.model.Topology}, built in
   * code: its name, where it is in the test class or one around it, or {@code
   * com.example.Labs#failover}. It may be private.
   */
  String method() default "";

  /**
   * Values of {@code ${VARIABLES}} in the file, each as {@code NAME=VALUE}. They override variables
   * of the process, which are there as well.
   */
  String[] environment() default {};

  /**
   * Guest images that the test needs. One that is missing, or lacks one of its packages, is built
   * before the test, which takes ten seconds or more. The built-in image need not be named.
   */
  GuestImage[] images() default {};

  /**
   * Whether each guest's kernel log is kept off its console. There, a kernel message may split a
   * word that the test waits for. The log is published as {@code kernel.log} then, and what the
   * guest writes to {@code /dev/console} goes there as well.
   */
  boolean kernelLogApart() default false;

  /**
   * Whether each test has the network as it was when it was first ready: on a class, each
   * invocation of its methods; on a method, each of its invocations. The first one starts and saves
   * it, which takes a few tenths of a second more; for each later one it is restored, in a fraction
   * of the time of a boot, on all annotations with equal {@link #value} or {@link #method}, {@link
   * #environment}, {@link #images}, {@link #name} and {@link #kernelLogApart}.
   *
   * <p>What ran in the guests goes on, so a router has its routes. Their clocks and the kernel's
   * random numbers are set anew; a program repeats random numbers of its own. Host ports are chosen
   * anew. What a console said before is not there. Of a class, {@code @BeforeAll} and static fields
   * have no topology.
   *
   * <p>A network that cannot be saved, such as one with {@code shares}, is started for each; why is
   * published as a report entry.
   */
  boolean fresh() default false;

  /** Which tests share one instance. */
  Sharing sharing() default Sharing.OWN;

  /**
   * Distinguishes several instances of one file that have {@link Sharing#RUN}; has no effect on
   * others.
   */
  String name() default "";

  /**
   * Whether all nodes must be ready before the test, and none may fail until its end. With {@code
   * false}, the test is handed the topology as soon as it was launched, and a node that fails does
   * not fail the test. If the test fails, the report of such a node is attached as a suppressed
   * exception. With {@link Sharing#RUN}, each test has its own value.
   */
  boolean awaitReady() default true;

  /**
   * How many seconds all nodes together may take to become ready, at least 1. Each node also has a
   * limit of its own in the file ({@code ready.within}). Counted from the launch, so building a
   * guest image is not part of it.
   */
  int readyWithinSeconds() default 180;

  /** Which tests share one instance of a topology. */
  enum Sharing {

    /** On a class, its methods share one; on a method, each invocation has its own. */
    OWN,

    /**
     * All tests of a test run share one: the first that asks for it starts it, and every other with
     * the same {@link #value} or {@link #method}, {@link #environment}, {@link #images}, {@link
     * #name} and {@link #kernelLogApart} is handed the same. It is closed after the last test of
     * the run.
     */
    RUN
  }
}
