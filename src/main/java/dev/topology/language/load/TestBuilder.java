package dev.topology.language.load;

import dev.topology.language.load.Written.CallSites;
import dev.topology.language.load.Written.WrittenMapping;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps of a test of a {@link TopologyBuilder}, in the order of the calls. Not safe for use by
 * several threads.
 */
public final class TestBuilder {

  private final CallSites sites;
  private final WrittenMapping test;

  TestBuilder(CallSites sites, WrittenMapping test) {
    this.sites = sites;
    this.test = test;
  }

  /** Runs a script of {@code sh} on a node, once; it has to end with status 0. */
  public TestBuilder run(String node, String script) {
    return run(node, script, step -> {});
  }

  /** Runs a script of {@code sh} on a node. */
  public TestBuilder run(String node, String script, Consumer<StepBuilder> more) {
    WrittenMapping step = step("node", node);
    step.text("run", script);
    more.accept(new StepBuilder(step));
    return this;
  }

  /** Runs a program with its arguments on a node, without a shell. */
  public TestBuilder run(
      String node, List<String> programAndArguments, Consumer<StepBuilder> more) {
    WrittenMapping step = step("node", node);
    step.texts("run", programAndArguments);
    more.accept(new StepBuilder(step));
    return this;
  }

  /** Types on the console of a node, waits for what it says, or both. */
  public TestBuilder console(String node, Consumer<StepBuilder> what) {
    what.accept(new StepBuilder(step("console", node)));
    return this;
  }

  /** Cuts a cable: by its name, or by the two nodes that it alone is between, {@code a-b}. */
  public TestBuilder cut(String cable) {
    return plain("cut", cable);
  }

  /** Joins a cable that was cut. */
  public TestBuilder join(String cable) {
    return plain("join", cable);
  }

  /** Changes what the shaper of a cable does; what is not given stays. */
  public TestBuilder shape(String cable, Consumer<CableBuilder> settings) {
    CableBuilder step = new CableBuilder(sites);
    step.written().text("shape", cable);
    settings.accept(step);
    test.sequence("steps").add(step.written());
    return this;
  }

  /** Stops a node. */
  public TestBuilder stop(String node) {
    return plain("stop", node);
  }

  /** Boots a node that has ended, and waits until it is ready. */
  public TestBuilder start(String node) {
    return plain("start", node);
  }

  /** Boots a node again, and waits until it is ready. */
  public TestBuilder restart(String node) {
    return plain("restart", node);
  }

  /** Pauses a node. */
  public TestBuilder pause(String node) {
    return plain("pause", node);
  }

  /** Resumes a node that was paused. */
  public TestBuilder resume(String node) {
    return plain("resume", node);
  }

  /** Does nothing for a time: the key {@code wait}. */
  public TestBuilder waitFor(Duration time) {
    WrittenMapping step = new WrittenMapping(sites);
    step.duration("wait", time);
    test.sequence("steps").add(step);
    return this;
  }

  /** Captures a cable into a file, until the test ends. */
  public TestBuilder capture(String cable, Path file) {
    step("capture", cable).path("file", file);
    return this;
  }

  private TestBuilder plain(String action, String target) {
    step(action, target);
    return this;
  }

  private WrittenMapping step(String key, String value) {
    WrittenMapping step = new WrittenMapping(sites);
    step.text(key, value);
    test.sequence("steps").add(step);
    return step;
  }

  /** What more there is to say about a step. Not safe for use by several threads. */
  public static final class StepBuilder {

    private final WrittenMapping step;

    private StepBuilder(WrittenMapping step) {
      this.step = step;
    }

    /** Of a console: types a line. */
    public StepBuilder send(String line) {
      step.text("send", line);
      return this;
    }

    /** A regular expression to be found in the output, or in what the console says. */
    public StepBuilder expect(String regex) {
      step.text("expect", regex);
      return this;
    }

    /** Of a run: the status with which the command has to end, 0 to 255. */
    public StepBuilder status(int status) {
      step.plain("status", status);
      return this;
    }

    /** How long it may take; a command is run again and again until then. */
    public StepBuilder within(Duration time) {
      step.duration("within", time);
      return this;
    }
  }
}
