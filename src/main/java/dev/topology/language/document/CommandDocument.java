package dev.topology.language.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.topology.model.Command;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The key {@code command} of a node, as written: a text for the shell, or a program with its
 * arguments.
 */
@JsonDeserialize(using = CommandDocument.Reader.class)
public record CommandDocument(List<String> parts, boolean isShell) {

  /** Whether there is nothing to run. */
  public boolean isBlank() {
    return parts.stream().allMatch(String::isBlank);
  }

  public Command toModel() {
    return isShell ? Command.ofShell(parts.get(0)) : Command.ofArguments(parts);
  }

  /** Tells the two forms apart. */
  static final class Reader extends JsonDeserializer<CommandDocument> {

    @Override
    public CommandDocument deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.hasToken(JsonToken.START_ARRAY)) {
        String[] parts = context.readValue(parser, String[].class);
        return new CommandDocument(Stream.of(parts).filter(Objects::nonNull).toList(), false);
      }
      return new CommandDocument(List.of(context.readValue(parser, String.class)), true);
    }
  }
}
