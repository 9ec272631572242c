package dev.topology.language.load;

import dev.topology.language.load.Tree.Scalar;
import dev.topology.language.load.Tree.Scalar.Style;
import dev.topology.source.Location;

/** A part of a tree, written by calls of Java. */
@FunctionalInterface
interface Written {

  /** The part as it is now; what no tree can hold is reported. */
  Tree toTree(Report report);

  /** A text, whatever it looks like: {@code "22"} and {@code "null"} are texts too. */
  static Written text(String text, Location place) {
    Scalar scalar = new Scalar(place, text, Style.TEXT);
    return report -> report.acceptsText(text, place) ? scalar : new Scalar(place, "", Style.BROKEN);
  }

  /** A number or a truth value. */
  static Written plain(Object value, Location place) {
    Scalar scalar = new Scalar(place, value.toString(), Style.PLAIN);
    return report -> scalar;
  }
}
