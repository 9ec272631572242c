package dev.topology.bench;

/**
 * One line of the table.
 *
 * @param what is measured
 * @param aim what it should be
 * @param measured what it is, with its unit
 */
record Row(String what, String aim, String measured) {

  @Override
  public String toString() {
    return "| " + what + " | " + aim + " | " + measured + " |";
  }
}
