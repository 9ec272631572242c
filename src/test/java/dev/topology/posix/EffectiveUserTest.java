package dev.topology.posix;

import static dev.topology.posix.Processes.exitOf;
import static dev.topology.posix.Processes.shell;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EffectiveUserTest {

  @Test
  void knowsTheUser() throws Exception {
    ChildProcess child = shell("id -u").start();
    exitOf(child);

    EffectiveUser user = EffectiveUser.current();

    assertThat(child.output()).isEqualTo(user.uid() + "\n");
  }
}
