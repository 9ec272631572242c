package dev.topology.run.cable;

/**
 * What has become of the frames on a shaped cable so far.
 *
 * @param leftToRight from the end named first in the file to the other
 * @param rightToLeft from the end named second
 */
public record CableCounters(DirectionCounters leftToRight, DirectionCounters rightToLeft) {}
