package dev.topology.image;

import dev.topology.image.initramfs.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The busybox that a guest gets its everyday programs from. */
final class Busybox {

  private static final String FIRST_NAMES = "[\0[[\0";
  private static final String END_OF_NAMES = "\0\0";

  private Busybox() {}

  private static final String PATH = "usr/bin/busybox";

  /** Links the names of busybox's programs to it, except those that a package brings itself. */
  static void link(FileTree tree) throws IOException {
    link(tree, Set.of());
  }

  /**
   * Links the names of its programs to it.
   *
   * @param replaced the paths of programs that it takes the place of; those of other packages stay
   */
  static void link(FileTree tree, Set<String> replaced) throws IOException {
    for (String name : programs(tree.content(PATH).orElseThrow())) {
      String path = "usr/bin/" + name;
      if (!tree.contains(path) || replaced.contains(path)) {
        tree.link(path, "busybox");
      }
    }
  }

  /**
   * The names of its programs. They stand in the file in one piece, in the order of the alphabet;
   * reading them there spares running a program of the guest's on the host.
   */
  private static List<String> programs(Path busybox) throws IOException {
    String content = new String(Files.readAllBytes(busybox), StandardCharsets.ISO_8859_1);
    int start = content.indexOf(FIRST_NAMES);
    int end = content.indexOf(END_OF_NAMES, start);
    if (start < 0 || end < 0) {
      throw new IOException("busybox does not tell which programs it has");
    }
    return List.of(content.substring(start, end).split("\0", -1));
  }
}
