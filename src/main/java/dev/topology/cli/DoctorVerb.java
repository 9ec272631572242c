package dev.topology.cli;

import dev.topology.cli.report.FindingsText;
import dev.topology.host.Checkup;
import dev.topology.host.Finding;
import dev.topology.host.Finding.Level;
import dev.topology.host.Host;
import dev.topology.launch.Surroundings;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology doctor}: whether this host can run topologies, and what would help. */
final class DoctorVerb implements Verb {

  private static final String FRESH = "--fresh";

  @Override
  public String command() {
    return "topology doctor";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(
            this,
            "Looks at everything on this host that topologies need, and says what would help.")
        .flag(FRESH, "Tries everything again, even what was found out since the host booted.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws InterruptedException {
    List<Finding> findings = findings(invocation);
    invocation.print(new FindingsText(findings, invocation.terminal().palette()).toString());
    return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL)
        ? ExitCode.UNFIT_HOST
        : ExitCode.DONE;
  }

  private static List<Finding> findings(Invocation invocation) throws InterruptedException {
    Surroundings surroundings = invocation.surroundings();
    Host host = Host.of(surroundings.cache(), surroundings.environment());
    List<Finding> findings =
        new ArrayList<>(new Checkup(invocation.has(FRESH) ? host.fresh() : host).findings());
    // Before the limits, which close the report.
    findings.add(findings.size() - 1, DefaultImage.finding(surroundings));
    return findings;
  }
}
