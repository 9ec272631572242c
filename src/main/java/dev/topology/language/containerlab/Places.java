package dev.topology.language.containerlab;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where the files of the host are that a lab names, by the paths of the lab and of the new file.
 *
 * @param lab the directory of the containerlab file, where its relative paths start; absolute
 * @param topology the directory of the new file, where that one's start; absolute. Nothing where
 *     nobody knows it: then the new file has absolute paths
 * @param isThere whether an absolute path, or one that starts with {@code ~}, leads to something
 */
public record Places(Path lab, Optional<Path> topology, Predicate<Path> isThere) {

  /** Whether a path of the lab leads to something; one with a variable in it may. */
  boolean leadSomewhere(String path) {
    return path.contains("$")
        || isThere.test(path.startsWith("~") ? Path.of(path) : lab.resolve(path));
  }

  /** The same place, as the new file has to say it. */
  String inTopology(String path) {
    boolean staysAsItIs =
        topology.filter(lab::equals).isPresent()
            || path.startsWith("$")
            || path.startsWith("~")
            || Path.of(path).isAbsolute();
    if (staysAsItIs) {
      return path;
    }
    Path absolute = lab.resolve(path).normalize();
    return topology.map(it -> it.relativize(absolute)).orElse(absolute).toString();
  }
}
