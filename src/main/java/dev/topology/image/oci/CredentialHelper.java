package dev.topology.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.topology.image.ImageException;
import dev.topology.image.oci.RegistryCredentials.Login;
import dev.topology.source.Quote;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A program that keeps credentials, as docker-credential-helpers describes: asked {@code get} with
 * the name of a registry as its input, it answers in JSON, or says why not and fails. Nothing that
 * it answers is shown if it is not understood: there may be a secret in it.
 *
 * @param program absolute, or found in the current directory
 * @param patience after which it is ended
 */
record CredentialHelper(Path program, Map<String, String> environment, Duration patience) {

  /** What all of them say where they have none; anything else that they say is a failure. */
  private static final String NONE = "credentials not found";

  private static final int LARGEST_ANSWER = 1 << 20;
  private static final int LONGEST_REASON = 200;

  /**
   * Asks it. An interrupt ends it.
   *
   * @param key the registry
   * @throws ImageException if it fails, is silent for too long, or answers something else
   */
  Optional<Login> ask(String key) throws IOException, ImageException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), "get"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      CompletableFuture<byte[]> answer = read(process.getInputStream());
      tell(process, key);
      byte[] said = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      return process.exitValue() == 0 ? Optional.of(login(said)) : none(said);
    } catch (TimeoutException e) {
      throw failure("has not answered in " + patience.toSeconds() + " s, and was ended", e);
    } catch (ExecutionException e) {
      throw failure("cannot be read from: " + e.getMessage(), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** By another thread, which cannot be interrupted, and ends with the process. */
  private static CompletableFuture<byte[]> read(InputStream in) {
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (in) {
                read.complete(in.readNBytes(LARGEST_ANSWER));
              } catch (IOException e) {
                read.completeExceptionally(e);
              }
            },
            "credential-helper");
    reader.setDaemon(true);
    reader.start();
    return read;
  }

  private static void tell(Process process, String key) {
    try (OutputStream question = process.getOutputStream()) {
      question.write(key.getBytes(StandardCharsets.UTF_8));
    } catch (IOException ended) {
      // It has not read its input; how it ended says more.
    }
  }

  private Login login(byte[] answer) throws ImageException {
    try {
      JsonNode json = ContainerImage.json(answer, "its answer");
      if (json.path("Username").isTextual() && json.path("Secret").isTextual()) {
        return new Login(json.path("Username").asText(), json.path("Secret").asText());
      }
    } catch (ImageException garbage) {
      // Without its words.
    }
    throw failure("answers something else than a user and a secret", null);
  }

  private Optional<Login> none(byte[] said) throws ImageException {
    String why = new String(said, StandardCharsets.UTF_8).strip();
    if (why.isEmpty() || why.contains(NONE)) {
      return Optional.empty();
    }
    String first = why.lines().findFirst().orElse("");
    String shown = first.substring(0, Math.min(first.length(), LONGEST_REASON));
    throw failure("fails: " + Quote.printable(shown), null);
  }

  private ImageException failure(String why, @Nullable Exception cause) {
    return new ImageException(
        program.getFileName() + ", which keeps the credentials of registries, " + why, cause);
  }
}
