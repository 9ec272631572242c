package dev.topology.language.load;

import dev.topology.language.bind.Binder;
import dev.topology.language.load.Addressing.AddressedCable;
import dev.topology.language.load.Dependencies.DependencyCheck;
import dev.topology.language.load.HostLimits.HostLimitCheck;
import dev.topology.language.load.LoadResult.InvalidTopologyException;
import dev.topology.language.load.Patchbay.PluggedCable;
import dev.topology.language.value.HostPath;
import dev.topology.language.yaml.Interpolation;
import dev.topology.language.yaml.Report;
import dev.topology.language.yaml.SourceFile;
import dev.topology.language.yaml.SourceFile.UnfitText;
import dev.topology.language.yaml.Tree;
import dev.topology.language.yaml.YamlReader;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import dev.topology.source.Location;
import dev.topology.source.SourceText;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the text of a topology file into a {@link Topology}, or says everything that is wrong with
 * it at once.
 *
 * <p>The first one of a JVM prepares binding, which takes some 50 ms; loading a file of ten nodes
 * then takes milliseconds. Bean Validation is started by the first file with a value that it may
 * object to, which takes a sixth of a second. Safe for use by several threads.
 */
public final class TopologyLoader {

  private final Binder binder = new Binder();
  private final HostLimits host;

  /** Loads files for hosts of any size. */
  public TopologyLoader() {
    this(HostLimits.UNKNOWN);
  }

  /** Loads files, and warns of what that host cannot do. */
  public TopologyLoader(HostLimits host) {
    this.host = host;
  }

  /**
   * Prepares binding on a thread of its own, for programs that do something else before they load a
   * file. Returns at once.
   */
  public static void prepare() {
    Binder.prepare();
  }

  /**
   * Loads a file. Blocks while the file is read and while files that it names are looked for.
   *
   * @param file its name appears in diagnostics as it is given here
   * @param environment values of {@code ${VARIABLES}}
   */
  public LoadResult loadFile(Path file, Map<String, String> environment) {
    Path directory =
        Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
    return load(SourceFile.read(file), directory, environment);
  }

  /**
   * Loads what a stream holds, such as standard input. Blocks until its end. Leaves it open.
   *
   * @param name what diagnostics call it: {@code <stdin>}
   * @param directory relative paths start here; absolute
   * @param environment values of {@code ${VARIABLES}}
   */
  public LoadResult loadStream(
      InputStream in, String name, Path directory, Map<String, String> environment) {
    return load(SourceFile.read(in, name), directory, environment);
  }

  /**
   * Loads, as {@link #loadStream} does, what a topology that runs is to become. Interfaces keep the
   * addresses that they have where the text gives them none.
   */
  public LoadResult loadStreamAfter(
      Topology running,
      InputStream in,
      String name,
      Path directory,
      Map<String, String> environment) {
    SourceFile read = SourceFile.read(in, name);
    return read.problem().isPresent()
        ? new LoadResult.Rejected(List.of(read.problem().get()))
        : load(request(read.text(), directory, environment).after(running));
  }

  private LoadResult load(SourceFile read, Path directory, Map<String, String> environment) {
    return read.problem().isPresent()
        ? new LoadResult.Rejected(List.of(read.problem().get()))
        : load(request(read.text(), directory, environment));
  }

  private LoadRequest request(SourceText text, Path directory, Map<String, String> environment) {
    return new LoadRequest(text, directory, environment, HostFiles.local(), host);
  }

  /**
   * Loads a file that must be valid, as in a test. Blocks as {@link #loadFile} does. Warnings are
   * dropped.
   *
   * @throws InvalidTopologyException with everything that is wrong with the file
   */
  public Topology loadOrThrow(Path file, Map<String, String> environment) {
    return loadFile(file, environment).orElseThrow();
  }

  /** Loads a text. Blocks only as far as the request's host files do. */
  public LoadResult load(LoadRequest request) {
    return load(report -> read(request, report), request);
  }

  /** Loads a tree that does not come from the text of the request, which only gives the name. */
  LoadResult load(TreeSource written, LoadRequest request) {
    Report report = new Report();
    Optional<Topology> topology =
        written.read(report).flatMap(tree -> understand(tree, request, report));
    return topology
        .<LoadResult>map(it -> new LoadResult.Loaded(it, report.sorted()))
        .orElseGet(() -> new LoadResult.Rejected(report.sorted()));
  }

  private static Optional<Tree> read(LoadRequest request, Report report) {
    SourceText source = request.source();
    Optional<Diagnostic> unreadable =
        UnfitText.unprintable(source).or(() -> UnfitText.longStretch(source));
    if (unreadable.isPresent()) {
      report.add(unreadable.get());
      return Optional.empty();
    }
    Interpolation interpolation = new Interpolation(request.environment(), report);
    Optional<Tree> tree =
        YamlReader.read(source, interpolation, report).filter(it -> !it.isEmptyValue());
    if (tree.isEmpty() && !report.hasErrors()) {
      report.add(
          Diagnostic.of(DiagnosticId.EMPTY_FILE, Location.startOf(source), "the file says nothing")
              .hint("a topology needs at least \"nodes: {NAME: {}}\""));
    }
    return tree;
  }

  private Optional<Topology> understand(Tree tree, LoadRequest request, Report report) {
    Optional<Diagnostic> cut = report.cut();
    if (cut.isPresent() && cut.get().id() != DiagnosticId.SYNTAX) {
      // The tree may unfold to billions of values: do not walk it.
      return Optional.empty();
    }
    Optional<Draft> draft = new DocumentReader(tree, binder, report).read();
    cut.ifPresent(report::dropAfter);
    return draft.filter(it -> cut.isEmpty()).flatMap(it -> complete(it, request, report));
  }

  /** Checks what the parts of a draft say about each other, and builds the model. */
  private static Optional<Topology> complete(Draft draft, LoadRequest request, Report report) {
    HostPath.Base paths = HostPath.Base.of(request.directory(), request.environment());
    Dependencies dependencies = new Dependencies(draft, report);
    new NodeCheck(report).check(draft);
    new DependencyCheck(draft, dependencies, report).check();
    new HostLimitCheck(request.host(), paths, report).check(draft);
    new HostPortCheck(report).check(draft);
    new HostFileCheck(
            request.hostFiles(), paths, request.file(), request.host().architecture(), report)
        .check(draft);
    new ShareCheck(request.hostFiles(), paths, report).check(draft);
    new PcCheck(request.hostFiles(), paths, report).check(draft);
    new DiskCheck(request.hostFiles(), paths, report).check(draft);
    new CableCheck(report).check(draft.cables());
    new OutsideCheck(report).check(draft.cables());
    List<PluggedCable> plugged = new Patchbay(draft, report).plug(draft.cables());
    FormerAddresses former = new FormerAddresses(request.former());
    Addressing addressing = new Addressing(draft, former, report);
    List<AddressedCable> cables = addressing.assign(plugged);
    new AddressCheck(draft.switches(), cables, report).check(draft);
    TestCheck tests = new TestCheck(draft, plugged, report);
    tests.check();
    if (report.hasErrors()) {
      return Optional.empty();
    }
    new RouteCheck(draft, cables, report).check();
    return Optional.of(
        new Assembly(paths, dependencies, request.host().architecture())
            .build(draft, addressing, cables, new TestAssembly(tests, paths)));
  }

  /** The source of a tree: the text of a file, or a builder. */
  @FunctionalInterface
  interface TreeSource {

    /** The tree; empty if there is none, which is reported, as is what is wrong with it. */
    Optional<Tree> read(Report report);
  }

  /**
   * A text to load and what it may refer to.
   *
   * @param source the text; its name gives the topology its name, unless it has one
   * @param directory relative paths start here; absolute
   * @param environment values of {@code ${VARIABLES}}
   * @param hostFiles answers whether files of the host that the text names are there
   * @param host what else is known of the host
   * @param former what runs, and is to become what the text says: interfaces keep the addresses
   *     that they have where the text gives them none
   */
  public record LoadRequest(
      SourceText source,
      Path directory,
      Map<String, String> environment,
      HostFiles hostFiles,
      HostLimits host,
      Optional<Topology> former) {

    public LoadRequest {
      environment = Map.copyOf(environment);
    }

    /** Where nothing runs yet. */
    public LoadRequest(
        SourceText source,
        Path directory,
        Map<String, String> environment,
        HostFiles hostFiles,
        HostLimits host) {
      this(source, directory, environment, hostFiles, host, Optional.empty());
    }

    /** The same, for what is to become of a topology that runs. */
    public LoadRequest after(Topology running) {
      return new LoadRequest(source, directory, environment, hostFiles, host, Optional.of(running));
    }

    /** On a host of which only the files are known. */
    public LoadRequest(
        SourceText source, Path directory, Map<String, String> environment, HostFiles hostFiles) {
      this(source, directory, environment, hostFiles, HostLimits.UNKNOWN);
    }

    /** The file whose text it is; one that is not there, if it was read from elsewhere. */
    Path file() {
      return directory.resolve(Path.of(source.name()).getFileName());
    }

    /** A text held in memory. Loading it touches no file: those it names are taken to be there. */
    public static LoadRequest ofText(SourceText source, Map<String, String> environment) {
      return new LoadRequest(source, Path.of("").toAbsolutePath(), environment, HostFiles.ASSUMED);
    }
  }
}
