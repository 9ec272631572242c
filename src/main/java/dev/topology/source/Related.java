package dev.topology.source;

/**
 * Another place that helps to understand a finding.
 *
 * @param label what is to be seen there: the place follows it, as in {@code first given here: 9:17}
 * @param location the place
 */
public record Related(String label, Location location) {}
