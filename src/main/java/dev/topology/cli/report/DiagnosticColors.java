package dev.topology.cli.report;

import dev.topology.cli.terminal.Palette;
import dev.topology.source.DiagnosticRenderer.Paint;

/** Gives the parts of a report on a file their colours. */
public record DiagnosticColors(Palette palette) implements Paint {

  @Override
  public String paint(Role role, String text) {
    return switch (role) {
      case ERROR -> palette.error(text);
      case WARNING -> palette.warning(text);
      case PLACE, MESSAGE -> palette.strong(text);
      case GUTTER -> palette.faint(text);
    };
  }
}
