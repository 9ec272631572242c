package dev.topology.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.testing.TestHost;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.FileSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Event;

/** The tests in a file as tests of JUnit, with real guests. */
class FileTestsTest {

  @TempDir Path published;

  @StartsTopologies
  static class Both {

    @TestFactory
    Stream<DynamicTest> holds(TopologyStarter starter) throws Exception {
      return starter.tests("classpath:dev/topology/junit/tests.yaml");
    }
  }

  @Test
  void areRunAndFailAsTheyDo() {
    TestHost.facts();

    EngineExecutionResults results = new Kit(published).run(Both.class);

    results.testEvents().assertStatistics(it -> it.started(2).succeeded(1).failed(1));
    Event failed = results.testEvents().failed().list().get(0);
    assertThat(failed.getTestDescriptor().getDisplayName()).isEqualTo("it says otherwise");
    TestSource place = failed.getTestDescriptor().getSource().orElseThrow();
    assertThat(((FileSource) place).getPosition().orElseThrow().getLine()).isEqualTo(5);
    assertThat(Kit.problem(failed))
        .hasMessageContaining("tests.yaml:5:52: \"echo otherwise\" on left wrote nothing that")
        .hasMessageContaining("  its output\n    otherwise");
  }
}
