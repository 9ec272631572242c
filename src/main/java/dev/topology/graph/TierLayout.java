package dev.topology.graph;

import dev.topology.graph.NetworkGraph.CableLine;
import dev.topology.graph.NetworkGraph.LineEnd;
import dev.topology.graph.NetworkGraph.MachineBox;
import dev.topology.graph.NetworkGraph.NodeBox;
import dev.topology.graph.Picture.Anchor;
import dev.topology.graph.Picture.Area;
import dev.topology.graph.Picture.Label;
import dev.topology.graph.Picture.Point;
import dev.topology.graph.Picture.Route;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.alg.layered.options.WrappingStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.math.KVector;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeLabelPlacement;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.options.HierarchyHandling;
import org.eclipse.elk.core.options.PortLabelPlacement;
import org.eclipse.elk.core.options.SizeConstraint;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.ElkPort;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * Nodes in tiers, drawn by ELK's layered algorithm. Each end of a cable is a port whose label is
 * the text of that end, so that ELK keeps space for all texts. See
 * https://eclipse.dev/elk/reference/algorithms/org-eclipse-elk-layered.html.
 */
final class TierLayout {

  /** The widest tier, in pixels, that is drawn as a row; wider ones are drawn as columns. */
  private static final double WIDEST_ROW = 2000;

  /** A path of more nodes than this is broken into several rows. */
  private static final int LONGEST_PATH = 6;

  /** With more cables, ELK orders a tier as is fastest, not as the file has it. */
  private static final int MANY_CABLES = 800;

  private static final double NODE_GAP = 30;

  private final NetworkGraph graph;
  private final Adjacency adjacency;
  private final Map<String, Integer> tiers;
  private final boolean isLongPath;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final ElkNode root;
  private final Map<String, ElkNode> nodes = new LinkedHashMap<>();
  private final Map<String, ElkNode> machines = new LinkedHashMap<>();
  private final List<ElkEdge> edges = new ArrayList<>();

  TierLayout(NetworkGraph graph, Adjacency adjacency) {
    this.graph = graph;
    this.adjacency = adjacency;
    this.tiers = adjacency.tiers();
    this.isLongPath =
        adjacency.isPath() && graph.nodes().size() > LONGEST_PATH && graph.machines().isEmpty();
    // ELK knows its option types only once this service has been asked for.
    LayoutMetaDataService.getInstance();
    this.root = ElkGraphUtil.createGraph();
  }

  Picture picture() {
    graph.nodesElsewhere().forEach(it -> add(it, root));
    graph.machines().forEach(this::add);
    graph.cables().forEach(this::add);
    boolean inColumns = adjacency.isPath() || widestRow() > WIDEST_ROW;
    root.setProperty(LayeredOptions.PADDING, new ElkPadding(0));
    setOptions(root, inColumns);
    machines.values().forEach(it -> setOptions(it, inColumns));
    new LayeredLayoutProvider().layout(root, new BasicProgressMonitor());
    return result();
  }

  private void setOptions(ElkNode box, boolean inColumns) {
    box.setProperty(LayeredOptions.DIRECTION, inColumns ? Direction.RIGHT : Direction.DOWN);
    // Straight lines need a space between tiers that grows with the width of the picture.
    box.setProperty(
        LayeredOptions.EDGE_ROUTING, inColumns ? EdgeRouting.ORTHOGONAL : EdgeRouting.POLYLINE);
    box.setProperty(LayeredOptions.SPACING_NODE_NODE, NODE_GAP);
    box.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 2 * NODE_GAP);
    box.setProperty(LayeredOptions.SPACING_LABEL_PORT_HORIZONTAL, Picture.GAP / 2);
    box.setProperty(LayeredOptions.SPACING_LABEL_PORT_VERTICAL, Picture.GAP / 2);
    if (!machines.isEmpty()) {
      box.setProperty(LayeredOptions.HIERARCHY_HANDLING, HierarchyHandling.INCLUDE_CHILDREN);
    }
    if (graph.cables().size() > MANY_CABLES) {
      box.setProperty(LayeredOptions.THOROUGHNESS, 1);
    } else if (machines.isEmpty()) {
      // ELK fails to keep an order between nodes of different boxes.
      box.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.PREFER_NODES);
    }
    if (isLongPath) {
      box.setProperty(LayeredOptions.WRAPPING_STRATEGY, WrappingStrategy.SINGLE_EDGE);
    }
  }

  private double widestRow() {
    Map<Integer, Double> widths = new HashMap<>();
    nodes.forEach(
        (name, node) -> widths.merge(tier(name), widestSide(name, node) + NODE_GAP, Double::sum));
    return widths.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /** How wide a node is that has its labels side by side above and below it. */
  private double widestSide(String name, ElkNode node) {
    double labels =
        node.getPorts().stream().mapToDouble(port -> label(port).getWidth() + Picture.GAP).sum();
    // A node in the top or bottom tier has all of them on one side.
    return Math.max(node.getWidth(), tier(name) == 0 ? labels : labels / 2);
  }

  private void add(MachineBox machine) {
    ElkNode box = ElkGraphUtil.createNode(root);
    box.setProperty(
        LayeredOptions.PADDING, new ElkPadding(Picture.MACHINE_HEAD, NODE_GAP, NODE_GAP, NODE_GAP));
    machines.put(machine.name(), box);
    graph.nodesOn(machine).forEach(it -> add(it, box));
  }

  private void add(NodeBox node, ElkNode parent) {
    ElkNode elk = ElkGraphUtil.createNode(parent);
    Area size = Picture.size(node);
    elk.setDimensions(size.width(), size.height());
    elk.setProperty(
        LayeredOptions.NODE_SIZE_CONSTRAINTS,
        EnumSet.of(SizeConstraint.PORTS, SizeConstraint.PORT_LABELS, SizeConstraint.MINIMUM_SIZE));
    elk.setProperty(LayeredOptions.NODE_SIZE_MINIMUM, new KVector(size.width(), size.height()));
    elk.setProperty(
        LayeredOptions.PORT_LABELS_PLACEMENT,
        EnumSet.of(PortLabelPlacement.OUTSIDE, PortLabelPlacement.NEXT_TO_PORT_IF_POSSIBLE));
    numbers.put(node.name(), nodes.size());
    nodes.put(node.name(), elk);
  }

  /** ELK puts the source of an edge into a higher tier than its target. */
  private void add(CableLine cable) {
    ElkEdge edge = ElkGraphUtil.createEdge(root);
    ElkPort left = port(cable.left());
    ElkPort right = port(cable.right());
    Optional<Area> noteSize = Picture.noteSize(cable);
    boolean leftIsHigher = isHigher(cable.left().node(), cable.right().node());
    edge.getSources().add(leftIsHigher ? left : right);
    edge.getTargets().add(leftIsHigher ? right : left);
    ElkGraphUtil.updateContainment(edge);
    if (noteSize.isPresent() && isLongPath) {
      // ELK cannot break a path at a cable with a label in its middle.
      label(left)
          .setDimensions(
              Math.max(label(left).getWidth(), noteSize.get().width()),
              label(left).getHeight() + noteSize.get().height());
    } else if (noteSize.isPresent()) {
      ElkLabel note = ElkGraphUtil.createLabel(cable.middleText(), edge);
      note.setDimensions(noteSize.get().width(), noteSize.get().height());
      note.setProperty(LayeredOptions.EDGE_LABELS_PLACEMENT, EdgeLabelPlacement.CENTER);
      note.setProperty(LayeredOptions.EDGE_LABELS_INLINE, true);
    }
    edges.add(edge);
  }

  private ElkPort port(LineEnd end) {
    ElkPort port = ElkGraphUtil.createPort(Objects.requireNonNull(nodes.get(end.node())));
    Area size = Picture.size(end);
    ElkGraphUtil.createLabel(end.interfaceName(), port).setDimensions(size.width(), size.height());
    return port;
  }

  private boolean isHigher(String left, String right) {
    return tier(left) == tier(right)
        ? Objects.requireNonNull(numbers.get(left)) <= Objects.requireNonNull(numbers.get(right))
        : tier(left) < tier(right);
  }

  private int tier(String node) {
    return Objects.requireNonNull(tiers.get(node));
  }

  private Picture result() {
    Map<String, Area> boxes = new LinkedHashMap<>();
    nodes.forEach((name, node) -> boxes.put(name, area(node)));
    Map<String, Area> around = new LinkedHashMap<>();
    machines.forEach((name, node) -> around.put(name, area(node)));
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < edges.size(); i++) {
      routes.add(route(graph.cables().get(i), edges.get(i)));
    }
    return new Picture(boxes, routes, around);
  }

  private static Area area(ElkNode node) {
    Point corner = origin(node.getParent());
    return new Area(
        corner.x() + node.getX(), corner.y() + node.getY(), node.getWidth(), node.getHeight());
  }

  /** Where the inside of a node begins, which the places in it are relative to. */
  private static Point origin(ElkNode node) {
    return node.getParent() == null ? new Point(0, 0) : new Point(node.getX(), node.getY());
  }

  private Route route(CableLine cable, ElkEdge edge) {
    Label source = text((ElkPort) edge.getSources().get(0));
    Label target = text((ElkPort) edge.getTargets().get(0));
    boolean leftIsHigher = isHigher(cable.left().node(), cable.right().node());
    Label left = leftIsHigher ? source : target;
    Label right = leftIsHigher ? target : source;
    Optional<Area> note =
        isLongPath
            ? Picture.noteSize(cable).map(size -> size.atBottomOf(left.area()))
            : edge.getLabels().stream().map(it -> area(it, edge)).findFirst();
    return new Route(cable, points(edge), left, right, note);
  }

  private static Area area(ElkLabel label, ElkEdge edge) {
    Point from = origin(edge.getContainingNode());
    return new Area(
        from.x() + label.getX(), from.y() + label.getY(), label.getWidth(), label.getHeight());
  }

  private static List<Point> points(ElkEdge edge) {
    ElkEdgeSection section = edge.getSections().get(0);
    Point from = origin(edge.getContainingNode());
    List<Point> points = new ArrayList<>();
    points.add(new Point(from.x() + section.getStartX(), from.y() + section.getStartY()));
    for (ElkBendPoint bend : section.getBendPoints()) {
      points.add(new Point(from.x() + bend.getX(), from.y() + bend.getY()));
    }
    points.add(new Point(from.x() + section.getEndX(), from.y() + section.getEndY()));
    return points;
  }

  private static Label text(ElkPort port) {
    ElkLabel label = label(port);
    Area node = area(port.getParent());
    double x = node.x() + port.getX() + label.getX();
    double y = node.y() + port.getY() + label.getY();
    return new Label(
        new Area(x, y, label.getWidth(), label.getHeight()),
        label.getX() < 0 ? Anchor.END : Anchor.START);
  }

  private static ElkLabel label(ElkPort port) {
    return port.getLabels().get(0);
  }
}
