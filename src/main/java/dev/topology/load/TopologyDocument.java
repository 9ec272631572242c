package dev.topology.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A topology file, as written. Its parts are bound one by one: here they are but places. */
record TopologyDocument(
    @Example("lab") @Form(Syntax.TOPOLOGY_NAME) @Nullable String name,
    @Example("{memory: 256MiB}") @Nullable NodeDocument defaults,
    @Example("{routers: {forward: true}}") @Nullable Map<String, @Nullable NodeDocument> groups,
    @Example("{left: {}, right: {}}")
        @Nullable Map<@Form(Syntax.NODE_NAME) String, @Nullable NodeDocument> nodes,
    @Example("[[left, right]]") @Nullable List<@Nullable CableDocument> cables) {
  // Bean Validation takes the hash of the whole document for each violation it finds in it.
  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  @SuppressWarnings("ReferenceEquality")
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
