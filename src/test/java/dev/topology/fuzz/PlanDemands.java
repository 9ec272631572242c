package dev.topology.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.plan.FirmwarePlan;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.NodePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What must hold of the plan of any topology that was accepted. */
final class PlanDemands {

  private static final Set<String> WITHOUT_VALUE =
      Set.of("-nodefaults", "-no-user-config", "-nographic", "-no-reboot", "-S");

  private PlanDemands() {}

  static void check(LaunchPlan plan) {
    assertThat(plan.sockets()).extracting(SocketPlan::name).doesNotHaveDuplicates();
    assertThat(plan.nodes()).hasSameSizeAs(plan.topology().nodes());
    for (NodePlan node : plan.nodes()) {
      check(node, plan);
    }
  }

  private static void check(NodePlan node, LaunchPlan plan) {
    List<List<String>> options = options(ours(node));
    List<String> fds = values(options, "fd");
    IntStream sockets =
        plan.sockets()
            .flatMap(it -> it.ends().stream())
            .filter(End.Child.class::isInstance)
            .map(End.Child.class::cast)
            .filter(it -> it.node().equals(node.name()))
            .mapToInt(End.Child::number);
    IntStream files =
        Stream.of(
                node.disks().stream().flatMapToInt(it -> it.descriptor().stream()),
                node.identityDisk().stream(),
                node.firmware().stream().mapToInt(FirmwarePlan::descriptor))
            .flatMapToInt(it -> it);
    List<Integer> handedOver = IntStream.concat(sockets, files).boxed().toList();
    assertThat(handedOver)
        .as("descriptors of %s, without a gap", node.name())
        .containsExactlyElementsOf(IntStream.range(3, 3 + handedOver.size()).boxed().toList());
    // A PC's firmware and kernel say everything on its console.
    int boot = node.sockets().boot().number();
    boolean isPc = node.identityDisk().isPresent();
    assertThat(fds)
        .containsExactlyInAnyOrderElementsOf(
            handedOver.stream().filter(it -> !isPc || it != boot).map(String::valueOf).toList());
    assertThat(values(options, "id")).doesNotHaveDuplicates();
    assertThat(values(of(options, "-netdev"), "id"))
        .containsExactlyElementsOf(values(of(options, "-device"), "netdev"));
    assertThat(values(of(options, "-chardev"), "id"))
        .containsExactlyInAnyOrderElementsOf(characterDevicesInUse(options));
    assertThat(values(of(options, "-device"), "mac")).doesNotHaveDuplicates();
  }

  /** The arguments but those that the user has added. */
  private static List<String> ours(NodePlan node) {
    List<String> all = node.arguments();
    int own = all.size() - node.node().qemuArgs().size();
    assertThat(all.subList(own, all.size())).isEqualTo(node.node().qemuArgs());
    assertThat(all).noneMatch(it -> it.contains("\0"));
    return all.subList(0, own);
  }

  /** Each option with its properties. */
  private static List<List<String>> options(List<String> arguments) {
    List<List<String>> options = new ArrayList<>();
    for (int at = 0; at < arguments.size(); at++) {
      String option = arguments.get(at);
      assertThat(option).startsWith("-");
      if (WITHOUT_VALUE.contains(option)) {
        options.add(List.of(option));
      } else {
        String value = arguments.get(++at);
        assertThat(value).as(option).isNotEmpty();
        boolean isText = Set.of("-append", "-kernel", "-initrd").contains(option);
        Stream<String> parts =
            isText ? Stream.of(value) : Stream.of(value.replace(",,", "\u0001").split(",", -1));
        options.add(Stream.concat(Stream.of(option), parts).toList());
      }
    }
    return options;
  }

  /** A serial port names its own as {@code -serial chardev:ID}. */
  private static List<String> characterDevicesInUse(List<List<String>> options) {
    return Stream.concat(
            values(of(options, "-device", "-mon"), "chardev").stream(),
            of(options, "-serial").stream().map(it -> it.get(1).replaceFirst("^chardev:", "")))
        .toList();
  }

  private static List<List<String>> of(List<List<String>> options, String... names) {
    return options.stream().filter(it -> List.of(names).contains(it.get(0))).toList();
  }

  private static List<String> values(List<List<String>> options, String property) {
    return options.stream()
        .filter(it -> !it.get(0).equals("-append"))
        .flatMap(List::stream)
        .filter(it -> it.startsWith(property + "="))
        .map(it -> it.substring(property.length() + 1))
        .toList();
  }
}
