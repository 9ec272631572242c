package dev.topology.containerlab;

import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Where the files of the host are that a lab names, by the paths of the lab and of the new file.
 *
 * @param lab the directory of the containerlab file, where its relative paths start; absolute
 * @param topology the directory of the new file, where that one's start; absolute
 * @param isThere whether an absolute path, or one that starts with {@code ~}, leads to something
 */
public record Places(Path lab, Path topology, Predicate<Path> isThere) {

  /** Whether a path of the lab leads to something; one with a variable in it may. */
  boolean leadSomewhere(String path) {
    return path.contains("$")
        || isThere.test(path.startsWith("~") ? Path.of(path) : lab.resolve(path));
  }

  /** The same place, as the new file has to say it. */
  String inTopology(String path) {
    boolean staysAsItIs =
        lab.equals(topology)
            || path.startsWith("$")
            || path.startsWith("~")
            || Path.of(path).isAbsolute();
    return staysAsItIs ? path : topology.relativize(lab.resolve(path).normalize()).toString();
  }
}
