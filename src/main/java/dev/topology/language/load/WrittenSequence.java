package dev.topology.language.load;

import dev.topology.language.load.Tree.Sequence;
import dev.topology.source.Location;
import java.util.ArrayList;
import java.util.List;

/** A list written item by item. Used by one thread. */
final class WrittenSequence implements Written {

  private final List<Written> items = new ArrayList<>();
  private final CallSites sites;
  private final Location location;

  WrittenSequence(CallSites sites) {
    this.sites = sites;
    this.location = sites.here();
  }

  void add(Written item) {
    items.add(item);
  }

  void addText(String text) {
    add(Written.text(text, sites.here()));
  }

  @Override
  public Tree toTree(Report report) {
    return new Sequence(location, items.stream().map(it -> it.toTree(report)).toList());
  }
}
