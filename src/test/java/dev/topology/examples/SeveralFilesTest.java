package dev.topology.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.junit.StartsTopologies;
import dev.topology.junit.TopologyStarter;
import dev.topology.run.RunningTopology;
import dev.topology.run.TopologyOutcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same test for one file after the other. */
@StartsTopologies
class SeveralFilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"pair", "star"})
  void everyTaskSucceeds(String name, TopologyStarter starter) throws Exception {
    RunningTopology topology = starter.start("topologies/" + name + ".yaml");

    assertThat(topology.awaitOutcome()).isEqualTo(new TopologyOutcome.Done());
  }
}
