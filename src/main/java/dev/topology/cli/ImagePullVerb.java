package dev.topology.cli;

import dev.topology.cli.UsageErrors.UsageException;
import dev.topology.image.oci.ContainerStore;
import dev.topology.language.value.ContainerName;
import dev.topology.language.value.HostPath;
import dev.topology.language.value.Names.ImageReference;
import dev.topology.language.value.Parsed;
import dev.topology.model.Architecture;
import dev.topology.model.ContainerReference;
import dev.topology.model.ContainerReference.Local;
import dev.topology.model.ContainerReference.Remote;
import dev.topology.source.Quote;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology image pull}. */
final class ImagePullVerb implements Verb {

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Fetches container images from their registries.")
        .positional("IMAGE", "1..*", String.class, "Such as docker.io/library/debian:12.")
        .footer(
            "",
            "\"up\" fetches by itself what is missing; this fetches anew, and only the layers that",
            "are not here. Credentials are those of \"docker login\" and \"podman login\".")
        .architecture()
        .exits(ImageVerb.EXITS_OF_WORK);
  }

  @Override
  public ExitCode run(Invocation invocation) throws Exception {
    ContainerStore store = invocation.user().containers();
    Architecture architecture = invocation.architecture();
    for (String name : invocation.<String>arguments()) {
      Remote reference = remote(name, invocation);
      ImageVerb.during(invocation, "", listener -> store.pull(reference, architecture, listener));
    }
    return ExitCode.DONE;
  }

  private static Remote remote(String text, Invocation invocation) throws UsageException {
    if (reference(text, invocation) instanceof Remote remote) {
      return remote;
    }
    throw new UsageException(
        Quote.of(text)
            + " is not the name of an image of a registry, such as docker.io/library/debian:12");
  }

  private static ContainerReference reference(String text, Invocation invocation)
      throws UsageException {
    Parsed<ImageReference> parsed = ImageReference.parse(text);
    if (parsed instanceof Parsed.Wrong<ImageReference> wrong) {
      throw new UsageException(wrong.message() + wrong.hint().map(it -> ": " + it).orElse(""));
    }
    ContainerName name =
        ((Parsed.Value<ImageReference>) parsed)
            .it()
            .container()
            .orElseThrow(
                () ->
                    new UsageException(
                        Quote.of(text)
                            + " names no container image: a registry's begins with its host, such"
                            + " as docker.io/debian, and one of a file is oci:FILE"));
    return name.resolved(
        HostPath.Base.of(invocation.user().directory(), invocation.user().environment()));
  }

  /** {@code topology image import}. */
  static final class ImageImportVerb implements Verb {

    @Override
    public CommandSpec spec() {
      return VerbSpec.of(this, "Copies a container image from a file, under a registry's name.")
          .positional("SOURCE", "1", String.class, "oci:FILE or oci:DIRECTORY, perhaps with :NAME.")
          .positional("IMAGE", "1", String.class, "Its name: docker.io/me/app:1.")
          .footer(
              "",
              "A topology then finds the image by that name, without the registry. For example:",
              "  topology image import oci:app.tar docker.io/me/app:1")
          .architecture()
          .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
    }

    @Override
    public ExitCode run(Invocation invocation) throws Exception {
      String file = invocation.parsed().matchedPositionalValue(0, "");
      if (!file.startsWith("oci:") || !(reference(file, invocation) instanceof Local source)) {
        throw new UsageException(
            "what is imported is oci:FILE or oci:DIRECTORY, not " + Quote.of(file));
      }
      Remote name = remote(invocation.parsed().matchedPositionalValue(1, ""), invocation);
      Architecture architecture = invocation.architecture();
      ImageVerb.during(
          invocation,
          "",
          listener ->
              invocation.user().containers().importAs(name, source, architecture, listener));
      return ExitCode.DONE;
    }
  }

  /** Removes one, if that is what a text names. */
  static boolean remove(String text, Invocation invocation) throws Exception {
    return ImageReference.parse(text) instanceof Parsed.Value<ImageReference> image
        && image.it().container().isPresent()
        && reference(text, invocation) instanceof Remote reference
        && invocation.user().containers().remove(reference);
  }
}
