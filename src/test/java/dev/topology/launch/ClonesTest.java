package dev.topology.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.topology.image.BuildListener;
import dev.topology.image.oci.LayoutMaker;
import dev.topology.image.oci.TarMaker;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher.Preparation;
import dev.topology.model.Topology;
import dev.topology.plan.LaunchPlan;
import dev.topology.plan.Planner.PlanException;
import dev.topology.plan.Planner.PlanOptions;
import dev.topology.plan.Snapshot;
import dev.topology.plan.Start;
import dev.topology.run.RunEvent.RunListener;
import dev.topology.run.RunningNode;
import dev.topology.run.RunningTopology;
import dev.topology.run.node.RunException.NodeEndedException;
import dev.topology.snapshot.SnapshotStore;
import dev.topology.testing.Busybox;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are clones of saved guests, in real QEMUs. */
class ClonesTest {

  private static final String NETWORK =
      """
      name: network
      defaults: {memory: 128MiB}
      nodes:
        left: {env: {WHO: left}, ports: {80: auto}}
        right: {env: {WHO: right}, ports: {80: auto}}
        booted: {cmdline: loglevel=4}
      cables:
        - [left, right]
      """;

  @TempDir Path directory;

  private final List<String> saved = new ArrayList<>();

  @Test
  void areNodesOfTheirOwn() throws Exception {
    Preparation prepared = prepare(NETWORK);

    // Both have a host network and one cable, and so are clones of one guest.
    assertThat(saved).containsExactly("left");
    assertThat(new SnapshotStore(directory.resolve("snapshots")).list()).hasSize(1);
    LaunchPlan plan = prepared.plan();
    assertThat(plan.nodes().get(0).start()).isInstanceOf(Start.Cloned.class);
    assertThat(plan.nodes().get(2).start()).isInstanceOf(Start.Booted.class);
    try (Launch launch = Launch.start(plan, RunListener.SILENT)) {
      RunningTopology topology = launch.topology();
      topology.ready().get(10, TimeUnit.MINUTES);
      RunningNode left = topology.node("left");
      RunningNode right = topology.node("right");

      assertThat(run(left, "hostname; echo $WHO")).isEqualTo("left\nleft");
      assertThat(run(right, "hostname; echo $WHO")).isEqualTo("right\nright");
      assertThat(run(left, "cat /sys/class/net/eth1/address"))
          .isEqualTo(macOf(prepared.topology(), 0));
      assertThat(run(right, "cat /sys/class/net/eth1/address"))
          .isEqualTo(macOf(prepared.topology(), 1));
      assertThat(run(left, "ping -c 2 right")).contains(" 0% packet loss");
      assertThat(run(left, "modprobe bridge && ls -d /sys/module/bridge"))
          .isEqualTo("/sys/module/bridge");
      Instant guests = Instant.ofEpochSecond(Long.parseLong(run(right, "date +%s")));
      assertThat(Duration.between(guests, Instant.now())).isLessThan(Duration.ofMinutes(1));
      run(right, "echo page >/tmp/index.html && httpd -p 80 -h /tmp");
      assertThat(run(left, "wget -q -O - http://right/")).isEqualTo("page");

      right.restart();
      right.awaitReady(Duration.ofMinutes(10));
      assertThat(run(left, "ping -c 2 right")).contains(" 0% packet loss");
      assertThat(run(right, "hostname; ls /tmp")).isEqualTo("right");

      // By a plan that was made for a run, nodes boot: it has other sockets than that of a clone.
      assertThat(topology.apply(prepared.planAfter(plan))).isEmpty();
      right.restart();
      right.awaitReady(Duration.ofMinutes(10));
      assertThat(run(left, "ping -c 2 right")).contains(" 0% packet loss");

      // Its cards are reset at its end, which a QEMU has to survive that was loaded.
      assertThatExceptionOfType(NodeEndedException.class)
          .isThrownBy(() -> run(left, "poweroff -f"))
          .withMessageContaining("in success");
    }
  }

  @Test
  void haveFilesOfTheirOwnAsThoseHaveThatBoot() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/closed"));
    mode(Files.writeString(tree.resolve("of root"), "secret"), "rw-------");
    mode(tree, "rwx------");
    mode(Files.createFile(tree.resolveSibling("empty")), "r--r--r--");
    Files.createSymbolicLink(tree.resolveSibling("link"), Path.of("closed/of root"));
    mode(
        Files.writeString(directory.resolve("tool"), "#!/bin/sh\necho $1 >/srv/ran\n"),
        "rwxr-xr-x");
    Path changing = Files.writeString(directory.resolve("changing"), "first");
    String yaml =
        """
        name: files
        defaults: {memory: 128MiB, host_network: false}
        nodes:
          a: {files: {/srv/tree: tree, /usr/local/bin/tool: tool, /etc/hosts: motd, /srv/changing: changing},
              exec: [tool $LANG], env: {LANG: C.UTF-8}}
          b: {files: {/usr/bin/tool: tool, /usr/share/new/deep/motd: motd}}
          kernel: {files: {/usr/lib/modules: tree}}
        """;
    Preparation cloning = prepare(yaml);
    assertThat(saved).containsExactly("a");
    assertThat(cloning.facts().snapshots()).containsOnlyKeys("a", "b");
    Preparation booting =
        new Preparation(
            cloning.topology(),
            cloning.facts().withSnapshots(Map.of()),
            new PlanOptions(directory.resolve("run/booted")),
            List.of());

    try (Launch clones = Launch.start(cloning.plan(), RunListener.SILENT);
        Launch booted = Launch.start(booting.plan(), RunListener.SILENT)) {
      clones.topology().ready().get(10, TimeUnit.MINUTES);
      booted.topology().ready().get(10, TimeUnit.MINUTES);
      for (String name : List.of("a", "b")) {
        assertThat(listing(clones.topology().node(name)))
            .isEqualTo(listing(booted.topology().node(name)));
      }
      RunningNode a = clones.topology().node("a");
      assertThat(run(a, "cat /srv/changing /srv/ran '/srv/tree/closed/of root'"))
          .isEqualTo("firstC.UTF-8\nsecret");

      Files.writeString(changing, "second");
      a.restart();
      a.awaitReady(Duration.ofMinutes(10));
      assertThat(run(a, "cat /srv/changing")).isEqualTo("second");

      // As if there had to be room for others: who runs goes on, and who starts boots.
      SnapshotStore store = new SnapshotStore(directory.resolve("snapshots"));
      assertThat(store.clear()).isEqualTo(1);
      RunningNode b = clones.topology().node("b");
      assertThat(run(b, "find /usr /etc -type f -exec cat {} + | wc -c")).isNotEqualTo("0");
      a.restart();
      a.awaitReady(Duration.ofMinutes(10));
      assertThat(run(a, "cat /srv/changing")).isEqualTo("second");
    }
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String listing(RunningNode node) throws InterruptedException {
    return run(
        node,
        "find /etc /srv /usr/local /usr/share /usr/bin -type f ! -path '/etc/topology/*' -exec stat -c '%A %u %g %s %n' {} +;"
            + " find /srv /usr/local /usr/share/new -exec stat -c '%A %u %g %n' {} +;"
            + " stat -c '%N' /srv/tree/link; stat -c %Y /srv/changing; cat /etc/hosts");
  }

  /** Its files are no part of what the guest around it boots. */
  @Test
  void thatAreContainersHaveFilesAtAnyPath() throws Exception {
    TarMaker root =
        new TarMaker()
            .owned(0, 0, 0755)
            .directory("bin")
            .file("bin/busybox", Busybox.bytes())
            .link("bin/sh", "busybox")
            .link("bin/cat", "busybox")
            .link("bin/sleep", "busybox");
    new LayoutMaker(directory.resolve("layout"))
        .layer(root.bytes())
        .image("v1", Map.of("Cmd", List.of("/bin/sh", "-c", "cat /init; sleep 1000")));
    Preparation prepared =
        prepare(
            """
            name: container
            nodes:
              c: {image: "oci:./layout:v1", memory: 128MiB, host_network: false, files: {/init: motd}}
            """);

    assertThat(saved).containsExactly("c");
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      launch.topology().node("c").console().expect("hello", Duration.ofMinutes(10));
    }
  }

  @Test
  void failAsOthersDoWhereTheirFilesDoNotFit() throws Exception {
    try (RandomAccessFile large = new RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
      large.setLength(90_000_000);
    }
    Preparation prepared =
        prepare(
            "{name: full, nodes: {a: {memory: 128MiB, host_network: false, files: {/srv/large: large}}}}");

    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      assertThat(launch.topology().awaitOutcome(Duration.ofMinutes(10)).toString())
          .contains("its files need more than its memory; give it more (memory:)");
    }
  }

  /**
   * What was saved is the same in all of them: only what they are told may make them differ. The
   * key is made by the first program of the user's, as those of an SSH server are.
   */
  @Test
  void haveInCommonNothingThatIsAMachinesOwn() throws Exception {
    StringBuilder yaml =
        new StringBuilder(
            """
            name: many
            defaults:
              {memory: 128MiB, host_network: false, exec: [[sh, -c, "head -c 32 /dev/urandom | sha256sum >/key"]]}
            switches: {lan: {}}
            nodes: {n: {count: 16}}
            cables:
            """);
    for (int i = 1; i <= 16; i++) {
      yaml.append("  - [n-").append(i).append(", lan]\n");
    }
    Preparation prepared = prepare(yaml.toString());

    assertThat(saved).containsExactly("n-1");
    try (Launch launch = Launch.start(prepared.plan(), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
      List<String> own = new ArrayList<>();
      for (RunningNode node : launch.topology().nodes()) {
        List<String> lines = run(node, OWN).lines().toList();
        Instant clock = Instant.ofEpochSecond(Long.parseLong(lines.get(0)));
        assertThat(Duration.between(clock, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
        own.addAll(lines.subList(1, lines.size()));
      }
      assertThat(own).hasSize(16 * OWN_LINES).doesNotHaveDuplicates().noneMatch(String::isEmpty);
    }
  }

  /** The clock, then what is a machine's own. */
  private static final String OWN =
      """
      date +%s
      cat /key /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid
      head -c 16 /dev/urandom | hexdump -v -e '1/1 "%02x"'; echo
      mktemp -u
      hostname
      cat /sys/class/net/eth1/address
      ip -o addr show dev eth1 | sed 's/.* inet6* \\([^ ]*\\).*/\\1/'
      """;

  private static final int OWN_LINES = 9;

  @Test
  void areMadeOfAnotherGuestWhereTheSavedOneIsDamaged() throws Exception {
    String yaml = "{name: one, nodes: {a: {host_network: false, memory: 128MiB}}}";
    Snapshot first = Objects.requireNonNull(prepare(yaml).facts().snapshots().get("a"));
    assertThat(saved).hasSize(1);
    prepare(yaml);
    assertThat(saved).hasSize(1);

    Files.write(first.guest().state(), new byte[100]);

    Preparation again = prepare(yaml);
    assertThat(saved).hasSize(2);
    try (Launch launch = Launch.start(again.plan(), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
    }

    // Removed for others after it was found.
    new SnapshotStore(directory.resolve("snapshots")).clear();
    try (Launch launch = Launch.start(again.plan(), RunListener.SILENT)) {
      launch.topology().ready().get(10, TimeUnit.MINUTES);
    }
  }

  @Test
  void whatCannotBePlannedIsSaidOfTheNodeItself() throws Exception {
    assumeThat(TestHost.facts().guests().values())
        .as("a host without KVM")
        .noneMatch(guests -> guests.kvm().proven());

    assertThatExceptionOfType(PlanException.class)
        .isThrownBy(() -> prepare("{name: one, nodes: {a: {accel: kvm}}}"))
        .withMessageContaining("node \"a\"");
  }

  private static String macOf(Topology topology, int end) {
    return topology.cables().get(0).endpoints().get(end).mac().toString();
  }

  private static String run(RunningNode node, String script) throws InterruptedException {
    return node.shell().run(script).output().strip();
  }

  private Preparation prepare(String yaml) throws Exception {
    TestHost.facts();
    Files.writeString(directory.resolve("motd"), "hello");
    Path file = Files.writeString(directory.resolve("lab.yaml"), yaml);
    Topology topology = new TopologyLoader().loadOrThrow(file, Map.of());
    UserDirectories user =
        new UserDirectories(System.getenv(), directory, TestHost.cache(), directory.resolve("run"));
    Preparation prepared = new Launcher(user).prepare(topology, new BuildListener() {});
    BuildListener listener =
        new BuildListener() {
          @Override
          public void saving(String node) {
            saved.add(node);
          }
        };
    Launch.requirePrivate(user.runtime());
    return new Clones(new SnapshotStore(directory.resolve("snapshots")), user.runtime(), listener)
        .with(prepared);
  }
}
