package dev.topology.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Tells one state of a program file from another, without running or reading it: an upgrade changes
 * the time or the size.
 */
record ProgramStamp(Path path, String modified, long size) {

  /** Looks through symbolic links, so that it changes when what they lead to does. */
  static ProgramStamp of(Path program) throws IOException {
    BasicFileAttributes file = Files.readAttributes(program, BasicFileAttributes.class);
    return new ProgramStamp(program, file.lastModifiedTime().toInstant().toString(), file.size());
  }

  /** As circumstances under which an answer is remembered. */
  List<String> lines() {
    return List.of("program " + path, "modified " + modified, "size " + size);
  }

  /** A file name for answers about the program at this path, whatever its state. */
  String fileName(String prefix) {
    return prefix + "-" + Integer.toHexString(path.toString().hashCode());
  }
}
