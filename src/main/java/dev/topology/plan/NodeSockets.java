package dev.topology.plan;

import dev.topology.model.Node;
import dev.topology.plan.LaunchPlan.SocketPlan;
import dev.topology.plan.LaunchPlan.SocketPlan.End;
import dev.topology.plan.LaunchPlan.SocketPlan.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The socketpairs between one node's QEMU and this program.
 *
 * <p>QEMU inherits its ends under numbers from 3 on, in this order: QMP, console, control, shell,
 * agent, the node's channels, its kernel log if that is kept apart, what its kernel says before it
 * has a console. The node's ends of cables follow, in the order of the topology's cables.
 *
 * @param channels one for each of the node's channels, by its name, in the order of the file
 * @param kernelLog where the kernel log is kept apart from the console
 * @param boot what the kernel says before it has a console
 */
public record NodeSockets(
    HostSocket qmp,
    HostSocket console,
    HostSocket control,
    HostSocket shell,
    HostSocket agent,
    Map<String, HostSocket> channels,
    Optional<HostSocket> kernelLog,
    HostSocket boot) {

  /** The first descriptor after standard input, output and error. */
  private static final int FIRST_NUMBER = 3;

  public NodeSockets {
    channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
  }

  /**
   * A socketpair between a QEMU and this program.
   *
   * @param name unique in the plan: {@code left.console}
   * @param purpose what runs over it
   * @param number of the descriptor under which QEMU inherits its end
   */
  public record HostSocket(String name, Purpose purpose, int number) {}

  static NodeSockets of(Node node, boolean kernelLogApart) {
    Numbering next = new Numbering(node.name());
    HostSocket qmp = next.socket("qmp", Purpose.QMP);
    HostSocket console = next.socket("console", Purpose.CONSOLE);
    HostSocket control = next.socket("control", Purpose.CONTROL);
    HostSocket shell = next.socket("shell", Purpose.SHELL);
    HostSocket agent = next.socket("agent", Purpose.AGENT);
    Map<String, HostSocket> channels = new LinkedHashMap<>();
    node.channels()
        .forEach(name -> channels.put(name, next.socket("channel." + name, Purpose.CHANNEL)));
    Optional<HostSocket> kernelLog =
        kernelLogApart ? Optional.of(next.socket("kernel", Purpose.KERNEL_LOG)) : Optional.empty();
    HostSocket boot = next.socket("boot", Purpose.BOOT);
    return new NodeSockets(qmp, console, control, shell, agent, channels, kernelLog, boot);
  }

  /** Gives out the numbers under which one QEMU inherits its descriptors. */
  private static final class Numbering {

    private final String node;
    private int next = FIRST_NUMBER;

    Numbering(String node) {
      this.node = node;
    }

    HostSocket socket(String id, Purpose purpose) {
      return new HostSocket(node + "." + id, purpose, next++);
    }
  }

  /** The number of the node's first end of a cable; the others follow. */
  int firstCableNumber() {
    return boot.number() + 1;
  }

  /** All of them, in the order of their numbers. */
  public List<HostSocket> all() {
    List<HostSocket> all = new ArrayList<>(List.of(qmp, console, control, shell, agent));
    all.addAll(channels.values());
    kernelLog.ifPresent(all::add);
    all.add(boot);
    return all;
  }

  /** All of them as a plan lists them. */
  List<SocketPlan> listed(String node) {
    return all().stream()
        .map(
            socket ->
                new SocketPlan(
                    socket.name(),
                    socket.purpose(),
                    List.of(new End.Child(node, socket.number()), new End.Host())))
        .toList();
  }
}
