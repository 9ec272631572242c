package dev.topology.cli;

import dev.topology.image.ImageException;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology image remove}. */
final class ImageRemoveVerb implements Verb {

  @Override
  public String command() {
    return "topology image remove";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Removes guest images. Guests that run from them are not disturbed.")
        .positional("IMAGE", "1..*", String.class, "The image's name.")
        .exits(ExitCode.DONE, ExitCode.WRONG_USAGE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws ImageException, UsageException {
    ImageStore store = new ImageStore(invocation.surroundings().images());
    for (String name : invocation.<String>arguments()) {
      if (!store.remove(name)) {
        throw unknown(name, store);
      }
    }
    return ExitCode.DONE;
  }

  private static UsageException unknown(String name, ImageStore store) throws ImageException {
    List<String> known = store.list().stream().map(InstalledImage::name).toList();
    return new UsageException("there is no image \"" + name + "\"" + Misuse.meant(name, known));
  }
}
