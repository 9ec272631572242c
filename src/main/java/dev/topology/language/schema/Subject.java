package dev.topology.language.schema;

/**
 * What an editor's message is about, so that each message is one line that says what would be right
 * there.
 *
 * @param text how it starts: {@code "memory" takes}
 */
record Subject(String text) {

  static Subject value(String key) {
    return new Subject("\"" + key + "\" takes");
  }

  static Subject item(String key) {
    return new Subject("an item of \"" + key + "\" is");
  }

  static Subject keyOf(String key) {
    return new Subject("a key of \"" + key + "\" is");
  }

  static Subject valueOf(String key) {
    return new Subject("a value of \"" + key + "\" is");
  }

  /** The whole message. */
  String message(String right) {
    return text + " " + right;
  }
}
