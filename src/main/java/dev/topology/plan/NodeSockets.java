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
import java.util.stream.Stream;

/**
 * The socketpairs between one node's QEMU and this program.
 *
 * <p>QEMU inherits its ends under numbers from 3 on, in this order: QMP, console, control, shell,
 * agent, the node's channels, its kernel log if that is kept apart, what its kernel says before it
 * has a console, the state of the guest that it is a clone of, the node's shares. The node's ends
 * of cables follow, in the order of the topology's cables. What it goes on from itself comes last.
 *
 * @param channels one for each of the node's channels, by its name, in the order of the file
 * @param kernelLog where the kernel log is kept apart from the console
 * @param boot what the kernel says before it has a console
 * @param state where the guest is a clone, or goes on from where it was, what it goes on from
 * @param shares one for each of the node's shares, in their order, unless QEMU serves them; its
 *     other end is that of the program that serves the directory
 */
public record NodeSockets(
    HostSocket qmp,
    HostSocket console,
    HostSocket control,
    HostSocket shell,
    HostSocket agent,
    Map<String, HostSocket> channels,
    Optional<HostSocket> kernelLog,
    HostSocket boot,
    Optional<HostSocket> state,
    List<HostSocket> shares) {

  /** The first descriptor after standard input, output and error. */
  private static final int FIRST_NUMBER = 3;

  public NodeSockets {
    channels = Collections.unmodifiableMap(new LinkedHashMap<>(channels));
    shares = List.copyOf(shares);
  }

  /**
   * A socketpair between a QEMU and this program.
   *
   * @param name unique in the plan: {@code left.console}
   * @param purpose what runs over it
   * @param number of the descriptor under which QEMU inherits its end
   */
  public record HostSocket(String name, Purpose purpose, int number) {}

  /**
   * Those of a node.
   *
   * @param sharesServed whether its shares are served by processes of their own
   */
  static NodeSockets of(Node node, boolean kernelLogApart, boolean isClone, boolean sharesServed) {
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
    Optional<HostSocket> state =
        isClone ? Optional.of(next.socket("state", Purpose.STATE)) : Optional.empty();
    List<HostSocket> shares = new ArrayList<>();
    if (sharesServed) {
      node.shares().forEach(it -> shares.add(next.socket("share" + shares.size(), Purpose.SHARE)));
    }
    return new NodeSockets(
        qmp, console, control, shell, agent, channels, kernelLog, boot, state, shares);
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

  /** The same with one for the state of a saved guest, whose number comes after all others. */
  NodeSockets withState(String node, int number) {
    return new NodeSockets(
        qmp,
        console,
        control,
        shell,
        agent,
        channels,
        kernelLog,
        boot,
        Optional.of(new HostSocket(node + ".state", Purpose.STATE, number)),
        shares);
  }

  /** The number of the node's first end of a cable; the others follow. */
  int firstCableNumber() {
    return state.orElse(boot).number() + 1 + shares.size();
  }

  /** Those whose other end this program holds, in the order of their numbers. */
  public List<HostSocket> toHost() {
    List<HostSocket> all = new ArrayList<>(List.of(qmp, console, control, shell, agent));
    all.addAll(channels.values());
    kernelLog.ifPresent(all::add);
    all.add(boot);
    state.ifPresent(all::add);
    return all;
  }

  /** All of them as a plan lists them. */
  List<SocketPlan> listed(String node) {
    return Stream.concat(
            toHost().stream().map(it -> listed(it, node, new End.Host())),
            shares.stream().map(it -> listed(it, node, new End.Virtiofsd())))
        .toList();
  }

  private static SocketPlan listed(HostSocket socket, String node, End other) {
    return new SocketPlan(
        socket.name(), socket.purpose(), List.of(new End.Child(node, socket.number()), other));
  }
}
