package dev.topology.image.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.topology.image.ImageException;
import dev.topology.model.Architecture;
import dev.topology.source.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One image for one architecture: its configuration and where its layers are. Everything but the
 * layers has been checked against its digest.
 *
 * @param id the digest of the configuration, which names the layers' content as well
 * @param config what runs in it
 * @param configPath where the configuration is
 * @param layers the lowest first
 */
record ContainerImage(Digest id, ContainerConfig config, String configPath, List<Layer> layers) {

  /** Docker allows 127. */
  private static final int MOST_LAYERS = 500;

  /** Images in lists of images in lists. */
  static final int DEEPEST = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A layer.
   *
   * @param path of its part
   * @param kept the digest of that part; archives of {@code docker save} have none
   * @param unpacked the digest of the archive in it, uncompressed
   */
  record Layer(String path, Optional<Digest> kept, Digest unpacked) {}

  /**
   * Finds the image in the parts of a layout or an archive.
   *
   * @param tag which one, where there are several
   * @param platform for which it has to be: {@code linux/amd64}
   * @throws ImageException if there is none, or several, or a part is damaged; a clause
   */
  static ContainerImage find(ImageParts parts, Optional<String> tag, String platform)
      throws IOException, ImageException {
    ContainerImage image =
        parts.has("index.json")
            ? ofLayout(parts, named(parts, tag), platform)
            : ofDocker(parts, tag);
    if (!image.config.platform().equals(platform)) {
      throw new ImageException(
          "it is for "
              + Quote.printable(image.config.platform())
              + ", and the node is "
              + platform
              + remedy(List.of(image.config.platform())));
    }
    return image;
  }

  /** What the user can do where an image is for other platforms. */
  private static String remedy(Collection<String> platforms) {
    return Stream.of(Architecture.values())
        .filter(it -> platforms.contains(it.platform()))
        .findFirst()
        .map(
            it ->
                ": write \"arch: "
                    + it
                    + "\" for the node, or give \"--arch "
                    + it
                    + "\" to the command")
        .orElse("");
  }

  /** The platforms for which it is, or each of the images of a list. */
  static Set<String> platforms(ImageParts parts, Optional<String> tag)
      throws IOException, ImageException {
    if (!parts.has("index.json")) {
      return Set.of(ofDocker(parts, tag).config.platform());
    }
    ContentDescriptor named = named(parts, tag);
    JsonNode manifest = json(checked(parts, named), "its manifest");
    if (!manifest.has("manifests")) {
      return Set.of(ofManifest(parts, manifest).config.platform());
    }
    Set<String> platforms = new TreeSet<>();
    for (ContentDescriptor each : ContentDescriptor.list(manifest.path("manifests"))) {
      platforms.add(each.platform());
    }
    // One that does not say what it is for may be for any.
    return platforms.contains("") ? Set.of() : platforms;
  }

  /** The image, or list of images, that an index has under a name. */
  static ContentDescriptor named(ImageParts parts, Optional<String> tag)
      throws IOException, ImageException {
    List<ContentDescriptor> all =
        ContentDescriptor.list(json(parts.document("index.json"), "index.json").path("manifests"));
    List<ContentDescriptor> meant =
        tag.isEmpty() ? all : all.stream().filter(it -> it.name().equals(tag)).toList();
    if (meant.size() == 1 || (meant.size() > 1 && tag.isPresent())) {
      return meant.get(meant.size() - 1);
    }
    throw choose(all.stream().map(ContentDescriptor::name).flatMap(Optional::stream).toList(), tag);
  }

  private static ImageException choose(List<String> names, Optional<String> tag) {
    String known =
        names.isEmpty()
            ? "none that has a name"
            : names.stream().sorted().map(Quote::of).collect(Collectors.joining(", "));
    return new ImageException(
        tag.map(it -> "there is no image " + Quote.of(it) + ", but " + known)
            .orElse("say which of its images: oci:PATH:NAME. There is " + known));
  }

  /** The image of a descriptor; of a list the one for the platform. */
  static ContainerImage ofLayout(ImageParts parts, ContentDescriptor wanted, String platform)
      throws IOException, ImageException {
    ContentDescriptor at = wanted;
    for (int depth = 0; depth < DEEPEST; depth++) {
      JsonNode manifest = json(checked(parts, at), "its manifest");
      if (!at.isIndex() && !manifest.has("manifests")) {
        return ofManifest(parts, manifest);
      }
      at = forPlatform(ContentDescriptor.list(manifest.path("manifests")), platform);
    }
    throw new ImageException("its index leads from one to the other without end");
  }

  /**
   * Whether the image for the platform, of a list that has one, is not here, or not whole. Of a
   * list only those are fetched that guests ran.
   *
   * @throws ImageException if the list has none; a clause
   */
  static boolean lacks(ImageParts parts, ContentDescriptor wanted, String platform)
      throws IOException, ImageException {
    ContentDescriptor at = wanted;
    for (int depth = 0; depth < DEEPEST; depth++) {
      if (depth > 0 && !isHere(parts, at)) {
        return true;
      }
      JsonNode document = json(checked(parts, at), "its manifest");
      if (!document.has("manifests")) {
        return depth > 0 && !isWhole(parts, document);
      }
      at = forPlatform(ContentDescriptor.list(document.path("manifests")), platform);
    }
    return false;
  }

  private static boolean isWhole(ImageParts parts, JsonNode manifest)
      throws IOException, ImageException {
    List<ContentDescriptor> all = new ArrayList<>(ContentDescriptor.list(manifest.path("layers")));
    all.add(ContentDescriptor.of(manifest.path("config")));
    for (ContentDescriptor each : all) {
      if (!isHere(parts, each)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHere(ImageParts parts, ContentDescriptor part) throws IOException {
    return parts.has(ImageParts.path(part.digest()));
  }

  /** The image in a list that guests can run. */
  static ContentDescriptor forPlatform(List<ContentDescriptor> all, String platform)
      throws ImageException {
    for (ContentDescriptor each : all) {
      if (each.platform().equals(platform) || (each.platform().isEmpty() && all.size() == 1)) {
        return each;
      }
    }
    Set<String> platforms = new TreeSet<>(all.stream().map(ContentDescriptor::platform).toList());
    throw new ImageException(
        "it has no image for "
            + platform
            + ", but for "
            + Quote.printable(String.join(", ", platforms))
            + remedy(platforms));
  }

  private static ContainerImage ofManifest(ImageParts parts, JsonNode manifest)
      throws IOException, ImageException {
    if (!manifest.has("config")) {
      throw new ImageException("its manifest is of Docker's first version, which has no digests");
    }
    ContentDescriptor config = ContentDescriptor.of(manifest.path("config"));
    List<ContentDescriptor> layers = ContentDescriptor.list(manifest.path("layers"));
    ContainerConfig parsed = ContainerConfig.of(json(checked(parts, config), "its configuration"));
    requireSame(layers.size(), parsed);
    List<Layer> all = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Digest kept = layers.get(i).digest();
      all.add(new Layer(ImageParts.path(kept), Optional.of(kept), parsed.unpacked().get(i)));
    }
    return new ContainerImage(config.digest(), parsed, ImageParts.path(config.digest()), all);
  }

  /** What {@code docker save} wrote before version 25: manifest.json, and a file for each layer. */
  private static ContainerImage ofDocker(ImageParts parts, Optional<String> tag)
      throws IOException, ImageException {
    if (!parts.has("manifest.json")) {
      throw new ImageException(
          "it holds neither an index.json nor a manifest.json, as images of containers do");
    }
    List<String> names = new ArrayList<>();
    List<JsonNode> meant = new ArrayList<>();
    for (JsonNode each : json(parts.document("manifest.json"), "manifest.json")) {
      List<String> its = new ArrayList<>();
      each.path("RepoTags").forEach(name -> its.add(name.asText()));
      names.addAll(its);
      if (tag.isEmpty() || its.contains(tag.get())) {
        meant.add(each);
      }
    }
    if (meant.size() != 1) {
      throw choose(names, tag);
    }
    String path = meant.get(0).path("Config").asText();
    byte[] config = parts.document(path);
    ContainerConfig parsed = ContainerConfig.of(json(config, "its configuration"));
    JsonNode layers = meant.get(0).path("Layers");
    requireSame(layers.size(), parsed);
    List<Layer> all = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      all.add(new Layer(layers.get(i).asText(), Optional.empty(), parsed.unpacked().get(i)));
    }
    return new ContainerImage(Digest.of(config), parsed, path, all);
  }

  private static void requireSame(int layers, ContainerConfig config) throws ImageException {
    if (layers != config.unpacked().size()) {
      throw new ImageException(
          "its manifest has %d layers, and its configuration %d"
              .formatted(layers, config.unpacked().size()));
    }
    if (layers > MOST_LAYERS) {
      throw new ImageException("it has " + layers + " layers; " + MOST_LAYERS + " are the most");
    }
  }

  /** A document, once its digest was seen to be right. */
  static byte[] checked(ImageParts parts, ContentDescriptor what)
      throws IOException, ImageException {
    try {
      byte[] document = parts.document(ImageParts.path(what.digest()));
      Digest found = Digest.of(document);
      if (!found.equals(what.digest())) {
        throw new ImageException(
            "its part " + what.digest() + " is damaged: it has the digest " + found);
      }
      return document;
    } catch (NoSuchFileException e) {
      throw new ImageException("its part " + what.digest() + " is missing", e);
    }
  }

  static JsonNode json(byte[] document, String what) throws ImageException {
    try {
      return JSON.readTree(new String(document, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new ImageException(what + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
