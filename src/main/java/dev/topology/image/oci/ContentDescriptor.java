package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.topology.image.BuildListener.PackageDownload;
import dev.topology.image.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an image says of one of its parts: "Content Descriptors" of the image specification.
 * Addresses of other servers, which it may have as well, are not read.
 *
 * @param mediaType what kind of part it is
 * @param digest of the part as it is kept, compressed or not
 * @param size of the part as it is kept, in bytes
 * @param platform what it runs on, {@code linux/amd64}; empty if it does not say
 * @param name what it is called in its index; empty if it is not called anything
 */
record ContentDescriptor(
    String mediaType, Digest digest, long size, String platform, Optional<String> name) {

  /** The annotation that says what an image is called in its index. */
  static final String NAME = "org.opencontainers.image.ref.name";

  static ContentDescriptor of(JsonNode json) throws ImageException {
    JsonNode platform = json.path("platform");
    return new ContentDescriptor(
        json.path("mediaType").asText(),
        Digest.parse(json.path("digest").asText()),
        json.path("size").asLong(-1),
        platform.isMissingNode()
            ? ""
            : platform.path("os").asText() + "/" + platform.path("architecture").asText(),
        Optional.ofNullable(json.path("annotations").path(NAME).textValue()));
  }

  /** That of a manifest or a list of images. */
  static ContentDescriptor ofDocument(JsonNode document, Digest digest, long size) {
    String kind = document.has("manifests") ? "index" : "manifest";
    String usual = "application/vnd.oci.image." + kind + ".v1+json";
    return new ContentDescriptor(
        document.path("mediaType").asText(usual), digest, size, "", Optional.empty());
  }

  /** Writes one into an empty object. */
  static void put(ObjectNode into, String mediaType, Digest digest, long size) {
    into.put("mediaType", mediaType).put("digest", digest.toString()).put("size", size);
  }

  /** As progress shows it. */
  PackageDownload download() {
    return new PackageDownload(digest.shortened(), "", Math.max(0, size));
  }

  static List<ContentDescriptor> list(JsonNode array) throws ImageException {
    List<ContentDescriptor> all = new ArrayList<>();
    for (JsonNode each : array) {
      all.add(of(each));
    }
    return all;
  }

  /** Whether it is a list of images, of which each guest takes the one that fits it. */
  boolean isIndex() {
    return mediaType.endsWith(".image.index.v1+json")
        || mediaType.endsWith(".manifest.list.v2+json");
  }
}
