package dev.topology.examples;

import dev.topology.junit.StartsTopologies;
import dev.topology.junit.TopologyStarter;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The tests that a file holds. */
@StartsTopologies
class FileTest {

  @TestFactory
  Stream<DynamicTest> keepsItsPromises(TopologyStarter starter) throws Exception {
    return starter.tests("topologies/tests.yaml");
  }
}
