package dev.topology.run.cable;

import dev.topology.model.CableEnd.Outside;
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

/**
 * Opens what a cable leads to outside the topology. No QEMU gets it: a guest that has taken over
 * its QEMU still reaches nothing but the other end of that tap, or that one peer.
 */
final class WayOut {

  private final String cable;
  private final Outside outside;

  private WayOut(String cable, Outside outside) {
    this.cable = cable;
    this.outside = outside;
  }

  /**
   * Opens it. Blocks while the name of a peer is looked up.
   *
   * @param cable its name
   * @throws LaunchException if this host refuses; the message says why, and what to do
   */
  static Descriptor open(String cable, Outside outside) {
    return new WayOut(cable, outside).open();
  }

  private Descriptor open() {
    if (outside instanceof Outside.Udp udp) {
      return connect(udp);
    }
    try {
      return TapDevice.open(((Outside.Tap) outside).device());
    } catch (TapDevice.RefusedException e) {
      throw failure(Reasons.of(e), e.remedy(), e);
    } catch (IOException e) {
      throw failure(Reasons.of(e), Reasons.remedy(e, "use another tap"), e);
    }
  }

  private Descriptor connect(Outside.Udp udp) {
    try {
      InetAddress address = InetAddress.getByName(udp.peer().host());
      return UdpSocket.connect(new InetSocketAddress(address, udp.peer().port()), udp.listen());
    } catch (UnknownHostException e) {
      throw failure(
          "there is no host of that name", "write its address, or see /etc/hosts for its name", e);
    } catch (UdpSocket.LoopException e) {
      throw failure(
          "it would lead to itself, as that is where this cable listens",
          "let one of the two listen at another port, such as \"listen: 5002\"",
          e);
    } catch (IOException e) {
      boolean isTaken = e instanceof SystemCallException call && call.symbol().equals("EADDRINUSE");
      throw failure(
          isTaken ? "UDP port " + udp.listen() + " of this host is taken" : Reasons.of(e),
          Reasons.remedy(
              e,
              isTaken
                  ? "choose another with \"listen\", and tell the other side"
                  : "see whether this host reaches it: ip route get " + udp.peer().host()),
          e);
    }
  }

  private LaunchException failure(String why, String remedy, IOException cause) {
    return new LaunchException(
        "cannot lead cable \"" + cable + "\" to " + outside.words() + ": " + why, remedy, cause);
  }
}
