package dev.topology.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.model.PortForward.Protocol;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class HostPortsTest {

  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  @Test
  void seesWhoListens() throws Exception {
    try (ServerSocket tcp = new ServerSocket(0, 1, HERE);
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(HERE, 0))) {
      assertThat(HostPorts.used().get(Protocol.TCP))
          .contains(new InetSocketAddress(HERE, tcp.getLocalPort()));
      assertThat(HostPorts.used().get(Protocol.UDP))
          .contains(new InetSocketAddress(HERE, udp.getLocalPort()));
    }
  }
}
