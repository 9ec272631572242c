package dev.topology.console;

import dev.topology.console.Expectation.ExpectationException;
import dev.topology.console.Expectation.ExpectationException.Reason;
import dev.topology.console.Expectation.Match;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest text of a console, and the waits for text in it.
 *
 * <p>Waits are answered by the thread that appends, as the text arrives: a waiting thread could
 * fall behind a console that prints faster than it can search, and miss what it waits for. Futures
 * are completed after the lock is released. Thread-safe.
 */
final class Transcript {

  /** The least capacity; half of it, which is always kept, holds a chunk and a search's reach. */
  static final int LEAST_CAPACITY = 256 * 1024;

  private final BiFunction<Reason, String, ExpectationException> failure;
  private final int capacity;
  private final TextBuffer text;
  private final List<Wait> waits = new ArrayList<>();
  private @Nullable String ended;

  private record Wait(Expectation expectation, Search search, CompletableFuture<Match> answer) {}

  /**
   * @param capacity how many bytes are kept at most, and half of which are kept at least
   * @param failure makes the exception for a wait that will not be fulfilled
   */
  Transcript(int capacity, BiFunction<Reason, String, ExpectationException> failure) {
    this.capacity = Math.max(capacity, LEAST_CAPACITY);
    this.text = new TextBuffer(this.capacity);
    this.failure = failure;
  }

  void append(CleanText clean) {
    List<Runnable> answers;
    synchronized (this) {
      if (clean.isRewritten()) {
        appendWithoutMotions(clean);
      } else {
        text.append(clean.bytes(), 0, clean.length());
      }
      answers = advance();
    }
    answers.forEach(Runnable::run);
  }

  private void appendWithoutMotions(CleanText clean) {
    int from = 0;
    for (int i = 0; i < clean.controlCount(); i++) {
      int control = clean.control(i);
      boolean lineEnd = clean.bytes()[control] == CleanText.LINE_END;
      text.append(clean.bytes(), from, control - from + (lineEnd ? 1 : 0));
      from = control + 1;
    }
    text.append(clean.bytes(), from, clean.length() - from);
  }

  private List<Runnable> advance() {
    if (waits.isEmpty()) {
      return List.of();
    }
    List<Runnable> answers = new ArrayList<>();
    for (Iterator<Wait> each = waits.iterator(); each.hasNext(); ) {
      Wait wait = each.next();
      Optional<Runnable> answer = wait.answer.isDone() ? Optional.of(() -> {}) : answer(wait);
      if (answer.isPresent()) {
        each.remove();
        answers.add(answer.get());
      }
    }
    return answers;
  }

  private Optional<Runnable> answer(Wait wait) {
    try {
      return wait.search.advance(text).map(match -> () -> wait.answer.complete(match));
    } catch (Search.TooCostlyException e) {
      return Optional.of(
          () -> fail(wait, Reason.TOO_COSTLY, "could not be searched for ", ": " + e.getMessage()));
    }
  }

  private void fail(Wait wait, Reason reason, String before, String after) {
    wait.answer.completeExceptionally(failure.apply(reason, before + wait.expectation + after));
  }

  private void failAsEnded(Wait wait, String why) {
    fail(wait, Reason.ENDED, "did not print ", " and will not any more: " + why);
  }

  /** The future is answered at once if the text is there already or cannot come any more. */
  CompletableFuture<Match> find(Expectation expectation, Mark from) {
    Wait wait =
        new Wait(expectation, Search.of(expectation, from.position()), new CompletableFuture<>());
    begin(wait, from).run();
    return wait.answer;
  }

  private synchronized Runnable begin(Wait wait, Mark from) {
    requireReachable(wait.expectation, from);
    if (from.position() < text.start()) {
      String why = " from byte " + from.position() + " on: " + forgotten();
      return () -> fail(wait, Reason.FORGOTTEN, "cannot be searched for ", why);
    }
    Optional<Runnable> answer = answer(wait);
    if (answer.isEmpty() && ended != null) {
      String why = ended;
      return () -> failAsEnded(wait, why);
    }
    if (answer.isEmpty()) {
      waits.removeIf(other -> other.answer.isDone());
      waits.add(wait);
    }
    return answer.orElse(() -> {});
  }

  private void requireReachable(Expectation expectation, Mark from) {
    if (from.position() > text.end()) {
      throw new IllegalArgumentException(
          from + " is not of this console, which has printed " + text.end() + " bytes");
    }
    if (expectation instanceof Expectation.Text wanted && wanted.text().length() > capacity / 16) {
      throw new IllegalArgumentException("too long a text to wait for: " + wanted.text().length());
    }
  }

  /**
   * Fails every wait that the text has not fulfilled.
   *
   * @param why why nothing will come any more, as half a sentence
   */
  void end(String why) {
    List<Wait> left;
    synchronized (this) {
      ended = why;
      left = List.copyOf(waits);
      waits.clear();
    }
    left.forEach(wait -> failAsEnded(wait, why));
  }

  /** More will come after all. */
  synchronized void resume() {
    ended = null;
  }

  synchronized Mark mark() {
    return new Mark(text.end());
  }

  synchronized Mark oldest() {
    return new Mark(text.start());
  }

  synchronized String text(Mark from) {
    if (from.position() < text.start()) {
      throw failure.apply(
          Reason.FORGOTTEN, "cannot be read from byte " + from.position() + " on: " + forgotten());
    }
    return text.text(Math.min(from.position(), text.end()), text.end());
  }

  private String forgotten() {
    return "only the newest "
        + text.length()
        + " of its "
        + text.end()
        + " bytes are kept. Take a mark later, or read the log file";
  }
}
