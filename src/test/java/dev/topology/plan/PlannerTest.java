package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.topology.model.Accelerator;
import dev.topology.model.Node.BootSource;
import dev.topology.model.Topology;
import dev.topology.plan.SocketPlan.End;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlannerTest {

  @Test
  void givesBothEndsOfACableToTheTwoNodes() throws PlanException {
    LaunchPlan plan = Planner.plan(Lab.pair(), Lab.host(), Lab.OPTIONS);

    assertThat(plan.sockets())
        .last()
        .satisfies(
            cable -> {
              assertThat(cable.name()).isEqualTo("left:eth1--right:eth1");
              assertThat(cable.ends())
                  .containsExactly(new End.Child("left", 8), new End.Child("right", 8));
            });
  }

  @Test
  void handsEveryDescriptorOverUnderTheNumberThatItsOptionNames() throws PlanException {
    LaunchPlan plan = Planner.plan(Lab.line(5), Lab.host(), Lab.OPTIONS);

    for (NodePlan node : plan.nodes()) {
      List<String> inOptions =
          node.arguments().stream()
              .flatMap(argument -> List.of(argument.split(",")).stream())
              .filter(property -> property.startsWith("fd="))
              .toList();
      List<String> inSockets =
          plan.sockets().stream()
              .flatMap(socket -> socket.ends().stream())
              .filter(End.Child.class::isInstance)
              .map(End.Child.class::cast)
              .filter(end -> end.node().equals(node.name()))
              .map(end -> "fd=" + end.number())
              .toList();
      assertThat(inOptions).doesNotHaveDuplicates().containsExactlyElementsOf(inSockets);
    }
  }

  @Test
  void refusesKvmThatWasNotProven() {
    Topology topology =
        new Lab().node(new Lab.Draft("a").accelerator(Accelerator.KVM)).topology("one");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, Lab.host(), Lab.OPTIONS))
        .withMessage(
            "node \"a\" asks for `accel: kvm`, but no guest was proven to run on KVM here:"
                + " there is no /dev/kvm. Say `accel: auto` to fall back to emulation; `topology"
                + " doctor` tells more.");
  }

  @Test
  void refusesAnImageThatIsNotThere() {
    BootSource boot = new BootSource(Optional.of("router"), Optional.empty(), Optional.empty(), "");
    Topology topology = new Lab().node(new Lab.Draft("a").boot(boot)).topology("one");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, Lab.host(), Lab.OPTIONS))
        .withMessageStartingWith("node \"a\" boots the guest image \"router\", which this host");
  }
}
