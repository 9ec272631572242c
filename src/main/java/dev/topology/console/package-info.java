/**
 * Everything that happens to the bytes a guest prints: its raw log file, the text that tests and
 * {@code ready:} wait for, the last lines for a failure report, and the lines a person sees.
 *
 * <p>One thread per node, a {@link dev.topology.console.ConsolePump}, drains the console into that
 * node's {@link dev.topology.console.ConsoleRecord}. It never waits for a reader: people's lines
 * pass through the bounded {@link dev.topology.console.LineMultiplexer}, and waits for text are
 * answered as the text arrives. No terminal control ever gets past this package.
 *
 * <p>May import: {@code text} and the JDK.
 */
@NullMarked
package dev.topology.console;

import org.jspecify.annotations.NullMarked;
