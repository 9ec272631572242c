package dev.topology.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordTextTest {

  private record Leaf(int number, Optional<String> word) {

    @Override
    public String toString() {
      return "says nothing";
    }
  }

  private record Tree(List<Leaf> leaves, Map<String, Leaf> byName, Object other) {}

  @Test
  void saysAllThatIsInARecord() {
    Leaf one = new Leaf(1, Optional.of("one"));

    assertThat(RecordText.of(new Tree(List.of(one), Map.of("b", new Leaf(2, Optional.empty())), 7)))
        .isEqualTo(
            "Tree(leaves=[Leaf(number=1, word=one)], byName={b=Leaf(number=2, word=-)}, other=7)");
  }
}
