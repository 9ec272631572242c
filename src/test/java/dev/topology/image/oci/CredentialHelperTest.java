package dev.topology.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.topology.image.ImageException;
import dev.topology.image.oci.RegistryCredentials.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that keep credentials, as Docker's configuration names them. */
class CredentialHelperTest {

  private static final Login LOGIN = new Login("me", "s");
  private static final String ANSWER = "echo '{\"Username\": \"me\", \"Secret\": \"s\"}'";

  @TempDir private Path directory;
  private Path config;

  @BeforeEach
  void setUp() {
    config = directory.resolve("config.json");
  }

  @Test
  void isAskedForTheRegistry() throws Exception {
    Files.writeString(
        config, "{\"credHelpers\": {\"one.example\": \"own\"}, \"credsStore\": \"other\"}");
    helper("own", "read key; echo \"$key $1 $VARIABLE\" >>" + directory + "/asked; " + ANSWER);
    helper("other", "echo credentials not found in native keychain; exit 1");

    assertThat(credentials().of("one.example")).contains(LOGIN);
    assertThat(credentials().of("two.example")).isEmpty();
    assertThat(directory.resolve("asked")).hasContent("one.example get value");
    helper("other", "read key; [ $key = https://index.docker.io/v1/ ] && " + ANSWER);
    assertThat(credentials().of("docker.io")).contains(LOGIN);
  }

  @Test
  void whatFailsIsSaidAndWhatItAnswersIsNot() throws Exception {
    Files.writeString(config, "{\"credsStore\": \"vault\"}");
    assertRefused("which is not on the PATH");
    helper("vault", "echo the vault is locked; exit 1");
    assertRefused(
        "docker-credential-vault, which keeps the credentials of registries, fails: the vault is locked");
    for (String garbage :
        new String[] {"hunter2", "[]", "{\"Username\": 1, \"Secret\": \"hunter2\"}", ""}) {
      helper("vault", "echo '" + garbage + "'");
      assertRefused("answers something else than a user and a secret");
    }
    helper("vault", "exec /bin/sh -c 'kill -9 $$'");
    assertThat(credentials().of("one.example")).isEmpty();
    Files.writeString(config, "{\"credsStore\": \"../vault\"}");
    assertRefused("names a helper \"../vault\", which is no name of a program");
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> credentials().of("one.example"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void oneThatHangsIsEnded() throws Exception {
    Files.writeString(config, "{\"credsStore\": \"vault\"}");
    helper("vault", "echo $$ >" + directory + "/pid; sleep 600");
    RegistryCredentials hasty =
        new RegistryCredentials(credentials().environment(), Duration.ofSeconds(2));

    assertThatThrownBy(() -> hasty.of("one.example"))
        .hasMessageEndingWith("has not answered in 2 s, and was ended");

    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> credentials().of("one.example"));
    long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    ProcessHandle.of(pid).ifPresent(it -> it.onExit().join());
  }

  private void helper(String name, String script) throws IOException {
    Path program = directory.resolve("docker-credential-" + name);
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private RegistryCredentials credentials() {
    return new RegistryCredentials(
        Map.of(
            "DOCKER_CONFIG",
            directory.toString(),
            "VARIABLE",
            "value",
            "PATH",
            directory + ":/usr/bin:/bin"));
  }
}
