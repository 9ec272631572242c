package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.image.BuildListener;
import dev.topology.image.ImageException;
import dev.topology.model.ContainerReference.Remote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Fetches images from registries into our own image layout. Used under the store's lock.
 *
 * @param root the layout's directory
 * @param environment says where credentials are, and which proxies there are
 * @param silence how long a registry may say nothing in the middle of an answer
 * @param platform of the image to take where there are several: {@code linux/amd64}
 */
record Pull(Path root, Map<String, String> environment, String platform, Duration silence) {

  /**
   * Fetches the parts of an image that are not there, from a mirror or from its registry, and gives
   * it its name.
   */
  void pull(Remote reference, BuildListener listener, Path work)
      throws IOException, ImageException, InterruptedException {
    new RegistryMirrors(environment)
        .first(
            reference,
            listener,
            // What one of them has sent is nothing to go on with at another.
            source -> pull(source, reference, listener, Files.createTempDirectory(work, "")));
  }

  private void pull(Remote source, Remote reference, BuildListener listener, Path work)
      throws IOException, ImageException, InterruptedException {
    LayoutIndex layout = new LayoutIndex(root);
    Registry registry = new Registry(source, environment, silence);
    listener.step("asking " + source.registry());
    byte[] manifest =
        registry.manifest(reference.digest().orElseGet(() -> reference.tag().orElse("latest")));
    Digest digest = Digest.of(manifest);
    if (reference.digest().isPresent() && !digest.toString().equals(reference.digest().get())) {
      throw new ImageException("the registry sent another image: its digest is " + digest);
    }
    JsonNode top = ContainerImage.json(manifest, "its manifest");
    Downloads downloads = new Downloads(root, registry, work, listener);
    layout.keep(digest, manifest);
    ContentDescriptor image = ContentDescriptor.ofDocument(top, digest, manifest.length);
    JsonNode document = top;
    for (int depth = 0; document.has("manifests"); depth++) {
      if (depth == ContainerImage.DEEPEST) {
        throw new ImageException("its index leads from one to the other without end");
      }
      ContentDescriptor chosen =
          ContainerImage.forPlatform(ContentDescriptor.list(document.path("manifests")), platform);
      byte[] next = registry.manifest(chosen.digest().toString());
      if (!Digest.of(next).equals(chosen.digest())) {
        throw new ImageException("its manifest is damaged: it has the digest " + Digest.of(next));
      }
      layout.keep(chosen.digest(), next);
      document = ContainerImage.json(next, "its manifest");
    }
    downloads.fetch(ContentDescriptor.of(document.path("config")), false);
    List<ContentDescriptor> layers = ContentDescriptor.list(document.path("layers"));
    listener.resolved(layers.stream().map(ContentDescriptor::download).distinct().toList());
    for (ContentDescriptor layer : layers) {
      downloads.fetch(layer, true);
    }
    layout.put(reference.toString(), image);
  }
}
