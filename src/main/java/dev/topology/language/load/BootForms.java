package dev.topology.language.load;

import dev.topology.language.document.NodeDocument;
import dev.topology.model.Node.BootSource;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the keys {@code image}, {@code kernel}, {@code initramfs} and {@code cmdline} amount to. */
final class BootForms {

  /** Says that the image of the group or the defaults is not wanted. */
  static final String NO_IMAGE = "none";

  private static final String DEFAULT_IMAGE = "default";

  private final HostPaths paths;

  BootForms(HostPaths paths) {
    this.paths = paths;
  }

  BootSource toModel(NodeDocument keys) {
    Optional<Path> kernel = Optional.ofNullable(keys.kernel()).map(paths::resolve);
    return new BootSource(
        image(keys.image() == null && kernel.isEmpty() ? DEFAULT_IMAGE : keys.image()),
        kernel,
        Optional.ofNullable(keys.initramfs()).map(paths::resolve),
        Optional.ofNullable(keys.cmdline()).map(it -> Texts.oneLine(it).orElseThrow()).orElse(""));
  }

  private Optional<String> image(@Nullable String written) {
    return Optional.ofNullable(written)
        .filter(it -> !it.equals(NO_IMAGE))
        .map(it -> Names.isDirectory(it) ? paths.resolve(it).toString() : it);
  }
}
