/**
 * One topology over many machines: which node goes where, and the agents that run it there.
 *
 * <h2>Placement</h2>
 *
 * <p>{@link dev.topology.cluster.Placer} divides a topology, by the rules of its file, so that the
 * machines have about the same load and few cables are between them. {@link
 * dev.topology.cluster.Partitioner} knows only numbers: it takes a graph of weighted vertices
 * through coarser and coarser graphs, divides the coarsest, and improves the division on the way
 * back (Karypis and Kumar 1998; Fiduccia and Mattheyses 1982). No library for the JVM divides
 * graphs into balanced parts. Pure: the same topology gives the same placement.
 *
 * <h2>Coordinator and agents</h2>
 *
 * <p>The coordinator ({@link dev.topology.cluster.DividedRun}) is the process of {@code up}. An
 * engine, or a person, starts an agent ({@link dev.topology.cluster.MachineAgent}) on each machine.
 * All connections are the agents', to one port of the coordinator.
 *
 * <ul>
 *   <li><b>Trust.</b> An agent is started with an {@link dev.topology.cluster.Invitation}, on
 *       standard input or in a file of mode 0600: address, fingerprint, token. The coordinator
 *       makes a certificate for the run ({@link dev.topology.cluster.RunCertificate}); over TLS 1.3
 *       an agent accepts that certificate alone, and says its token only then. A token is good
 *       once, and says which machine the agent is. Whoever has none is sent away ({@link
 *       dev.topology.cluster.AgentGate}) and hears nothing.
 *   <li><b>Messages</b> are JSON objects, a line each ({@link dev.topology.cluster.MessageStream}),
 *       their kind under {@code say}:
 *       <pre>
 * agent → coordinator                              coordinator → agent
 * hello  protocol, version, token, facts           welcome machine  |  refused reason
 *                                                  part   name, text, environment, machines
 * ports  UDP port of each cable that leaves        start  host and port of the other ends
 * node   node, state, detail                       stop
 * failed reason  |  ended
 *       </pre>
 *   <li><b>The plan</b> of a part is made on its machine, where QEMU, KVM and the images are. So
 *       the text of the file travels, with the variables that it names, and not a plan: the same
 *       text in the same version gives the same topology (names, addresses) and the same placement
 *       everywhere. Versions must be equal.
 *   <li><b>Cables between machines</b> lead out of the part over UDP, by connected sockets: the
 *       kernel drops what comes from anyone else. A shaper of this process is in between, since UDP
 *       holds no sender back. QEMU 7.2 in its sandbox can have such a socket itself ({@code -netdev
 *       dgram,local.type=fd,local.str=10}; {@code socket,fd=} is for Unix sockets), which was as
 *       fast as a socketpair (307 against 342, 301 against 288 Mbit/s, beside a test suite) and
 *       lost as little, if it had a receive buffer of 4 MiB; with the usual one of 208 KiB, 100 to
 *       430 segments were sent again in 4 s. It sees nothing of a peer that has gone: the carrier
 *       stays up, and what is sent goes nowhere until there is one again.
 *   <li><b>The end.</b> A part is never over by itself: the coordinator knows when all tasks are
 *       done. The first node that fails, an agent that fails, or one whose connection closes ends
 *       it everywhere: each agent gets {@code stop}, ends its part and says {@code ended}. An agent
 *       whose coordinator's connection closes ends its part at once; the kernel closes it when the
 *       coordinator is killed.
 * </ul>
 *
 * <p>To come: other addresses than loopback and other ways to start agents; silence as a loss;
 * encrypted cables; images and files that travel; the names of nodes on other machines, {@code
 * depends_on} across machines, consoles, {@code exec} and all that {@code control} does.
 */
@NullMarked
package dev.topology.cluster;

import org.jspecify.annotations.NullMarked;
