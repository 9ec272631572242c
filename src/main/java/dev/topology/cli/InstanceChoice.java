package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.cli.report.InstanceText;
import dev.topology.control.Instances;
import dev.topology.control.Instances.Instance;
import dev.topology.control.Instances.Supervisor;
import dev.topology.text.HumanText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Which of this user's topologies a command means: that of a name, that of a file, or the only one
 * that runs.
 */
final class InstanceChoice {

  static final String OPTION = "--instance";

  private static final int NAMED = 12;

  private final Invocation invocation;
  private final Instances instances;

  private InstanceChoice(Invocation invocation) {
    this.invocation = invocation;
    this.instances = new Instances(invocation.user().runtime());
  }

  /**
   * A topology that runs.
   *
   * @param wanted what the user said; nothing for the only one
   * @throws UsageException if it does not run, or which one is meant cannot be told
   */
  static Instance running(Invocation invocation, Optional<String> wanted)
      throws UsageException, IOException {
    InstanceChoice choice = new InstanceChoice(invocation);
    List<Instance> running = choice.instances.running();
    return wanted.isPresent() ? choice.wanted(wanted.get(), running) : choice.only(running);
  }

  /** A topology that a verb was told by its option. */
  static Instance running(Invocation invocation) throws UsageException, IOException {
    return running(invocation, invocation.option(OPTION));
  }

  /** The same, also among topologies that have ended and left their files behind. */
  static Instance any(Invocation invocation, Optional<String> wanted)
      throws UsageException, IOException {
    InstanceChoice choice = new InstanceChoice(invocation);
    if (wanted.isPresent()) {
      return choice.wanted(wanted.get(), choice.instances.all());
    }
    List<Instance> running = choice.instances.running();
    return choice.only(running.isEmpty() ? choice.instances.all() : running);
  }

  private Instance only(List<Instance> fitting) throws UsageException, IOException {
    if (fitting.size() > 1) {
      throw new UsageException(
          "several topologies are running: "
              + names(fitting)
              + "\n  say which one is meant, such as `"
              + how()
              + " "
              + fitting.get(0).name()
              + "`");
    }
    if (fitting.isEmpty()) {
      throw new UsageException("no topology is running" + others());
    }
    return fitting.get(0);
  }

  /** Which words name a topology to this command. */
  private String how() {
    CommandSpec command = invocation.parsed().commandSpec();
    return command.findOption(OPTION) == null ? command.qualifiedName() : OPTION;
  }

  private Instance wanted(String wanted, List<Instance> fitting)
      throws UsageException, IOException {
    List<Instance> meant = meant(wanted, fitting);
    if (meant.size() > 1) {
      throw new UsageException(
          wanted + " is running more than once: " + names(meant) + "\n  say which by its name");
    }
    if (meant.isEmpty()) {
      List<Instance> unfit = meant(wanted, instances.all());
      throw new UsageException(unfit.isEmpty() ? unknown(wanted) : over(unfit.get(0)));
    }
    return meant.get(0);
  }

  private List<Instance> meant(String wanted, List<Instance> instances) {
    List<Instance> named = instances.stream().filter(it -> it.name().equals(wanted)).toList();
    return named.isEmpty() ? instances.stream().filter(it -> isOf(it, wanted)).toList() : named;
  }

  /** Whether it was brought up from that file. */
  private boolean isOf(Instance instance, String file) {
    return (file.contains("/") || file.endsWith(".yaml") || file.endsWith(".yml"))
        && instance
            .supervisor()
            .map(Supervisor::file)
            .filter(invocation.user().resolve(Path.of(file))::equals)
            .isPresent();
  }

  private String unknown(String wanted) throws IOException {
    List<String> names = instances.running().stream().map(Instance::name).toList();
    String none = "no topology \"" + wanted + "\" is running";
    return names.isEmpty()
        ? none + ", nor any other" + others()
        : none + UsageErrors.meant(wanted, names) + "\n  running: " + HumanText.list(names, NAMED);
  }

  /** What can be done where none runs. */
  private String others() throws IOException {
    return instances.all().isEmpty()
        ? "\n  `topology up FILE` brings one up"
        : "\n  `topology ps --all` lists those that are over";
  }

  /** Of one that is meant, but runs no more. */
  private static String over(Instance instance) {
    return "topology \"" + instance.name() + "\" is not running: " + InstanceText.past(instance);
  }

  private static String names(List<Instance> instances) {
    return HumanText.list(instances.stream().map(Instance::name).toList(), NAMED);
  }
}
