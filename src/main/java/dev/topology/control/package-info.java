/**
 * How another process of the same user reaches a running topology: the server in the process that
 * runs it, the client of the commands, and the protocol between them.
 *
 * <h2>The protocol, version 1</h2>
 *
 * <p>The run directory ({@code $XDG_RUNTIME_DIR/topology/NAME}, mode 0700) holds a Unix domain
 * stream socket named {@code control}. A client of another user than the one that runs the topology
 * is turned away ({@code SO_PEERCRED} of unix(7)). Both sides write JSON objects, one a line, in
 * UTF-8, at most 1 MiB long. The server begins:
 *
 * <pre>
 * ← {"topology-control":1,"name":"pair","pid":4711}
 * → {"id":1,"do":"cable.cut","cable":"uplink"}
 * ← {"id":1,"ok":{}}
 * → {"id":2,"do":"cable.cut","cable":"uplnk"}
 * ← {"id":2,"error":{"id":"unknown-cable","message":"…","hint":"…"}}
 * → {"id":3,"do":"events","follow":true}
 * ← {"id":3,"event":{"at":"2026-11-23T10:00:00.250Z","event":"node-ready","node":"left",…}}
 * ← {"id":3,"event":{"at":"2026-11-23T10:00:07.100Z","event":"cable-cut","cable":"uplink",…}}
 * ← {"id":3,"ok":{}}
 * </pre>
 *
 * <ul>
 *   <li>{@code id} is a number of the client's choice, 0 to 2^53 - 1, not in use by a request that
 *       is not over. Every request has one answer, {@code ok} or {@code error}, and before it any
 *       number of lines with {@code event}, or with {@code data} and bytes in base64.
 *   <li>Requests do not wait for each other; at most 16 that take time may be under way on a
 *       connection, 32 connections may be open, and 24 of them may have requests without a limit of
 *       time; {@code down} is always accepted. Beyond these limits the answer is the error {@code
 *       busy}: try again a moment later.
 *   <li>A connection without a request under way is closed after a minute of silence, or earlier
 *       where a new connection needs its place.
 *   <li>Where a request takes input, the client sends lines {@code {"id":1,"input":"base64"}}, and
 *       {@code "input":null} at its end. At most 256 KiB may be under way: {@code
 *       {"id":1,"taken":n}} gives back room for n bytes; for a program, it has read so many. Data
 *       of a program has {@code "stream":"out"} or {@code "err"}. Lines {@code {"id":1,"signal":2}}
 *       and {@code {"id":1,"rows":24,"columns":80}} send a program a signal, and the size of its
 *       terminal.
 *   <li>When a client closes its connection, its requests that only wait (such as {@code
 *       await.end}) or stream (such as {@code node.exec}) are given up. A request that does
 *       something within seconds, such as {@code cable.cut}, is still finished.
 *   <li>{@link dev.topology.control.Request} lists the requests and their fields, {@link
 *       dev.topology.control.ControlException.ErrorId} the errors, {@link
 *       dev.topology.control.Event} the events: every change of a node or a cable is one, however
 *       it was asked for. A field that is not known is an error. A line that is not a request is
 *       answered with the error {@code malformed}, and {@code "id":null} where the line has no
 *       usable id; the connection stays open. So it does after a line that is too long, once its
 *       end was read.
 *   <li>A server adds requests, errors, events and fields of answers within a version; clients
 *       ignore what they do not know.
 * </ul>
 *
 * <p>Beside the socket lie {@code state.json}, with the process that runs the topology and its
 * file, {@code names} with the names of its nodes and cables, the console logs {@code
 * NODE.console}, and {@code lock}, which is locked (fcntl(2), the whole file) as long as the run
 * lasts: an unlocked file means that its supervisor is gone.
 *
 * <p>No thread of the run ever waits for a client. Each connection has a thread that reads, each
 * request that takes time has one that performs it and writes; only these wait for a client.
 *
 * <p>May import: {@code model}, {@code language.bind} for its words of shaping, {@code
 * language.load}, {@code posix}, {@code console}, {@code run} and the packages below it, {@code
 * launch}, Jackson's streams and its tree of JSON values, and {@code text}.
 */
@NullMarked
package dev.topology.control;

import org.jspecify.annotations.NullMarked;
