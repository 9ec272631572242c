package dev.topology.run.cable;

import dev.topology.model.CableEnd.Outside;
import dev.topology.posix.Datagrams;
import dev.topology.posix.Descriptor;
import dev.topology.posix.Reasons;
import dev.topology.posix.SystemCallException;
import dev.topology.posix.TapDevice;
import dev.topology.posix.UdpSocket;
import dev.topology.run.node.RunException.LaunchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * What a cable leads to outside the topology, opened. No QEMU gets it: a guest that has taken over
 * its QEMU still reaches nothing but the other end of that tap, or that one peer.
 */
final class WayOut implements AutoCloseable {

  private final Outside outside;
  private final Optional<InetSocketAddress> peer;
  private final Descriptor descriptor;

  private WayOut(Outside outside, Optional<InetSocketAddress> peer, Descriptor descriptor) {
    this.outside = outside;
    this.peer = peer;
    this.descriptor = descriptor;
  }

  /**
   * Opens it. Blocks while the name of a peer is looked up.
   *
   * @param cable its name
   * @param leaving ways out that are about to be closed: one of them may have the tap, or the port,
   *     until then
   * @throws LaunchException if this host refuses; the message says why, and what to do
   */
  static WayOut open(String cable, Outside outside, List<WayOut> leaving) {
    return outside instanceof Outside.Udp udp
        ? open(cable, udp, leaving)
        : open(cable, (Outside.Tap) outside, leaving);
  }

  private static WayOut open(String cable, Outside.Tap tap, List<WayOut> leaving) {
    try {
      return new WayOut(tap, Optional.empty(), descriptor(tap, leaving));
    } catch (TapDevice.RefusedException e) {
      throw failure(cable, tap, Reasons.of(e), e.remedy(), e);
    } catch (IOException e) {
      throw failure(cable, tap, Reasons.of(e), Reasons.remedy(e, "use another tap"), e);
    }
  }

  private static Descriptor descriptor(Outside.Tap tap, List<WayOut> leaving) throws IOException {
    try {
      return TapDevice.open(tap.device());
    } catch (TapDevice.InUseException e) {
      for (WayOut former : leaving) {
        if (former.outside.equals(tap)) {
          return former.descriptor.duplicate();
        }
      }
      throw e;
    }
  }

  private static WayOut open(String cable, Outside.Udp udp, List<WayOut> leaving) {
    try {
      InetAddress address = InetAddress.getByName(udp.peer().host());
      InetSocketAddress peer = new InetSocketAddress(address, udp.peer().port());
      return new WayOut(udp, Optional.of(peer), descriptor(udp, peer, leaving));
    } catch (UnknownHostException e) {
      throw failure(
          cable,
          udp,
          "there is no host of that name",
          "write its address, or see /etc/hosts for its name",
          e);
    } catch (UdpSocket.LoopException e) {
      throw failure(
          cable,
          udp,
          "it would lead to itself, as that is where this cable listens",
          "let one of the two listen at another port, such as \"listen: 5002\"",
          e);
    } catch (IOException e) {
      throw failure(
          cable,
          udp,
          isTaken(e) ? "UDP port " + udp.listen() + " of this host is taken" : Reasons.of(e),
          Reasons.remedy(
              e,
              isTaken(e)
                  ? "choose another with \"listen\", and tell the other side"
                  : "see whether this host reaches it: ip route get " + udp.peer().host()),
          e);
    }
  }

  private static boolean isTaken(IOException e) {
    return e instanceof SystemCallException call && call.symbol().equals("EADDRINUSE");
  }

  private static Descriptor descriptor(
      Outside.Udp udp, InetSocketAddress peer, List<WayOut> leaving) throws IOException {
    try {
      return UdpSocket.connect(peer, udp.listen());
    } catch (IOException e) {
      for (WayOut former : leaving) {
        if (isTaken(e) && former.outside instanceof Outside.Udp of && of.listen() == udp.listen()) {
          return former.peer.equals(Optional.of(peer))
              ? former.descriptor.duplicate()
              : UdpSocket.connectBeside(former.descriptor, peer, udp.listen());
        }
      }
      throw e;
    }
  }

  private static LaunchException failure(
      String cable, Outside outside, String why, String remedy, IOException cause) {
    return new LaunchException(
        "cannot lead cable \"" + cable + "\" to " + outside.words() + ": " + why, remedy, cause);
  }

  /** Where frames go and come from: for {@link Datagrams}. */
  Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
