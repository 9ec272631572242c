package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.image.ImageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What an image says of the program in it: "Image Configuration" of the image specification.
 *
 * @param platform what it is made for: {@code linux/amd64}
 * @param user whose process it is, {@code USER[:GROUP]} by name or number; root where it is empty
 * @param environment each as {@code NAME=VALUE}
 * @param entryPoint the program, with its first arguments
 * @param command its further arguments, unless the node gives others
 * @param directory where it starts; the root where it is empty
 * @param stopSignal what asks it to end: a signal's name or number; SIGTERM where it is empty
 * @param unpacked the digests of its layers, uncompressed, the lowest first
 */
record ContainerConfig(
    String platform,
    String user,
    List<String> environment,
    List<String> entryPoint,
    List<String> command,
    String directory,
    String stopSignal,
    List<Digest> unpacked) {

  static ContainerConfig of(JsonNode json) throws ImageException {
    JsonNode config = json.path("config");
    List<Digest> unpacked = new ArrayList<>();
    for (JsonNode each : json.path("rootfs").path("diff_ids")) {
      unpacked.add(Digest.parse(each.asText()));
    }
    return new ContainerConfig(
        json.path("os").asText() + "/" + json.path("architecture").asText(),
        config.path("User").asText(""),
        texts(config.path("Env")),
        texts(config.path("Entrypoint")),
        texts(config.path("Cmd")),
        config.path("WorkingDir").asText(""),
        config.path("StopSignal").asText(""),
        unpacked);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /**
   * As the guest's agent reads it: {@code KEY=VALUE}, each with a zero at its end, in this order;
   * keys of lists are there once for each element.
   */
  byte[] forAgent() {
    StringBuilder text = new StringBuilder();
    add(text, "user", List.of(user));
    add(text, "directory", List.of(directory));
    add(text, "stop", List.of(stopSignal));
    add(text, "environment", environment);
    add(text, "entry", entryPoint);
    add(text, "command", command);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void add(StringBuilder text, String key, List<String> values) {
    for (String value : values) {
      text.append(key).append('=').append(value.replace("\0", "")).append('\0');
    }
  }
}
