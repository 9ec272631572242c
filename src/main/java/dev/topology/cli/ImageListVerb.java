package dev.topology.cli;

import dev.topology.cli.terminal.Table;
import dev.topology.image.ImageException;
import dev.topology.image.ImageStore;
import dev.topology.image.InstalledImage;
import dev.topology.text.HumanText;
import java.io.File;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code topology image list}. */
final class ImageListVerb implements Verb {

  @Override
  public String command() {
    return "topology image list";
  }

  @Override
  public CommandSpec spec() {
    return VerbSpec.of(this, "Lists the guest images of this user.")
        .exits(ExitCode.DONE, ExitCode.UNFIT_HOST);
  }

  @Override
  public ExitCode run(Invocation invocation) throws ImageException {
    ImageStore store = new ImageStore(invocation.surroundings().images());
    for (String name : store.names()) {
      store
          .damage(name)
          .ifPresent(why -> invocation.printError(name + " is damaged and not listed: " + why));
    }
    List<InstalledImage> images = store.list();
    if (images.isEmpty()) {
      invocation.printError("no images yet in " + invocation.surroundings().images());
      return ExitCode.DONE;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "KERNEL", "SIZE", "BUILT", "DIRECTORY"));
    images.forEach(image -> rows.add(row(image)));
    invocation.print(new Table(rows).toString());
    return ExitCode.DONE;
  }

  private static List<String> row(InstalledImage image) {
    File kernel = image.kernel().toFile();
    File initramfs = image.initramfs().toFile();
    return List.of(
        image.name(),
        image.kernelVersion().isEmpty() ? "?" : image.kernelVersion(),
        HumanText.bytes(kernel.length() + initramfs.length()),
        image
            .built()
            .map(built -> LocalDate.ofInstant(built, ZoneId.systemDefault()).toString())
            .orElse("?"),
        image.directory().toString());
  }
}
