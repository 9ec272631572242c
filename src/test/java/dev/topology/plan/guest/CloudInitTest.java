package dev.topology.plan.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Topology;
import dev.topology.source.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What cloud-init makes of it, a guest shows: see FirmwareTest. */
class CloudInitTest {

  private static final String YAML =
      """
      name: lab
      nodes:
        a:
          boot: firmware
          disks: [a.qcow2]
          routes: {10.9.0.0/16: 10.1.0.2, default: "fd00::2"}
          sysctls: {net.ipv4.tcp_syncookies: 0}
          forward: true
        b: {}
      cables:
        - ends: [{node: a, address: [10.1.0.1/24, "fd00::1/64"]}, {node: b, address: [10.1.0.2/24, "fd00::2/64"]}]
        - ends: [{node: a, interface: lan7, address: dhcp}, b]
      """;

  @Test
  void saysWhatTheFileSays() {
    Map<String, byte[]> files = files(YAML, List.of("ssh-ed25519 AAAA \"me\""), "");

    assertThat(text(files, "network-config"))
        .contains(
            "\"eth0\":{\"match\":{\"macaddress\":\"02:72:82:bf:c3:56\"},\"set-name\":\"eth0\",\"dhcp4\":true}")
        .contains("\"addresses\":[\"10.1.0.1/24\",\"fd00::1/64\"]")
        .contains(
            "{\"to\":\"10.9.0.0/16\",\"via\":\"10.1.0.2\"},{\"to\":\"::/0\",\"via\":\"fd00::2\"}")
        .contains("\"set-name\":\"lan7\",\"dhcp4\":true");
    assertThat(text(files, "vendor-data"))
        .startsWith("#cloud-config\n{")
        .contains("\"content\":\"10.1.0.2 b\\nfd00::2 b\\n\"")
        .contains("[\"sysctl\",\"-w\",\"net/ipv4/tcp_syncookies=0\"]")
        .contains("net/ipv6/conf/all/forwarding=1");
    assertThat(text(files, "meta-data"))
        .contains("\"local-hostname\":\"a\"", "\"public-keys\":[\"ssh-ed25519 AAAA \\\"me\\\"\"]");
    assertThat(text(files, "user-data")).isEqualTo("#cloud-config\n{}\n");
  }

  /** A system does most of it once for each instance. */
  @Test
  void isAnotherInstanceOnlyIfSomethingIsSaidAnew() {
    String first = text(files(YAML, List.of(), ""), "meta-data");

    assertThat(text(files(YAML, List.of(), ""), "meta-data")).isEqualTo(first);
    assertThat(text(files(YAML, List.of(), "#cloud-config\n"), "meta-data")).isNotEqualTo(first);
    assertThat(text(files(YAML.replace("10.1.0.1/", "10.1.0.9/"), List.of(), ""), "meta-data"))
        .isNotEqualTo(first);
  }

  private static Map<String, byte[]> files(String yaml, List<String> keys, String userData) {
    Topology topology =
        new TopologyLoader()
            .load(LoadRequest.ofText(new SourceText("lab.yaml", yaml), Map.of()))
            .orElseThrow();
    return new Greetings(topology)
        .of(topology.node("a").orElseThrow(), List.of(), Optional.empty())
        .cloudInit()
        .files(keys, userData);
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }
}
