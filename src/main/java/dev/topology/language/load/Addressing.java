package dev.topology.language.load;

import dev.topology.language.load.AddressPool.Pair;
import dev.topology.source.Diagnostic;
import dev.topology.source.DiagnosticId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gives each cable's ends their addresses: those written, or else a pair out of the pool. */
final class Addressing {

  private final AddressPool pool = new AddressPool();
  private final Report report;

  Addressing(Report report) {
    this.report = report;
  }

  /** The cables with their addresses, in the same order. */
  List<AddressedCable> assign(List<PluggedCable> cables) {
    cables.stream()
        .flatMap(it -> it.draft().ends().stream())
        .flatMap(it -> it.addresses().stream())
        .forEach(pool::avoid);
    List<AddressedCable> addressed = new ArrayList<>();
    for (int index = 0; index < cables.size(); index++) {
      addressed.add(assign(cables.get(index), index));
    }
    return addressed;
  }

  private AddressedCable assign(PluggedCable cable, int index) {
    CableDraft draft = cable.draft();
    boolean isAutomatic =
        !draft.isUnaddressed() && draft.ends().stream().noneMatch(EndDraft::isAddressed);
    if (isAutomatic) {
      Optional<Pair> pair = pool.pairFor(index);
      if (pair.isPresent()) {
        return new AddressedCable(cable, List.of(pair.get().left()), List.of(pair.get().right()));
      }
      report.add(
          Diagnostic.of(
                  DiagnosticId.ADDRESSES_EXHAUSTED,
                  draft.tree().location(),
                  "there is no pair of addresses left in 10.64.0.0/10 for this cable")
              .hint("give its ends addresses, or \"address: none\""));
    }
    return new AddressedCable(cable, draft.left().addresses(), draft.right().addresses());
  }
}
