package dev.topology.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the rows that are asked for and prints them as a table. */
public final class Benchmark {

  private interface Measurement {
    List<Row> measure() throws Exception;
  }

  private Benchmark() {}

  public static void main(String[] wanted) throws Exception {
    Map<String, Measurement> all = new LinkedHashMap<>();
    all.put("plan", CommandStart::measure);
    all.put("load", WarmLoading::measure);
    all.put("mistakes", Mistakes::measure);
    all.put("pair", PairReady::measure);
    all.put("failure", FailureTeardown::measure);
    all.put("memory", ResidentMemory::measure);
    all.put("extension", ExtensionCost::measure);
    all.put("expect", ExpectLatency::measure);
    all.put("drain", ConsoleDrain::measure);
    all.put("shaper", ShaperAlone::measure);
    all.put("cable", CableThroughput::measure);
    all.put("shares", ShareReading::measure);
    all.put("clones", CloneStart::measure);
    all.put("containers", ContainerStart::measure);
    all.put("routing", RoutingReady::measure);
    all.put("fresh", FreshNetworks::measure);
    all.put("control", RemoteCommands::measure);
    all.put("placement", PlacementQuality::measure);
    List<Row> rows = new ArrayList<>();
    for (String name : wanted.length == 0 ? all.keySet() : List.of(wanted)) {
      rows.addAll(all.get(name).measure());
    }
    System.out.println(machine());
    System.out.println();
    System.out.println("| what | aim | measured |");
    System.out.println("| --- | --- | --- |");
    rows.forEach(System.out::println);
    System.exit(0);
  }

  private static String machine() throws Exception {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown CPU");
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    return "Measured on %d × %s, Linux %s, Java %s, guests on TCG where KVM is not proven; load %s at the end."
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model,
            System.getProperty("os.version"),
            System.getProperty("java.version"),
            load);
  }
}
