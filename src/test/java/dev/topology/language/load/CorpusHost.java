package dev.topology.language.load;

import dev.topology.disk.DiskFile;
import dev.topology.disk.DiskFileException;
import dev.topology.language.load.HostFiles.State;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.language.yaml.SourceFile;
import dev.topology.model.Architecture;
import dev.topology.model.Disk;
import dev.topology.model.Memory;
import dev.topology.model.PortForward.Protocol;
import dev.topology.source.Diagnostic;
import dev.topology.source.SourceText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The made-up host that the files of the corpus refer to: its files are what their names say. */
final class CorpusHost {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOME", "/home/ada", "CPUS", "4", "EMPTY", "", "NAME", "right");

  private static final HostLimits LIMITS =
      new HostLimits(
          Architecture.AMD64,
          Optional.of(Memory.ofMebibytes(16 << 10)),
          1024,
          architecture -> Optional.of(Set.of("default", "edge")),
          (architecture, image) ->
              Optional.of(Set.of("br_netfilter", "8021q", "dummy", "ip6t_rt", "sch_fq"))
                  .filter(it -> image.equals("default")),
          image ->
              Stream.of("arm64", "s390x")
                  .filter(image.toString()::contains)
                  .map(it -> "linux/" + it)
                  .collect(Collectors.toSet()),
          true,
          () ->
              Map.of(
                  Protocol.TCP,
                      Set.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9100)),
                  Protocol.UDP, Set.of(new InetSocketAddress(9101))));

  private static final HostFiles FILES =
      new HostFiles() {
        @Override
        public State stateOf(Path path) {
          return CorpusHost.stateOf(path);
        }

        @Override
        public boolean isLink(Path path) {
          return path.getFileName().toString().startsWith("link");
        }

        @Override
        public boolean isWritable(Path path) {
          return !path.getFileName().toString().startsWith("read-only");
        }

        @Override
        public Optional<DiskFile> diskAt(Disk.Source.OfFile source) throws DiskFileException {
          return Optional.of(CorpusHost.diskAt(source));
        }

        @Override
        public long sizeOf(Path path) {
          return path.getFileName().toString().startsWith("huge") ? 80 << 20 : 4096;
        }

        @Override
        public FileContent contentOf(Path file) {
          return CorpusHost.contentOf(file.getFileName().toString());
        }
      };

  private CorpusHost() {}

  static LoadResult load(TopologyLoader loader, Path file) throws IOException {
    SourceFile read = SourceFile.decode(file.getFileName().toString(), Files.readAllBytes(file));
    Optional<Diagnostic> problem = read.problem();
    return problem.isPresent()
        ? new LoadResult.Rejected(List.of(problem.get()))
        : load(loader, read.text());
  }

  static LoadResult load(TopologyLoader loader, SourceText text) {
    return loader.load(new LoadRequest(text, Path.of("/lab"), ENVIRONMENT, FILES, LIMITS));
  }

  private static FileContent contentOf(String name) {
    return Stream.of(FileContent.values())
        .filter(it -> name.startsWith(it.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElse(FileContent.UNKNOWN);
  }

  /** One of a gibibyte, unless its name says what is wrong with it. */
  private static DiskFile diskAt(Disk.Source.OfFile source) throws DiskFileException {
    String name = source.path().getFileName().toString();
    List<String> flaws = List.of("router.vmdk", "cut.", "backing.", "odd.", "sda");
    if (flaws.stream().anyMatch(name::startsWith)) {
      throw new DiskFileException("is no disk in this corpus", "DiskFileTest has the real ones");
    }
    return new DiskFile(
        source.path(),
        source.format().orElse(Disk.Format.QCOW2),
        source.path().startsWith("/dev"),
        1 << 30,
        Optional.empty());
  }

  private static State stateOf(Path path) {
    String name = path.toString();
    if (name.contains("missing") || name.contains("hollow.d/")) {
      return State.MISSING;
    }
    if (name.contains("secret")) {
      return State.UNREADABLE;
    }
    if (name.startsWith("/dev/sd")) {
      return State.BLOCK_DEVICE;
    }
    if (name.contains("device")) {
      return State.SPECIAL;
    }
    return name.equals("/lab") || name.equals("/lab/files") || name.endsWith(".d")
        ? State.DIRECTORY
        : State.FILE;
  }
}
