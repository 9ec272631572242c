package dev.topology.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that starts topologies itself: which ones, how many and when is only known as it runs.
 *
 * <pre>{@code
 * @StartsTopologies
 * class SeveralFilesTest {
 *
 *   @ParameterizedTest
 *   @ValueSource(strings = {"pair", "star"})
 *   void reachesItsEnd(String name, TopologyStarter starter) throws Exception {
 *     RunningTopology topology = starter.start("topologies/" + name + ".yaml");
 *     assertThat(topology.awaitOutcome()).isEqualTo(new TopologyOutcome.Done());
 *   }
 * }
 * }</pre>
 *
 * <p>A parameter or {@link Injected} field of type {@link TopologyStarter} is handed a starter.
 * Tests are skipped, files published and topologies closed as {@link WithTopology} says. Beside
 * {@code @WithTopology}, this annotation is not needed.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TopologyExtension.class)
public @interface StartsTopologies {}
