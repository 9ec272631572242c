package dev.topology.posix;

import static dev.topology.posix.Processes.exitOf;
import static dev.topology.posix.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HostFactsTest {

  @Test
  void knowsTheLimitsThatAChildHas() throws Exception {
    ChildProcess child = shell("ulimit -n; ulimit -Hn").start();
    exitOf(child);

    ResourceLimits limits = ResourceLimits.current();

    assertThat(child.output())
        .isEqualTo(limits.openFiles().soft() + "\n" + limits.openFiles().hard() + "\n");
    assertThat(limits.processes().soft()).isBetween(1L, limits.processes().hard());
  }

  @Test
  void knowsTheUser() throws Exception {
    ChildProcess child = shell("id -u").start();
    exitOf(child);

    EffectiveUser user = EffectiveUser.current();

    assertThat(child.output()).isEqualTo(user.uid() + "\n");
    assertThat(user.isRoot()).isEqualTo(user.uid() == 0);
  }
}
