package dev.topology.language.containerlab;

import dev.topology.source.Location;

/**
 * Something in a containerlab file that has no counterpart, or not quite.
 *
 * @param location where it stands
 * @param key what it is called there
 * @param why there is none, or what became of it
 * @param advice what to do instead
 */
public record Finding(Location location, String key, String why, String advice) {

  /** All of it in one line: {@code lab.clab.yml:7:5: image: a container image …; …}. */
  @Override
  public String toString() {
    return location + ": " + key + ": " + why + "; " + advice;
  }
}
