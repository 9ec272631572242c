package dev.topology.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.BuildListener.BuildSummary;
import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.model.Architecture;
import dev.topology.testing.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {

  @TempDir Path root;

  private static ImageBuilder builder(Path store) {
    return new ImageBuilder(
        new ImageStore(store),
        PackageSource.ofHost(Architecture.AMD64),
        Clock.systemUTC(),
        TestHost.imageBuilder().booter());
  }

  @Test
  void buildsAnImageAndTellsHowItGetsOn() throws Exception {
    BuiltImage.get();
    Recorder recorder = new Recorder();
    ImageBuilder builder = builder(root);

    InstalledImage image = builder.build(ImageRecipe.DEFAULT, recorder);

    assertThat(builder.store().list()).containsExactly(image);
    assertThat(Files.isReadable(image.kernel())).isTrue();
    assertThat(image.kernelVersion()).isNotEmpty();
    assertThat(image.packages()).anyMatch(each -> each.startsWith("busybox-static="));
    assertThat(recorder.packages)
        .isNotEmpty()
        .allSatisfy(
            each -> assertThat(recorder.progress).contains(each.name() + " " + each.bytes()));
    assertThat(recorder.finished).hasSize(1);
    assertThat(builder.ensure(ImageRecipe.DEFAULT, new Recorder())).isEqualTo(image);
    Files.write(image.initramfs(), new byte[1_000_000]);
    assertThat(builder.store().damage("default")).isPresent();
    assertThat(builder.ensure(ImageRecipe.DEFAULT, new Recorder()).init()).isEqualTo(image.init());
    assertThat(builder.store().damage("default")).isEmpty();
    try (var children = Files.list(root)) {
      assertThat(children)
          .extracting(child -> child.getFileName().toString())
          .containsExactlyInAnyOrder(".lock", "default");
    }
  }

  @Test
  void namesAPackageThatDoesNotExist() throws Exception {
    BuiltImage.get();
    ImageBuilder builder = builder(root);
    ImageRecipe recipe = new ImageRecipe("lab", List.of("no-such-package"));

    assertThatThrownBy(() -> builder.build(recipe, new BuildListener() {}))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("\"no-such-package\"")
        .hasMessageContaining("apt-get update");
    assertThat(builder.store().list()).isEmpty();
  }

  @Test
  void saysWhereItCannotWrite() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "");
    ImageBuilder builder = builder(file);

    assertThatThrownBy(() -> builder.build(ImageRecipe.DEFAULT, new BuildListener() {}))
        .isInstanceOf(ImageException.class)
        .hasMessageStartingWith("cannot build guest image \"default\" in " + file)
        .hasMessageContaining("XDG_CACHE_HOME");
  }

  @Test
  void namesTheRemedyThatFitsTheFailure() throws Exception {
    IOException full = new IOException("No space left on device");
    IOException other = new IOException("Input/output error");
    Path file = Files.writeString(root.resolve("file"), "");

    assertThat(ImageException.remedy(full, root)).hasValue(ImageException.MORE_SPACE);
    assertThat(ImageException.remedy(other, root.resolve("not/yet/there"))).isEmpty();
    assertThat(ImageException.remedy(other, file)).get().asString().contains("may write to");
  }

  private static final class Recorder implements BuildListener {

    private final List<PackageDownload> packages = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private final List<BuildSummary> finished = new ArrayList<>();

    @Override
    public void resolved(List<PackageDownload> downloads) {
      packages.addAll(downloads);
    }

    @Override
    public void downloading(PackageDownload download, long bytes) {
      progress.add(download.name() + " " + bytes);
    }

    @Override
    public void finished(BuildSummary summary) {
      finished.add(summary);
    }
  }
}
