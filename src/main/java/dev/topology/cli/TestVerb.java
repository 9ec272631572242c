package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.JunitXml;
import dev.topology.cli.report.Tap;
import dev.topology.cli.report.TestDisplay;
import dev.topology.cli.report.TestReport;
import dev.topology.cli.report.ValidationText.CheckedFile;
import dev.topology.cli.report.ValidationText.DiagnosticColors;
import dev.topology.cli.report.ValidationText.MistakesText;
import dev.topology.cli.terminal.StopSignals;
import dev.topology.control.ControlServer;
import dev.topology.language.load.TopologyLoader;
import dev.topology.launch.Launcher;
import dev.topology.model.TestCase;
import dev.topology.model.TestStep;
import dev.topology.model.Topology;
import dev.topology.source.Diagnostic;
import dev.topology.suite.TestFile;
import dev.topology.suite.TestJob;
import dev.topology.suite.TestListener;
import dev.topology.suite.TestNetwork;
import dev.topology.suite.TestResult;
import dev.topology.suite.TestRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology test}: runs the tests in files, each on a network of its own. */
final class TestVerb implements Verb {

  private static final String ONLY = "--only";
  private static final String JOBS = "--jobs";
  private static final String REPEAT = "--repeat";
  private static final String UNTIL_FAILURE = "--until-failure";
  private static final String KEEP = "--keep";
  private static final String TAP = "--tap";
  private static final String JUNIT_XML = "--junit-xml";

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Runs the tests in topology files, each on a network of its own.")
        .positional("FILE", "1..*", Path.class, "The topology files; - is standard input.")
        .option(ONLY, "TEST", String.class, "Only tests of this name; * stands for any characters.")
        .option(
            JOBS + " -j",
            "N",
            Integer.class,
            "At most so many networks at a time; else as many as memory and processors allow.")
        .option(REPEAT, "N", Integer.class, "Run each test so often.")
        .flag(UNTIL_FAILURE, "Begin no test after one has failed; without --repeat, run for good.")
        .flag(KEEP, "Leave the network of a test that fails running, until Ctrl-C.")
        .flag(UpVerb.BOOT, "Boot every node, rather than clone guests that were saved.")
        .option(JUNIT_XML, "FILE", Path.class, "Write the results into a file, as JUnit's XML.")
        .flag(TAP, "Print the results as TAP, the Test Anything Protocol.")
        .footer(
            "",
            "Where GITHUB_ACTIONS is true, each failure is shown beside its line as well.",
            "",
            "For example:",
            "  topology test lab.yaml --only '*cable*' --repeat 100 --until-failure --keep")
        .exits(
            ExitCode.DONE,
            ExitCode.TEST_FAILED,
            ExitCode.WRONG_USAGE,
            ExitCode.UNFIT_HOST,
            ExitCode.HANGUP,
            ExitCode.INTERRUPTED,
            ExitCode.BROKEN_PIPE,
            ExitCode.TERMINATED);
  }

  @Override
  public void prepare() {
    TopologyLoader.prepare();
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    Optional<Path> xml = invocation.<Path>option(JUNIT_XML).map(invocation.user()::resolve);
    if (xml.isPresent()) {
      requireWritable(xml.get());
    }
    int jobs = positive(invocation, JOBS).orElse(0);
    int repeat = positive(invocation, REPEAT).orElse(invocation.has(UNTIL_FAILURE) ? 0 : 1);
    List<CheckedFile> checked = check(invocation);
    Predicate<TestCase> only = only(invocation);
    requireTests(checked, only, invocation);
    try (StopSignals signals = StopSignals.listen()) {
      List<TestFile> files = new ArrayList<>();
      for (CheckedFile file : checked) {
        Topology topology = file.topology().orElseThrow();
        if (topology.tests().stream().anyMatch(only)) {
          files.add(
              new TestFile(
                  Path.of(file.name()),
                  UpVerb.prepare(topology, invocation.has(UpVerb.BOOT), invocation, signals)));
        }
      }
      TestReport report =
          new TestReport(invocation.terminal().palette(), checked.size() > 1, repeat);
      int places = jobs > 0 ? jobs : TestFile.roomFor(files);
      return new Session(invocation, signals, report, xml).run(jobs(files, only, repeat), places);
    }
  }

  private static Optional<Integer> positive(Invocation invocation, String option)
      throws UsageException {
    Optional<Integer> number = invocation.option(option);
    if (number.filter(it -> it < 1).isPresent()) {
      throw new UsageException(option + " is 1 or more, not " + number.get());
    }
    return number;
  }

  /** Found out before the tests are run, which may take long. */
  private static void requireWritable(Path file) throws UsageException {
    Path directory = file.toAbsolutePath().getParent();
    boolean fits =
        directory != null
            && Files.isDirectory(directory)
            && Files.isWritable(directory)
            && !Files.isDirectory(file);
    if (!fits) {
      throw new UsageException(
          "cannot write " + file + ": " + directory + " is no directory that you can write in");
    }
  }

  private static List<CheckedFile> check(Invocation invocation)
      throws Invocation.RejectedException {
    Launcher launcher = new Launcher(invocation.user());
    List<CheckedFile> files =
        invocation.<Path>arguments().stream().map(it -> invocation.check(it, launcher)).toList();
    List<Diagnostic> mistakes = files.stream().flatMap(it -> it.diagnostics().stream()).toList();
    if (!mistakes.isEmpty()) {
      DiagnosticColors colors = new DiagnosticColors(invocation.terminal().errorPalette());
      invocation.printError(new MistakesText(mistakes).text(colors));
    }
    if (files.stream().anyMatch(it -> it.topology().isEmpty())) {
      throw new Invocation.RejectedException();
    }
    return files;
  }

  /** Whether a test is wanted, by its name. */
  private static Predicate<TestCase> only(Invocation invocation) {
    Optional<String> pattern = invocation.option(ONLY);
    if (pattern.isEmpty()) {
      return test -> true;
    }
    String regex =
        Stream.of(pattern.get().split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    Pattern wanted = Pattern.compile(regex);
    return test -> wanted.matcher(test.name()).matches();
  }

  private static void requireTests(
      List<CheckedFile> files, Predicate<TestCase> only, Invocation invocation)
      throws UsageException {
    List<TestCase> all =
        files.stream().flatMap(it -> it.topology().orElseThrow().tests().stream()).toList();
    if (all.isEmpty()) {
      throw new UsageException(
          "there are no tests in "
              + files.stream().map(CheckedFile::name).collect(Collectors.joining(", "))
              + "\n  a file has them under \"tests:\", see \"Tests\" in the language reference");
    }
    if (all.stream().noneMatch(only)) {
      String name = invocation.<String>option(ONLY).orElse("");
      List<String> names = all.stream().map(TestCase::name).toList();
      throw new UsageException(
          "no test is called \"" + name + "\"" + UsageErrors.meant(name, names));
    }
  }

  /** All runs of all tests: each test of each file once, then all once more. */
  private static Iterator<TestJob> jobs(
      List<TestFile> files, Predicate<TestCase> only, int repeat) {
    IntStream attempts =
        repeat == 0 ? IntStream.iterate(1, it -> it + 1) : IntStream.rangeClosed(1, repeat);
    return attempts
        .boxed()
        .flatMap(
            attempt ->
                files.stream()
                    .flatMap(
                        file ->
                            file.tests().stream()
                                .filter(only)
                                .map(test -> new TestJob(file, test, attempt))))
        .iterator();
  }

  /** The tests of one command, while they run. */
  private static final class Session implements TestListener {

    private final Invocation invocation;
    private final StopSignals signals;
    private final TestReport report;
    private final Optional<Path> xml;
    private final Optional<Tap> tap;
    private final TestDisplay display;

    Session(Invocation invocation, StopSignals signals, TestReport report, Optional<Path> xml) {
      this.invocation = invocation;
      this.signals = signals;
      this.report = report;
      this.xml = xml;
      this.tap =
          invocation.has(TAP)
              ? Optional.of(new Tap(invocation.terminal(), report))
              : Optional.empty();
      this.display =
          new TestDisplay(
              invocation.terminal(),
              report,
              invocation.user().environment().getOrDefault("GITHUB_ACTIONS", "").equals("true"),
              result -> tap.isPresent() && tap.get().write(result));
    }

    ExitCode run(Iterator<TestJob> jobs, int places) throws Exception {
      long begin = System.nanoTime();
      boolean untilFailure = invocation.has(UNTIL_FAILURE) || invocation.has(KEEP);
      TestRunner runner = new TestRunner(places, untilFailure, this);
      signals.insteadDo(runner::stop);
      List<TestResult> results = runner.run(jobs);
      display.close();
      tap.ifPresent(Tap::end);
      String summary = TestReport.summary(results, Duration.ofNanos(System.nanoTime() - begin));
      if (tap.isPresent()) {
        invocation.printError(summary);
      } else {
        invocation.print("\n" + summary);
      }
      if (xml.isPresent()) {
        OutputFile.replace(xml.get(), xml.get(), new JunitXml(results, report).text());
      }
      return code(results);
    }

    private ExitCode code(List<TestResult> results) {
      if (signals.received().isPresent()) {
        return ExitCode.of(signals.received().get());
      }
      if (invocation.terminal().failure().isPresent()) {
        return ExitCode.BROKEN_PIPE;
      }
      return results.stream().anyMatch(TestResult::isFailure)
          ? ExitCode.TEST_FAILED
          : ExitCode.DONE;
    }

    @Override
    public void began(TestJob job) {
      display.began(job);
    }

    @Override
    public void step(TestJob job, TestStep step) {
      display.step(job, step);
    }

    @Override
    public void ended(TestResult result) {
      display.ended(result);
    }

    @Override
    public void failed(TestResult result, TestNetwork network) throws InterruptedException {
      display.failed(result, network);
      if (invocation.has(KEEP)) {
        if (network.topology().outcome().isPresent()) {
          invocation.printError("nothing is kept: the network of the test has ended by itself");
        } else {
          keep(result, network);
        }
      }
    }

    /** Until somebody ends it. */
    private void keep(TestResult result, TestNetwork network) throws InterruptedException {
      Path file = invocation.user().resolve(result.job().file().file());
      ControlServer control =
          ControlServer.open(network.launch(), file, invocation.has(UpVerb.BOOT));
      try {
        String node = network.topology().nodes().get(0).name();
        invocation.printError(
            """
            its network runs on as %1$s, until Ctrl-C here or `topology down %1$s`
              topology exec --instance %1$s %2$s sh
              topology console --instance %1$s %2$s
            """
                .formatted(network.name(), node));
        network.topology().over().get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("the run broke off by a fault of its own", e.getCause());
      } finally {
        control.close();
      }
    }
  }
}
