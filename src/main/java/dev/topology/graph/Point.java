package dev.topology.graph;

/** A place in a picture, or the way from one place to another; y grows downwards, in pixels. */
record Point(double x, double y) {

  static final Point ORIGIN = new Point(0, 0);

  Point plus(Point other) {
    return new Point(x + other.x, y + other.y);
  }

  Point minus(Point other) {
    return new Point(x - other.x, y - other.y);
  }

  Point times(double factor) {
    return new Point(x * factor, y * factor);
  }

  double length() {
    return Math.hypot(x, y);
  }

  /** The same direction, one pixel long; that of nothing is to the right. */
  Point unit() {
    double length = length();
    return length == 0 ? new Point(1, 0) : times(1 / length);
  }

  /** A quarter of a turn to the side. */
  Point across() {
    return new Point(-y, x);
  }

  /** Turned about the origin. */
  Point turned(double radians) {
    double sine = Math.sin(radians);
    double cosine = Math.cos(radians);
    return new Point(x * cosine - y * sine, x * sine + y * cosine);
  }
}
