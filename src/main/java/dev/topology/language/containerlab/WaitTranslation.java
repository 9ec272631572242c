package dev.topology.language.containerlab;

import dev.topology.language.containerlab.Value.Entry;
import java.util.Map;

/** Makes the dependencies of a guest of what a container waits for, once all guests are there. */
final class WaitTranslation {

  private static final String WAIT_FOR = "wait-for";

  private final Map<String, GuestBuilder> guests;
  private final Findings findings;

  /**
   * Begins.
   *
   * @param guests by their names in the file
   */
  WaitTranslation(Map<String, GuestBuilder> guests, Findings findings) {
    this.guests = guests;
    this.findings = findings;
  }

  void translate(Layers layers, GuestBuilder guest) {
    layers.items(WAIT_FOR).forEach(it -> node(it, guest));
    for (Entry stage : layers.entries("stages").values()) {
      for (Entry entry : stage.value().entries()) {
        if (entry.name().equals(WAIT_FOR)) {
          entry.value().items().forEach(it -> stage(it, guest));
        } else {
          findings.add(
              entry.key(),
              entry.name(),
              "a node has no stages",
              "put it into \"command\", or into the script that calls topology");
        }
      }
    }
  }

  private void stage(Value one, GuestBuilder guest) {
    node(one.get("node").orElse(one), guest);
    one.get("stage")
        .filter(it -> !it.text().equals("healthy"))
        .ifPresent(
            it ->
                findings.add(
                    it,
                    "stage",
                    "a node has no stages; this one starts when the other is ready",
                    "say with \"ready\" when that is"));
  }

  private void node(Value name, GuestBuilder guest) {
    GuestBuilder other = guests.get(name.text());
    if (other != null) {
      guest.dependOn(other);
    } else {
      findings.add(
          name,
          WAIT_FOR,
          "there is no node \"" + name.text() + "\", or it has no counterpart; nobody waits for it",
          "name one in \"depends_on\"");
    }
  }
}
