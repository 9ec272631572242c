package dev.topology.run.node;

import java.nio.ByteBuffer;

/**
 * One end of a connection that is passed on: what the other end has read is given to it. Used by
 * the thread of one {@link Relay}.
 */
interface RelayEnd {

  /** How many bytes it takes now. */
  int room();

  /** Takes bytes, all that remain; no more than there is room for. */
  void take(ByteBuffer bytes);

  /** So many bytes that it had given to the other end have gone on from there. */
  void passedOn(int bytes);

  /** No more bytes come; the other end can still be given some. */
  void end();

  /** The other end broke off: nothing more comes or is taken. */
  void abort();
}
