package dev.topology.run.node;

import dev.topology.console.GuestText;
import dev.topology.model.Protocol;
import dev.topology.plan.NodePlan;
import dev.topology.posix.ExitStatus;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says why a QEMU ended before its guest ran, better than QEMU does where that can be.
 *
 * <p>The messages are those of QEMU 7.2; one that is not known is passed on as it is.
 */
public final class StartFailure {

  /** net/slirp.c says the rule, and not what is wrong with it. */
  private static final Pattern FORWARD =
      Pattern.compile("Could not set up host forwarding rule '(tcp|udp):([^:]*):(\\d+)-[^']*'");

  /** softmmu/physmem.c, when the host's memory does not suffice. */
  private static final Pattern MEMORY = Pattern.compile("cannot set up guest memory");

  /** hw/core/qdev.c, when the 24 slots of the machine are used up. */
  private static final Pattern SLOTS = Pattern.compile("No 'virtio-bus' bus found for device");

  /** hw/i386/x86.c: it has to be in the memory below 4 GiB, beside the kernel. */
  private static final Pattern INITRD = Pattern.compile("initrd is too large");

  private StartFailure() {}

  public static FailureCause.CouldNotStart explain(
      NodePlan node, ExitStatus status, GuestText stderr) {
    String said = stderr.toString();
    Matcher forward = FORWARD.matcher(said);
    if (forward.find()) {
      Protocol protocol = forward.group(1).equals("udp") ? Protocol.UDP : Protocol.TCP;
      return portNotToBeHad(protocol, forward.group(2), Integer.parseInt(forward.group(3)));
    }
    if (MEMORY.matcher(said).find()) {
      return cause(
          "the host has no " + node.node().memory() + " of memory left for it",
          "give it less (memory:), run fewer nodes, or stop something else");
    }
    if (INITRD.matcher(said).find()) {
      return cause(
          "its initramfs, in which its files are, is larger than its "
              + node.node().memory()
              + " of memory",
          "give it three times as much memory as its files take (memory:)");
    }
    if (SLOTS.matcher(said).find()) {
      return cause(
          "it has more devices than its machine has places for",
          "see whether qemu_args adds devices, or plug in fewer cables");
    }
    String reason = said.isBlank() ? "QEMU ended with " + status.description() : said;
    return new FailureCause.CouldNotStart(reason, Optional.empty(), false);
  }

  /** A port that this program or QEMU cannot listen at, with its holder where that can be seen. */
  static FailureCause.CouldNotStart portNotToBeHad(Protocol protocol, String address, int port) {
    String where = "host port " + port + "/" + protocol + " on " + address;
    return PortHolder.find(protocol, port)
        .map(holder -> where + " is taken by " + holder)
        .map(reason -> cause(reason, "choose another port, or let a free one be chosen: \"auto\""))
        .orElseGet(
            () ->
                cause(
                    where + " cannot be bound: it is taken, reserved, or not an address of ours",
                    "choose another port, or let a free one be chosen: \"auto\""));
  }

  private static FailureCause.CouldNotStart cause(String reason, String remedy) {
    return new FailureCause.CouldNotStart(reason, Optional.of(remedy), false);
  }
}
