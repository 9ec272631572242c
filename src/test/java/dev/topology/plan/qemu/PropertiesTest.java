package dev.topology.plan.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.plan.qemu.QemuOption.Properties;
import org.junit.jupiter.api.Test;

class PropertiesTest {

  @Test
  void keepsTheOrderGiven() {
    Properties properties =
        Properties.of("user").with("id", "eth0").with("ipv6", false).with("limit", 3);

    assertThat(properties).hasToString("user,id=eth0,ipv6=off,limit=3");
  }

  @Test
  void doublesCommasInValues() {
    assertThat(Properties.of("a,b").with("file", "c,d,,e")).hasToString("a,,b,file=c,,d,,,,e");
  }

  @Test
  void callsBackEndsAsGuestsCallTheirInterfaces() {
    assertThat(Netdev.idOf("eth1")).isEqualTo("eth1");
    assertThat(Netdev.idOf("br-lan.7")).isEqualTo("br-lan.7");
    assertThat(Netdev.idOf("0,a")).isEqualTo("x-302c61");
    assertThat(Netdev.idOf("x-302c61")).isNotEqualTo(Netdev.idOf("0,a"));
  }

  @Test
  void leavesCommasInPlainValuesAlone() {
    assertThat(QemuOption.plain("-append", "a=1,2").arguments())
        .containsExactly("-append", "a=1,2");
  }
}
