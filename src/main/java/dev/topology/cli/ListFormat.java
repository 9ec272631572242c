package dev.topology.cli;

/** Whom a listing is for: people or programs. */
enum ListFormat {
  TEXT,
  JSON;

  static final String OPTION = "--format";

  /** Whether a program is to read what a verb prints. */
  static boolean isJson(Invocation invocation) {
    return invocation.<ListFormat>option(OPTION).orElse(TEXT) == JSON;
  }
}
