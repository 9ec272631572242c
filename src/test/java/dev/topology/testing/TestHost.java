package dev.topology.testing;

import dev.topology.host.Host;
import dev.topology.host.Qemu;
import dev.topology.host.UnfitHostException;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageBuilder;
import dev.topology.image.ImageException;
import dev.topology.image.ImageRecipe;
import dev.topology.image.InstalledImage;
import dev.topology.launch.Launcher;
import dev.topology.launch.UserDirectories;
import dev.topology.model.Accelerator;
import dev.topology.model.Architecture;
import dev.topology.plan.HostFacts;
import dev.topology.plan.HostFacts.BootableImage;
import dev.topology.plan.HostFacts.GuestFacts;
import dev.topology.plan.HostFacts.SharingVerdict;
import dev.topology.plan.HostFacts.UefiFirmware;
import dev.topology.plan.Virtiofsd;
import dev.topology.plan.guest.ShareFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The host as tests see it: its real QEMU, and the built-in image, built once into {@code target}
 * and shared by all tests. Tests are skipped, with the reason, where either cannot be had.
 */
public final class TestHost {

  private static final Path CACHE = Path.of("target", "guest-cache").toAbsolutePath();

  private TestHost() {}

  /** Where tests keep what is costly to make. */
  public static Path cache() {
    return CACHE;
  }

  /** Builds images into the tests' own store. */
  public static ImageBuilder imageBuilder() {
    UserDirectories here = UserDirectories.ofProcess();
    return new Launcher(
            new UserDirectories(here.environment(), here.directory(), CACHE, here.runtime()))
        .imageBuilder();
  }

  /** The architecture of this host, and of the guests of most tests. */
  public static Architecture architecture() {
    return host().architecture();
  }

  private static Host host() {
    return Host.of(CACHE, System.getenv());
  }

  /** What QEMU can do here for guests of an architecture. */
  public static Qemu qemu(Architecture architecture) {
    try {
      return host().qemu(architecture);
    } catch (UnfitHostException e) {
      return Unavailable.because(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The path of the QEMU of this host. */
  public static Path qemu() {
    return qemu(architecture()).path();
  }

  /** Facts with the image "default". */
  public static HostFacts facts() {
    return facts(ImageRecipe.DEFAULT);
  }

  /** Facts with an image that is called "default", and made as is said. */
  public static HostFacts facts(ImageRecipe recipe) {
    return HostFacts.of(architecture(), guests(recipe));
  }

  /** What guests find here, with the image "default". */
  public static GuestFacts guests() {
    return guests(ImageRecipe.DEFAULT);
  }

  private static GuestFacts guests(ImageRecipe recipe) {
    try {
      return host()
          .guests(
              architecture(),
              Set.of(Accelerator.AUTO),
              Map.of("default", image(recipe)),
              Map.of(),
              false);
    } catch (UnfitHostException e) {
      return Unavailable.because(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What serves shared directories here. */
  public static Virtiofsd requireShares() {
    try {
      SharingVerdict verdict = host().sharing();
      return verdict.virtiofsd().orElseGet(() -> Unavailable.because(verdict.reason()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A UEFI for guests of an architecture. */
  public static UefiFirmware requireUefi(Architecture ofGuests) {
    try {
      return host()
          .guests(ofGuests, Set.of(Accelerator.TCG), Map.of(), Map.of(), true)
          .uefi()
          .orElseGet(
              () -> Unavailable.because("needs a UEFI: apt-get install ovmf qemu-efi-aarch64"));
    } catch (UnfitHostException e) {
      return Unavailable.because(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What makes file systems on empty disks here; a minimal Debian 13 has none. */
  public static void requireMke2fs() {
    boolean isThere =
        Stream.of("/usr/sbin/mke2fs", "/sbin/mke2fs").map(Path::of).anyMatch(Files::isExecutable);
    if (!isThere) {
      Unavailable.because("needs mke2fs: apt-get install e2fsprogs");
    }
  }

  private static BootableImage image(ImageRecipe recipe) throws InterruptedException {
    try {
      InstalledImage image = imageBuilder().ensure(recipe, new BuildListener() {});
      return new BootableImage(
          image.name(),
          image.kernel(),
          Optional.of(image.initramfs()),
          image.modules(),
          image.cmdline(),
          true,
          true,
          Set.of(ShareFileSystem.VIRTIOFS));
    } catch (ImageException e) {
      return Unavailable.because(String.valueOf(e.getMessage()));
    }
  }
}
