package dev.topology.image;

import dev.topology.image.GuestFiles.StagedFiles;
import dev.topology.image.KernelModules.KernelModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * Collects the kernel and its modules from the packages they come in (one on Debian, two on
 * Ubuntu).
 */
final class KernelPackages implements DebianArchive.Visitor {

  private static final Pattern KERNEL = Pattern.compile("boot/vmlinuz-(.+)");

  private static final Pattern MODULE =
      Pattern.compile("(?:usr/)?lib/modules/[^/]+/(kernel/.+/)?([^/]+)\\.ko(\\.(?:gz|xz|zst))?");

  private final StagedFiles staged;
  private final Map<String, KernelModule> modules = new HashMap<>();
  private @Nullable Path kernel;
  private String version = "";

  KernelPackages(StagedFiles staged) {
    this.staged = staged;
  }

  /** Whether a package is one that holds a kernel or modules. */
  static boolean isKernel(String packageName) {
    return packageName.startsWith("linux-image-") || packageName.startsWith("linux-modules-");
  }

  @Override
  public void visit(String path, TarArchiveEntry entry, InputStream content) throws IOException {
    if (!entry.isFile()) {
      return;
    }
    Matcher kernelPath = KERNEL.matcher(path);
    if (kernelPath.matches()) {
      kernel = staged.keep(content);
      version = kernelPath.group(1);
    }
    Matcher modulePath = MODULE.matcher(path);
    if (modulePath.matches()) {
      KernelModule module =
          new KernelModule(
              modulePath.group(2),
              Optional.ofNullable(modulePath.group(1)).orElse(""),
              Optional.ofNullable(modulePath.group(3)).orElse(""),
              staged.keep(content));
      modules.put(module.name(), module);
    }
  }

  /** The kernel's file, a bzImage. */
  Path kernel() throws ImageException {
    if (kernel == null) {
      throw new ImageException(
          "cannot build a guest image: the kernel package holds no boot/vmlinuz. Give each node a"
              + " \"kernel\" and an \"initramfs\" instead");
    }
    return kernel;
  }

  /** As {@code uname -r} says. */
  String version() {
    return version;
  }

  /** All modules by {@linkplain KernelModule#name() name}; what is built in is not among them. */
  Map<String, KernelModule> modules() {
    return modules;
  }
}
