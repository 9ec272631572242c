package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.topology.image.AptGet.AptPackage;
import dev.topology.image.BuildListener.PackageDownload;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AptPackageTest {

  private static final Path ARCHIVES = Path.of("/archives");

  @Test
  void readsALineOfApt() {
    AptPackage busybox =
        AptPackage.parse(
                "'http://deb.debian.org/debian/pool/main/b/busybox/busybox-static_1.35.0-4%2bb1_amd64.deb'"
                    + " busybox-static_1%3a1.35.0-4+b1_amd64.deb 928188 MD5Sum:f6f1b0b4181aead8")
            .orElseThrow();

    assertThat(busybox.download())
        .isEqualTo(new PackageDownload("busybox-static", "1:1.35.0-4+b1", 928188));
    assertThat(busybox.file(ARCHIVES))
        .hasToString("/archives/busybox-static_1%3a1.35.0-4+b1_amd64.deb");
  }

  @Test
  void leavesPackagesOfALocalDirectoryWhereTheyAre() {
    AptPackage local =
        AptPackage.parse("'file:/srv/mirror/a_1_all.deb' a_1_all.deb 10 ").orElseThrow();

    assertThat(local.file(ARCHIVES)).hasToString("/srv/mirror/a_1_all.deb");
  }

  @Test
  void passesOverWhateverElseAptPrints() {
    assertThat(AptPackage.parse("Reading package lists...")).isEmpty();
    assertThat(AptPackage.parse("")).isEmpty();
  }
}
