package dev.topology.console;

/**
 * Something that went wrong beside a console while its output went on being drained, told once.
 *
 * @param node whose console
 * @param what what was tried, on what, and why it failed; a sentence without its full stop
 * @param remedy what the user can do
 * @param cause the failure itself
 */
public record ConsoleProblem(String node, String what, String remedy, Exception cause) {}
