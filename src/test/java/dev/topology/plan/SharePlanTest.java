package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.SharedDirectory;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.Virtiofsd.Dialect;
import dev.topology.plan.Virtiofsd.Isolation;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharePlanTest {

  private static final Path PROGRAM = Path.of("/usr/lib/qemu/virtiofsd");
  private static final PlanOptions OPTIONS = new PlanOptions(Path.of("/run/lab"));

  private static final SharedDirectory READ_ONLY =
      new SharedDirectory("/src", Path.of("/home/ada/a,b\\c"), false);

  private static final SharedDirectory WRITABLE =
      new SharedDirectory("/out", Path.of("/home/ada/out"), true);

  @Test
  void theOneInCIsMountedReadOnlyInNameSpacesOfItsOwn() {
    Virtiofsd program = new Virtiofsd(PROGRAM, Dialect.C, Isolation.OWN_USERS, false, false);

    assertThat(program.command(READ_ONLY, Optional.empty()))
        .startsWith("/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c")
        .containsSequence("/home/ada/a,b\\c", "/usr/lib/qemu/virtiofsd", "--fd=3")
        .endsWith(
            "-o",
            "source=/home/ada/a\\,b\\\\c/.",
            "-o",
            "sandbox=namespace",
            "-o",
            "log_level=warn");
    assertThat(program.command(WRITABLE, Optional.empty())).doesNotContain("/bin/sh");
  }

  @Test
  void theOneInRustIsReadOnlyByItself() {
    Virtiofsd program = new Virtiofsd(PROGRAM, Dialect.RUST, Isolation.OWN_USERS, true, true);

    assertThat(program.command(READ_ONLY, Optional.empty()))
        .containsSequence("--map-root-user", "--mount", "/usr/lib/qemu/virtiofsd")
        .contains("--shared-dir=/home/ada/a,b\\c", "--sandbox=namespace", "--readonly");
    assertThat(program.command(WRITABLE, Optional.empty()))
        .doesNotContain("--readonly")
        .contains("--translate-uid=squash-guest:0:0:4294967295");
  }

  @Test
  void sandboxIsLeftOutOnlyWhereThereIsNoNameSpaceAndSaysSo() throws Exception {
    Virtiofsd program = new Virtiofsd(PROGRAM, Dialect.RUST, Isolation.NONE, true, true);
    HostFacts facts =
        Lab.hostWith(new SharingVerdict(Optional.of(program), "it cannot have name spaces (why)"));

    SharePlan share =
        Planner.plan(shares("/src: ."), facts, OPTIONS).nodes().get(0).shares().get(0);

    assertThat(share.command()).startsWith("/usr/lib/qemu/virtiofsd").contains("--sandbox=none");
    assertThat(share.warning().orElseThrow()).contains("nothing but its own code", "(why)");
  }

  @Test
  void neverSharesReadOnlyWhatItCannotProtect() {
    Virtiofsd program = new Virtiofsd(PROGRAM, Dialect.RUST, Isolation.NONE, false, false);
    HostFacts facts = Lab.hostWith(new SharingVerdict(Optional.of(program), "no name spaces"));

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(shares("/src: ."), facts, OPTIONS))
        .withMessageContaining("read-only, which this host cannot enforce")
        .withMessageContaining("no name spaces");
  }

  @Test
  void saysWhyNothingCanBeShared() {
    HostFacts facts = Lab.hostWith(new SharingVerdict(Optional.empty(), "there is no virtiofsd"));

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(shares("/src: ."), facts, OPTIONS))
        .withMessageContaining("node \"a\" shares directories")
        .withMessageContaining("there is no virtiofsd");
  }

  @Test
  void sharesMemoryAndTheDirectoryBeforeThoseInIt() throws Exception {
    HostFacts facts = Lab.hostWith(Lab.SHARING);
    Topology topology = shares("/src/out: {host: out, write: true}, /src: .");

    NodePlan node = Planner.plan(topology, facts, OPTIONS).nodes().get(0);

    assertThat(node.greeting())
        .containsSequence("share share0 ro /src", "share share1 rw /src/out");
    assertThat(node.arguments())
        .containsSequence("-object", "memory-backend-memfd,id=ram,size=256M,share=on")
        .containsSequence("-global", "virtio-mmio.force-legacy=off")
        .containsSequence("-chardev", "socket,id=share1,fd=10")
        .containsSequence("-device", "vhost-user-fs-device,chardev=share1,tag=share1");
    assertThat(Planner.plan(shares(""), facts, OPTIONS).nodes().get(0).arguments())
        .noneMatch(it -> it.contains("memfd") || it.contains("legacy"));
  }

  private static Topology shares(String shares) {
    String yaml = "name: lab\nnodes: {a: {shares: {" + shares + "}}}\n";
    LoadRequest request = LoadRequest.ofText(new SourceText("lab.yaml", yaml), Map.of());
    return new TopologyLoader().load(request).orElseThrow();
  }
}
