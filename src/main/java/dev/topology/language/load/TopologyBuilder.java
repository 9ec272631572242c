package dev.topology.language.load;

import dev.topology.language.load.CableBuilder.EndBuilder;
import dev.topology.language.load.LoadResult.InvalidTopologyException;
import dev.topology.language.load.TopologyLoader.LoadRequest;
import dev.topology.language.load.Written.CallSites;
import dev.topology.language.load.Written.WrittenMapping;
import dev.topology.language.load.Written.WrittenSequence;
import dev.topology.model.Topology;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A topology written in Java: the same language as that of a file, the same model, the same
 * diagnostics.
 *
 * <pre>{@code
 * Topology topology =
 *     TopologyBuilder.named("failover")
 *         .defaults(node -> node.memory("128MiB"))
 *         .node("client", node -> node.route("default", "10.0.1.1").command("ping -c 3 server"))
 *         .node("router", node -> node.forward())
 *         .node("server")
 *         .cable("client", "router")
 *         .cable("uplink", cable -> cable.end("router", "eth2", "10.0.2.1/24").end("server"))
 *         .build();
 * }</pre>
 *
 * <p>Each key of the language has the method of its name. What holds in a file holds here: the
 * order of the calls is the order everywhere, scalars can be given once in one place, lists and
 * maps grow with each call, {@code defaults} and groups go under the nodes. Unlike in a file, there
 * are no {@code ${VARIABLES}}, and paths are relative to the current directory.
 *
 * <p>Mistakes are reported by {@link #build}, all at once, each with the line that made the call:
 * {@code FailoverTest.java:34: error[unknown-node]: …}.
 *
 * <p>{@link #build} can be called several times, with other calls in between: each topology has
 * what was written before it. Not safe for use by several threads; what it builds is.
 */
public final class TopologyBuilder {

  /** Made when the first builder is built. */
  private static final class Shared {
    private static final TopologyLoader LOADER = new TopologyLoader();
  }

  private final CallSites sites = new CallSites();
  private final WrittenMapping root = new WrittenMapping(sites);

  private TopologyBuilder() {}

  /**
   * A topology without nodes, so far.
   *
   * @param name names the running instance on this host; a DNS label
   */
  public static TopologyBuilder named(String name) {
    TopologyBuilder builder = new TopologyBuilder();
    builder.root.text("name", name);
    return builder;
  }

  /** What goes under every node; given once, like any key. */
  public TopologyBuilder defaults(Consumer<NodeBuilder> keys) {
    root.put(Written.text("defaults", sites.here()), node(keys));
    return this;
  }

  /** Adds a group: what goes under each node that says {@link NodeBuilder#group}. */
  public TopologyBuilder group(String name, Consumer<NodeBuilder> keys) {
    root.mapping("groups").put(Written.text(name, sites.here()), node(keys));
    return this;
  }

  /** Adds a node that is as the defaults say. */
  public TopologyBuilder node(String name) {
    return node(name, node -> {});
  }

  /**
   * Adds a node.
   *
   * @param name a DNS label, unique in the topology
   * @param keys called once, before this returns
   */
  public TopologyBuilder node(String name, Consumer<NodeBuilder> keys) {
    root.mapping("nodes").put(Written.text(name, sites.here()), node(keys));
    return this;
  }

  /**
   * Adds a switch, and a cable from it to each of the ends. Cables to a switch can be added like
   * any others as well.
   *
   * @param name a DNS label, which no node has
   * @param ends as in {@link CableBuilder#end(String)}; {@code worker-*} for many
   */
  public TopologyBuilder networkSwitch(String name, String... ends) {
    return networkSwitch(name, it -> Stream.of(ends).forEach(it::end));
  }

  /**
   * Adds a switch.
   *
   * @param name a DNS label, which no node has
   * @param keys called once, before this returns
   */
  public TopologyBuilder networkSwitch(String name, Consumer<SwitchBuilder> keys) {
    SwitchBuilder builder = new SwitchBuilder(sites);
    keys.accept(builder);
    root.mapping("switches").put(Written.text(name, sites.here()), builder.keys);
    return this;
  }

  /**
   * Adds a cable that is called by its ends, {@code left:eth1--right:eth1}.
   *
   * @param left a node and perhaps its interface, {@code left} or {@code left:eth2}; without one,
   *     the cable takes the next that is free
   * @param right the same for the other end
   */
  public TopologyBuilder cable(String left, String right) {
    return cable(cable -> cable.end(left).end(right));
  }

  /** Adds a cable that is called by its ends, {@code left:eth1--right:eth1}. */
  public TopologyBuilder cable(Consumer<CableBuilder> keys) {
    CableBuilder cable = new CableBuilder(sites);
    keys.accept(cable);
    root.sequence("cables").add(cable.written());
    return this;
  }

  /**
   * Adds a cable with a name.
   *
   * @param name unique in the topology
   * @param keys called once, before this returns
   */
  public TopologyBuilder cable(String name, Consumer<CableBuilder> keys) {
    return cable(
        cable -> {
          cable.written().text("name", name);
          keys.accept(cable);
        });
  }

  /**
   * Says how it is divided over several machines. A run on one machine does not heed it.
   *
   * @param keys called once, before this returns
   */
  public TopologyBuilder placement(Consumer<PlacementBuilder> keys) {
    PlacementBuilder builder = new PlacementBuilder(sites);
    keys.accept(builder);
    root.put(Written.text("placement", sites.here()), builder.keys);
    return this;
  }

  /**
   * Adds a test of the network.
   *
   * @param name a line, unique in the topology
   * @param steps called once, before this returns
   */
  public TopologyBuilder test(String name, Consumer<TestBuilder> steps) {
    WrittenMapping test = new WrittenMapping(sites);
    test.text("name", name);
    steps.accept(new TestBuilder(sites, test));
    root.sequence("tests").add(test);
    return this;
  }

  /**
   * The topology. Blocks while files that it names are looked for. Warnings are dropped: see {@link
   * #tryBuild}.
   *
   * @throws InvalidTopologyException with everything that is wrong with it
   */
  public Topology build() {
    return tryBuild().orElseThrow();
  }

  /**
   * The topology with its warnings, or everything that is wrong with it. Blocks while files that it
   * names are looked for.
   */
  public LoadResult tryBuild() {
    return tryBuild(HostFiles.local());
  }

  LoadResult tryBuild(HostFiles files) {
    LoadRequest request =
        new LoadRequest(root.location().source(), Path.of("").toAbsolutePath(), Map.of(), files);
    return Shared.LOADER.load(report -> Optional.of(root.toTree(report)), request);
  }

  private WrittenMapping node(Consumer<NodeBuilder> keys) {
    NodeBuilder node = new NodeBuilder(sites);
    keys.accept(node);
    return node.written();
  }

  /** The keys of a switch of a {@link TopologyBuilder}. Not safe for use by several threads. */
  public static final class SwitchBuilder {

    private final CallSites sites;
    private final WrittenMapping keys;

    private SwitchBuilder(CallSites sites) {
      this.sites = sites;
      this.keys = new WrittenMapping(sites);
    }

    /** Plugs a node in, {@code left} or {@code left:eth2}, or all of {@code worker-*}. */
    public SwitchBuilder end(String node) {
      keys.sequence("ends").addText(node);
      return this;
    }

    /** Plugs a node in, and says more about that end. */
    public SwitchBuilder end(String node, Consumer<EndBuilder> end) {
      WrittenMapping written = new WrittenMapping(sites);
      written.text("node", node);
      end.accept(new EndBuilder(written));
      keys.sequence("ends").add(written);
      return this;
    }

    /** Adds a network that its ends get their addresses from: {@code 10.1.0.0/24}. */
    public SwitchBuilder subnet(String network) {
      keys.sequence("subnet").addText(network);
      return this;
    }
  }

  /** The placement of a {@link TopologyBuilder}. Not safe for use by several threads. */
  public static final class PlacementBuilder {

    private final CallSites sites;
    private final WrittenMapping keys;

    private PlacementBuilder(CallSites sites) {
      this.sites = sites;
      this.keys = new WrittenMapping(sites);
    }

    /** The most machines that the topology is divided over, 1 or more. */
    public PlacementBuilder machines(int most) {
      keys.plain("machines", most);
      return this;
    }

    /** Puts nodes and switches on one machine; {@code worker-*} stands for many. */
    public PlacementBuilder together(String... nodes) {
      return list("together", nodes);
    }

    /** Puts each of these nodes and switches on a machine without the others. */
    public PlacementBuilder apart(String... nodes) {
      return list("apart", nodes);
    }

    private PlacementBuilder list(String key, String... nodes) {
      WrittenSequence list = new WrittenSequence(sites);
      list.addTexts(nodes);
      keys.sequence(key).add(list);
      return this;
    }
  }
}
