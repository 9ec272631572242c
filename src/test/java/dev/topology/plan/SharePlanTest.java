package dev.topology.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.topology.language.load.TopologyLoader;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.model.Architecture;
import dev.topology.model.SharedDirectory;
import dev.topology.model.Topology;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.Virtiofsd.Dialect;
import dev.topology.plan.Virtiofsd.Isolation;
import dev.topology.plan.guest.ShareFileSystem;
import dev.topology.source.SourceText;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharePlanTest {

  private static final Path PROGRAM = Path.of("/usr/lib/qemu/virtiofsd");
  private static final PlanOptions OPTIONS = new PlanOptions(Path.of("/run/lab"));

  private static final SharingVerdict NONE =
      new SharingVerdict(Optional.empty(), "there is no virtiofsd");

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

    assertThat(share.server().orElseThrow().command())
        .startsWith("/usr/lib/qemu/virtiofsd")
        .contains("--sandbox=none");
    assertThat(share.warning().orElseThrow()).contains("nothing but its own code", "(why)");
  }

  @Test
  void neverSharesReadOnlyWhatItCannotProtect() throws Exception {
    Virtiofsd program = new Virtiofsd(PROGRAM, Dialect.RUST, Isolation.NONE, false, false);
    SharingVerdict sharing = new SharingVerdict(Optional.of(program), "no name spaces");
    Topology topology = shares("/src: .");

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(topology, host(sharing, ShareFileSystem.VIRTIOFS), OPTIONS))
        .withMessageContaining("has no --readonly for ")
        .withMessageContaining("no name spaces");
    assertThat(fileSystem(topology, Lab.hostWith(sharing))).isEqualTo(ShareFileSystem.NINE_P);
    assertThat(fileSystem(shares("/out: {host: ., write: true}"), Lab.hostWith(sharing)))
        .isEqualTo(ShareFileSystem.VIRTIOFS);
  }

  @Test
  void saysWhyNothingCanBeShared() {
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(
            () -> Planner.plan(shares("/src: ."), host(NONE, ShareFileSystem.VIRTIOFS), OPTIONS))
        .withMessage(
            "node \"a\" shares directories, which cannot be done here. By virtiofs: there is no"
                + " virtiofsd. By 9p: the kernel of the guest image \"default\" does not have 9p."
                + " Install virtiofsd (`topology doctor` says how), or build the image with a kernel"
                + " that has 9p: `topology image build default --kernel generic`.");
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> Planner.plan(shares("/src: ."), host(Lab.SHARING), OPTIONS))
        .withMessageContaining(
            "By virtiofs: the kernel of the guest image \"default\" does not have");
  }

  @Test
  void qemuServesOver9pWhereThereIsNoVirtiofsd() throws Exception {
    Topology topology = shares("'/src': 'a,b', /out: {host: out, write: true}");

    NodePlan node =
        Planner.plan(topology, host(NONE, ShareFileSystem.NINE_P), OPTIONS).nodes().get(0);

    assertThat(node.greeting())
        .containsSequence("share 9p share0 ro /src", "share 9p share1 rw /out");
    String source = topology.nodes().get(0).shares().get(0).hostPath().toString();
    assertThat(node.arguments())
        .containsSequence(
            "-fsdev",
            "local,id=share0,path=%s,security_model=none,multidevs=remap,readonly=on"
                .formatted(source.replace(",", ",,")),
            "-device",
            "virtio-9p-device,fsdev=share0,mount_tag=share0")
        .noneMatch(it -> it.contains("memfd") || it.contains("legacy"));
    assertThat(node.sockets().shares()).isEmpty();
    NodePlan.Confinement confinement = node.confinement().orElseThrow();
    assertThat(confinement.reads()).contains(Path.of(source));
    assertThat(confinement.owns())
        .containsExactly(topology.nodes().get(0).shares().get(1).hostPath());
  }

  @Test
  void sharesNothingWritableOver9pByAQemuThatIsNotConfined() throws Exception {
    HostFacts facts = host(NONE, ShareFileSystem.NINE_P);

    assertThat(fileSystem(topology("{shares: {/src: .}, qemu_args: [-S]}"), facts))
        .isEqualTo(ShareFileSystem.NINE_P);
    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(
            () ->
                Planner.plan(
                    topology("{shares: {/out: {host: ., write: true}}, qemu_args: [-S]}"),
                    facts,
                    OPTIONS))
        .withMessageContaining("kept to its own files: the node has qemu_args")
        .withMessageEndingWith("Install virtiofsd (`topology doctor` says how).");
  }

  @Test
  void sharesMemoryAndTheDirectoryBeforeThoseInIt() throws Exception {
    HostFacts facts = Lab.hostWith(Lab.SHARING);
    Topology topology = shares("/src/out: {host: out, write: true}, /src: .");

    NodePlan node = Planner.plan(topology, facts, OPTIONS).nodes().get(0);

    assertThat(node.greeting())
        .containsSequence("share virtiofs share0 ro /src", "share virtiofs share1 rw /src/out");
    assertThat(node.arguments())
        .containsSequence("-object", "memory-backend-memfd,id=microvm.ram,size=256M,share=on")
        .containsSequence("-global", "virtio-mmio.force-legacy=off")
        .containsSequence("-chardev", "socket,id=share1,fd=10")
        .containsSequence("-device", "vhost-user-fs-device,chardev=share1,tag=share1");
    assertThat(Planner.plan(shares(""), facts, OPTIONS).nodes().get(0).arguments())
        .noneMatch(it -> it.contains("memfd") || it.contains("legacy"));
  }

  private static ShareFileSystem fileSystem(Topology topology, HostFacts facts) throws Exception {
    return Planner.plan(topology, facts, OPTIONS).nodes().get(0).shares().get(0).fileSystem();
  }

  /** A host whose image has a kernel with these. */
  private static HostFacts host(SharingVerdict sharing, ShareFileSystem... ofKernel) {
    BootableImage image = Lab.guests().images().values().iterator().next();
    BootableImage with =
        new BootableImage(
            image.name(),
            image.kernel(),
            image.initramfs(),
            image.modules(),
            image.cmdline(),
            image.speaksControl(),
            image.hasAgent(),
            Set.of(ofKernel));
    Map<Architecture, GuestFacts> guests =
        Map.of(Architecture.AMD64, Lab.guests(Lab.guests().qemu(), Map.of(image.name(), with)));
    return new HostFacts(guests, sharing, Map.of(), Set.of(), Map.of());
  }

  private static Topology shares(String shares) {
    return topology("{shares: {" + shares + "}}");
  }

  private static Topology topology(String node) {
    String yaml = "name: lab\nnodes: {a: " + node + "}\n";
    LoadRequest request = LoadRequest.ofText(new SourceText("lab.yaml", yaml), Map.of());
    return new TopologyLoader().load(request).orElseThrow();
  }
}
