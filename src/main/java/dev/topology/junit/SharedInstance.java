package dev.topology.junit;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** An instance that is launched once, by the first who asks for it. Thread-safe. */
final class SharedInstance implements AutoCloseable {

  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Instance> launched = Optional.empty();

  /** Launches it, or waits while somebody else does. A launch that was refused is tried again. */
  Instance launch(Prepared.Startable prepared) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (launched.isEmpty()) {
        launched = Optional.of(Instance.launch(prepared.launcher(), prepared.preparation()));
      }
      return launched.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      launched.ifPresent(Instance::close);
      launched = Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
