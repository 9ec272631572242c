package dev.topology.language.document;

import dev.topology.model.BitRate;
import dev.topology.model.Memory;
import dev.topology.model.Share;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys that say what a shaper does, wherever they are written; absent keys are null. */
public interface ShapingKeys {

  @Nullable Duration delay();

  @Nullable Duration jitter();

  @Nullable Share loss();

  @Nullable Share duplicate();

  @Nullable Share corrupt();

  @Nullable Share reorder();

  @Nullable BitRate rate();

  @Nullable Memory queue();
}
