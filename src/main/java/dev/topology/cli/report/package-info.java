/**
 * What the {@code topology} command tells: diagnostics, plans, running topologies and failures, as
 * text for people and as JSON, SARIF or GitHub annotations for programs.
 *
 * <p>Everything here turns values into text, or shows what goes on until it is over. No verb,
 * option or exit status is known here. Imports everything but {@code junit} and {@code cli} itself.
 */
@NullMarked
package dev.topology.cli.report;

import org.jspecify.annotations.NullMarked;
