package dev.topology.plan;

/**
 * Gives out the numbers under which one child inherits its descriptors. The only place they come
 * from: whoever takes one writes it into the option and the socket alike.
 */
final class DescriptorTable {

  /** The first after standard input, output and error. */
  private static final int FIRST = 3;

  private int next = FIRST;

  int take() {
    return next++;
  }
}
