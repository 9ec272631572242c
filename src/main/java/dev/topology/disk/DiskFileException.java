package dev.topology.disk;

/** A file that cannot be a disk. The message says why, as the end of a sentence about the file. */
public final class DiskFileException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * What is wrong with a file.
   *
   * @param why the end of a sentence that begins with the file: {@code is empty}
   * @param remedy what the user can do, one clause
   */
  public DiskFileException(String why, String remedy) {
    super(why);
    this.remedy = remedy;
  }

  /** What is wrong: {@code is empty}. */
  public String why() {
    return String.valueOf(getMessage());
  }

  /** What the user can do, one clause. */
  public String remedy() {
    return remedy;
  }
}
