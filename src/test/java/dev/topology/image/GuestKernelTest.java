package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.GuestFiles.StagedFiles;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where distributions have their kernels. */
class GuestKernelTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "boot/vmlinuz-6.1.0-56-cloud-amd64, 6.1.0-56-cloud-amd64",
    "usr/lib/modules/7.2.13+deb14-cloud-amd64/vmlinuz, 7.2.13+deb14-cloud-amd64"
  })
  void findsTheKernelAndItsVersion(String path, String version) throws Exception {
    GuestKernel kernel = kernel();
    TarArchiveEntry entry = new TarArchiveEntry(path);

    kernel.visit(path, entry, new ByteArrayInputStream("ELF".getBytes(StandardCharsets.UTF_8)));

    assertThat(kernel.file()).hasContent("ELF");
    assertThat(kernel.version()).isEqualTo(version);
  }

  @Test
  void saysThatThereIsNone() throws Exception {
    GuestKernel kernel = kernel();

    assertThatThrownBy(kernel::file)
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("hold no vmlinuz");
  }

  @ParameterizedTest
  @CsvSource({
    "linux-image-6.1.0-56-cloud-amd64, true",
    "linux-modules-6.8.0-1-generic, true",
    "linux-binary-7.2.13+deb14-cloud-amd64, true",
    "linux-base-7.2.13+deb14-cloud-amd64, true",
    "linux-base, false",
    "linux-perf, false"
  })
  void knowsThePackagesOfKernels(String name, boolean isKernel) {
    assertThat(GuestKernel.isIn(name)).isEqualTo(isKernel);
  }

  private GuestKernel kernel() throws Exception {
    return new GuestKernel(
        new StagedFiles(directory.resolve("staged")), new HostProgram(directory));
  }
}
